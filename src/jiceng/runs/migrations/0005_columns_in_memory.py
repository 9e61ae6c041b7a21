"""Rows say when they were written and the gone are noted: columns kept in memory follow by that. The index by name has no reader left."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from jiceng.runs.models import fresh_epoch


class Migration(migrations.Migration):
    dependencies = [("runs", "0004_shifts")]

    operations = [
        migrations.RemoveIndex("standing", "standing_name"),
        migrations.AddField("moment", "epoch", models.CharField("重建标记", max_length=16, default=fresh_epoch)),
        migrations.AddField("moment", "turn", models.BigIntegerField("写入次数", default=0)),
        migrations.AddField("standing", "written", models.BigIntegerField("写入于", default=0)),
        migrations.AddIndex("standing", models.Index(fields=["moment", "written"], name="standing_written")),
        migrations.CreateModel(
            name="Gone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.BigIntegerField("人员")),
                ("written", models.BigIntegerField("写入于")),
                ("moment", models.ForeignKey(to="runs.moment", on_delete=django.db.models.deletion.CASCADE, db_constraint=False)),
            ],
            options={"verbose_name": "移出现状", "indexes": [models.Index(fields=["moment", "written"], name="gone_written")]},
        ),
    ]
