"""Tables of packets: a collection round, the workbooks it sent, what came back; forms filled for other departments.

No name of a worker and no number stands here: files lie under their hash, rows are read from them again when asked for.
"""

from __future__ import annotations

from django.db import models

from jiceng.access.models import Account
from jiceng.intake.models import Upload


class Round(models.Model):
    """A collection round: who asks for what, of which places and day, until when."""

    title = models.CharField("名称", max_length=80)
    place = models.BigIntegerField("收表范围", db_index=True)
    office = models.CharField("收表单位", max_length=80)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, verbose_name="发起人")
    columns = models.JSONField("列", default=list)
    on = models.DateField("截至日")
    due = models.DateField("交回期限")
    note = models.CharField("要求", max_length=300, blank=True)
    at = models.DateTimeField("发起时间")
    known_by = models.DateTimeField("预填依据的时点")
    word = models.CharField("认表字", max_length=8)
    closed = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "收表"
        verbose_name_plural = "收表"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title


class Sent(models.Model):
    """One place of a round: its workbook, made anew from the ledger whenever it is downloaded, the same bytes each time."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sent", verbose_name="收表")
    place = models.BigIntegerField("地方")
    workers = models.IntegerField("发出时人数", default=0)
    hash = models.CharField("发出文件摘要", max_length=64, blank=True)
    made = models.DateTimeField("首次下载", null=True)

    class Meta:
        verbose_name = "发出的表"
        verbose_name_plural = "发出的表"
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="place_once_a_round")]

    def __str__(self) -> str:
        return f"{self.round_id}-{self.place}"


class Delivery(models.Model):
    """Files dropped together: what became of each, told once all have been looked at."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="deliveries", verbose_name="收表")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, verbose_name="上传人")
    at = models.DateTimeField("时间")
    place = models.BigIntegerField("只收这个地方的", default=0)
    files = models.JSONField("文件", default=list)
    receipts = models.JSONField("结果", default=list)
    done = models.BooleanField("已看完", default=False)

    class Meta:
        verbose_name = "交回"
        verbose_name_plural = "交回"

    def __str__(self) -> str:
        return f"{self.round_id}-{self.pk}"


class Returned(models.Model):
    """A workbook that came back, with the upload it became. Whether it has landed is the upload's to say."""

    sent = models.ForeignKey(Sent, on_delete=models.PROTECT, related_name="returned", verbose_name="发出的表")
    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="returned", verbose_name="上传")
    at = models.DateTimeField("交回时间")
    sent_back = models.DateTimeField("退回时间", null=True)

    class Meta:
        verbose_name = "交回的表"
        verbose_name_plural = "交回的表"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.sent_id}-{self.upload_id}"


class Filling(models.Model):
    """A department's form compared with what is held: how many columns it asks, how many are held, how many cells were filled."""

    name = models.CharField("表名", max_length=200)
    department = models.CharField("要表的部门", max_length=80)
    place = models.BigIntegerField("办理范围", db_index=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, verbose_name="办理人")
    at = models.DateTimeField("时间")
    on = models.DateField("截至日")
    hash = models.CharField("原表摘要", max_length=64)
    columns = models.JSONField("列的读法", default=list)
    asked = models.IntegerField("要填的列")
    held = models.IntegerField("台账已有的列")
    people = models.IntegerField("人数", default=0)
    cells = models.IntegerField("填入的格", default=0)
    filled = models.DateTimeField("填表时间", null=True)

    class Meta:
        verbose_name = "填表"
        verbose_name_plural = "填表"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class FormHeading(models.Model):
    """A heading of a department's form that an office matched by hand: folded text → column held, "" for not held."""

    place = models.BigIntegerField("单位所在地")
    heading = models.CharField("列名", max_length=120)
    column = models.CharField("对应", max_length=80, blank=True)
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, verbose_name="更正人")
    at = models.DateTimeField("更正时间")

    class Meta:
        verbose_name = "表头对应"
        verbose_name_plural = "表头对应"
        constraints = [models.UniqueConstraint(fields=["place", "heading"], name="form_heading_once_an_office")]

    def __str__(self) -> str:
        return f"{self.heading} → {self.column or '没有'}"
