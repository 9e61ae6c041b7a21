"""Tables of the policy desk: trials, what somebody asked the law to be and what came of it."""

from __future__ import annotations

from django.db import models

from jiceng.access.models import Account
from jiceng.runs.models import KeptRun


class Trial(models.Model):
    """One simulation: a scenario at a place, and where its rows are. Holds no names of workers.

    `scenario`  canonical text, drafts pinned: what was asked can be asked again
    `known_by`  up to when what was recorded counts; of one asked for now, the moment of asking
    `laws`      hash of the law as it stood and as the scenario makes it
    `told`      figures in short for lists; of one that failed its refusal; months by year worked out
    `before`, `after`  kept runs, of one that was saved under a name; without them the rows are a file that is not backed up
    """

    class State(models.TextChoices):
        """How far a trial got."""

        working = "working", "正在试算"
        done = "done", "已试算"
        failed = "failed", "没有算成"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, verbose_name="试算人")
    at = models.DateTimeField("试算时间")
    name = models.CharField("名称", max_length=80, blank=True)
    place = models.BigIntegerField("地方")
    on = models.DateField("按哪天的情况")
    known_by = models.DateTimeField("知悉截至")
    scenario = models.TextField("方案")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.working)
    laws = models.JSONField("法规集", default=list)
    told = models.JSONField("结果摘要", default=dict)
    before = models.ForeignKey(KeptRun, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="现行规定的计算")
    after = models.ForeignKey(KeptRun, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="方案的计算")

    class Meta:
        verbose_name = "试算"
        verbose_name_plural = "试算"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name or f"试算 {self.pk}"
