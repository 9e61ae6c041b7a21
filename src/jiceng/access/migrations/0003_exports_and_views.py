"""The log of lists taken out of the house; the columns and views an account keeps."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from jiceng.access.roles import PERMISSIONS


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_tokens"),
    ]

    operations = [
        migrations.AlterField("denial", "permission", models.CharField("权限", max_length=20, choices=list(PERMISSIONS.items()))),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="时间")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="网络地址")),
                ("place", models.BigIntegerField(verbose_name="地方")),
                ("what", models.CharField(max_length=300, verbose_name="内容")),
                ("filters", models.CharField(max_length=500, verbose_name="条件")),
                ("columns", models.CharField(max_length=500, verbose_name="列")),
                ("rows", models.IntegerField(verbose_name="行数")),
                ("on", models.DateField(verbose_name="截至日")),
                ("known_by", models.DateTimeField(null=True, verbose_name="知悉截至")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "导出记录",
                "verbose_name_plural": "导出记录",
            },
        ),
        migrations.CreateModel(
            name="ListView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("listing", models.CharField(db_column="list", max_length=20, verbose_name="名单")),
                ("name", models.CharField(blank=True, max_length=40, verbose_name="名称")),
                ("columns", models.JSONField(default=list, verbose_name="列")),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="条件")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="list_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "视图",
                "verbose_name_plural": "视图",
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("account", "listing", "name"), name="list_view_name")],
            },
        ),
    ]
