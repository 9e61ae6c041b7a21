"""Tables of reports: returns in their states, and every step that was taken with one."""

from __future__ import annotations

from django.db import models

from jiceng.access.models import Account


class Return(models.Model):
    """A return of a place for a period. From submission on its figures are frozen; once locked nothing in it changes any more.

    `content` is the one written form that `hash` is made over; `behind` are the workers and steps behind it, by number and
    without names, packed, under `behind_hash`. `known_by`, `law_hash` and `heads` say from what it can be worked out again.
    """

    class State(models.TextChoices):
        """Where a return stands."""

        draft = "draft", "草稿"
        submitted = "submitted", "已上报"
        returned = "returned", "已退回"
        locked = "locked", "已锁定"
        corrected = "corrected", "已被订正"

    form = models.CharField("表", max_length=40)
    place = models.BigIntegerField("地方")
    place_key = models.BigIntegerField("地方排序码")
    level = models.SmallIntegerField("层级")
    since = models.DateField("自")
    on = models.DateField("截至日")
    version = models.SmallIntegerField("版次", default=1)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="correction", verbose_name="订正的表")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.draft)
    changed = models.DateTimeField("最近办理")
    known_by = models.DateTimeField("知悉截至", null=True)
    law_hash = models.CharField("法规集", max_length=64, blank=True)
    heads = models.JSONField("台账位置", default=dict)
    software = models.CharField("软件版本", max_length=40, blank=True)
    content = models.TextField("表的内容", blank=True)
    algorithm = models.CharField("摘要算法", max_length=12, blank=True)
    hash = models.CharField("摘要", max_length=64, blank=True)
    behind = models.BinaryField("数后名单", default=bytes)
    behind_hash = models.CharField("名单摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "报表"
        verbose_name_plural = "报表"
        constraints = [models.UniqueConstraint(fields=["form", "place", "since", "on", "version"], name="return_one_version")]
        indexes = [models.Index(fields=["on", "place_key"], name="return_by_day")]

    @property
    def frozen(self) -> bool:
        """Whether it holds figures that do not follow the ledger."""
        return bool(self.content)


class Taken(models.Model):
    """A step that was taken with a paper: when, by whom, why, and the digest the paper had then."""

    at = models.DateTimeField("时间")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, verbose_name="账号")
    actor = models.CharField("办理人", max_length=80)
    why = models.CharField("说明", max_length=300, blank=True)
    hash = models.CharField("摘要", max_length=64, blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]


class Step(Taken):
    """What was done with a return: by whom, when, why, and the digest it had then."""

    class Act(models.TextChoices):
        """What was done."""

        draft = "draft", "建草稿"
        submit = "submit", "上报"
        send_back = "send_back", "退回"
        lock = "lock", "锁定"
        correct = "correct", "订正"

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="steps", verbose_name="报表")
    act = models.CharField("办理", max_length=12, choices=Act.choices)

    class Meta(Taken.Meta):
        verbose_name = "报表办理"
        verbose_name_plural = "报表办理"
