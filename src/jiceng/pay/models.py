"""Tables of pay: sheets in their states, and every step that was taken with one."""

from __future__ import annotations

from django.db import models

from jiceng.reports.models import Taken
from jiceng.runs.models import KeptRun


class PaySheet(models.Model):
    """A place's sheet of a month. From calculation on its figures are frozen; once locked nothing in it changes any more.

    `content` is the one written form, packed, that `hash` is made over: rows, changes, totals, by number and without names.
    `known_by`, `law_hash` and `heads` say from what it can be worked out again; `documents` are the folders that may speak
    there, with their hashes, so that it shows whether any was changed since. `month` is the first day of the month.
    """

    class State(models.TextChoices):
        """Where a sheet stands."""

        calculated = "calculated", "已计算"
        returned = "returned", "已退回"
        checked = "checked", "已复核"
        approved = "approved", "已审批"
        locked = "locked", "已锁定"

    place = models.BigIntegerField("地方")
    place_key = models.BigIntegerField("地方排序码")
    level = models.SmallIntegerField("层级")
    month = models.DateField("月份")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.calculated)
    changed = models.DateTimeField("最近办理")
    known_by = models.DateTimeField("知悉截至")
    law_hash = models.CharField("法规集", max_length=64)
    heads = models.JSONField("台账位置", default=dict)
    documents = models.JSONField("所据文件", default=dict)
    software = models.CharField("软件版本", max_length=40)
    left_out = models.JSONField("不列入的人员", default=dict)
    content = models.BinaryField("表的内容")
    algorithm = models.CharField("摘要算法", max_length=12)
    hash = models.CharField("摘要", max_length=64)
    people = models.IntegerField("人数", default=0)
    net = models.BigIntegerField("实发合计", default=0)
    employer = models.BigIntegerField("单位缴纳合计", default=0)
    run = models.ForeignKey(KeptRun, on_delete=models.PROTECT, null=True, related_name="pay_sheets", verbose_name="保存的计算")

    class Meta:
        verbose_name = "工资表"
        verbose_name_plural = "工资表"
        constraints = [models.UniqueConstraint(fields=["place", "month"], name="pay_sheet_once")]
        indexes = [models.Index(fields=["month", "place_key"], name="pay_sheet_by_month")]


class PayStep(Taken):
    """What was done with a sheet: by whom, when, why, and the digest it had then."""

    class Act(models.TextChoices):
        """What was done."""

        calculate = "calculate", "计算"
        check = "check", "复核"
        approve = "approve", "审批"
        lock = "lock", "锁定"
        send_back = "send_back", "退回"
        leave_out = "leave_out", "不列入"
        take_in = "take_in", "重新列入"

    of = models.ForeignKey(PaySheet, on_delete=models.PROTECT, related_name="steps", verbose_name="工资表")
    act = models.CharField("办理", max_length=12, choices=Act.choices)

    class Meta(Taken.Meta):
        verbose_name = "工资表办理"
        verbose_name_plural = "工资表办理"
