"""A list's page in order and its count from one index."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("runs", "0002_moments_in_pieces")]

    operations = [
        migrations.RemoveIndex("standing", "standing_place"),
        migrations.AddIndex("standing", models.Index(fields=["moment", "place_key", "subject", "state"], name="standing_page")),
    ]
