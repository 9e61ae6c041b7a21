"""Tables of the workforce desk: acts for many workers, from the choice of the workers to the batch they became."""

from __future__ import annotations

from django.db import models

from jiceng.access.models import Account


class BulkAct(models.Model):
    """One act for many workers. Holds numbers of workers and what is to be recorded, no names.

    `ask` is the form as filled; `result` the look at what it would do, with `heads`, the ledger's position it was based on.
    `batch` is the number of its entries, and what it is undone by.
    """

    class State(models.TextChoices):
        """How far an act got."""

        chosen = "chosen", "已选人"
        looking = "looking", "正在试算"
        looked = "looked", "已试算"
        landing = "landing", "正在记入"
        landed = "landed", "已记入"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, verbose_name="经办人")
    at = models.DateTimeField("选人时间")
    kind = models.CharField("事实种类", max_length=40)
    on = models.DateField("试算日期")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.chosen)
    subjects = models.JSONField("人员", default=list)
    ask = models.JSONField("所填", default=dict)
    result = models.JSONField("试算结果", default=dict)
    heads = models.JSONField("台账位置", default=dict)
    batch = models.BigIntegerField("批号", null=True, unique=True)

    class Meta:
        verbose_name = "批量办理"
        verbose_name_plural = "批量办理"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"批量办理 {self.pk}"
