"""Moments are built piece by piece and follow the ledger. Kept past days are dropped: they are built anew when asked for."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def keep_today_only(apps: Any, schema_editor: Any) -> None:
    apps.get_model("runs", "Standing").objects.exclude(moment_id=0).delete()
    apps.get_model("runs", "Moment").objects.exclude(id=0).delete()
    apps.get_model("runs", "Moment").objects.filter(id=0).update(key="today", ready=True)


class Migration(migrations.Migration):
    dependencies = [("runs", "0001_initial")]

    operations = [
        migrations.RemoveField("moment", "position"),
        migrations.AddField("moment", "key", models.CharField("所问", max_length=64, default="")),
        migrations.AddField("moment", "ready", models.BooleanField("已齐", default=False)),
        migrations.AddField("moment", "reached", models.BigIntegerField("已做到", default=0)),
        migrations.AddField("moment", "heads", models.JSONField("台账位置", default=dict)),
        migrations.RunPython(keep_today_only, migrations.RunPython.noop),
        migrations.AlterField("moment", "key", models.CharField("所问", max_length=64, unique=True)),
    ]
