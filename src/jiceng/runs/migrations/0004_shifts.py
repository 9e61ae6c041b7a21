"""Changes of service kept, for trends."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runs", "0003_page_index")]

    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.BigIntegerField(verbose_name="人员")),
                ("day", models.DateField(verbose_name="日期")),
                ("month", models.IntegerField(verbose_name="月份")),
                ("before", models.BigIntegerField(verbose_name="此前地方")),
                ("after", models.BigIntegerField(verbose_name="此后地方")),
                ("counted_before", models.BigIntegerField(verbose_name="此前计入")),
                ("counted_after", models.BigIntegerField(verbose_name="此后计入")),
                (
                    "moment",
                    models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, to="runs.moment"),
                ),
            ],
            options={
                "verbose_name": "变动",
                "indexes": [
                    models.Index(fields=["moment", "after"], name="shift_after"),
                    models.Index(fields=["moment", "before"], name="shift_before"),
                    models.Index(fields=["moment", "subject"], name="shift_subject"),
                ],
            },
        ),
    ]
