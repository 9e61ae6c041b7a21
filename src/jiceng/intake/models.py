"""Tables of intake: uploads with what became of them, and corrections of headings remembered by office."""

from __future__ import annotations

from django.db import models

from jiceng.access.models import Account


class Upload(models.Model):
    """One file sent up: who, when, what it is, how far it got, what it did. The file itself lies under its hash."""

    class State(models.TextChoices):
        """How far an upload got."""

        read = "read", "已读取"
        checked = "checked", "已检查"
        landing = "landing", "正在写入"
        landed = "landed", "已写入"
        undone = "undone", "已撤销"
        refused = "refused", "整份退回"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, verbose_name="上传人")
    at = models.DateTimeField("上传时间")
    name = models.CharField("文件名", max_length=200)
    hash = models.CharField("文件摘要", max_length=64, db_index=True)
    size = models.BigIntegerField("大小")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.read)
    place = models.BigIntegerField("办理范围")
    as_of = models.DateField("截至日")
    summary = models.JSONField("结果", default=dict)
    batch = models.BigIntegerField("批号", null=True, unique=True)
    base = models.JSONField("发出时", default=dict)
    """For a workbook that left from here prefilled: place, day and moment of what was in it (`sent_back.Base`)."""

    class Meta:
        verbose_name = "上传"
        verbose_name_plural = "上传"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class HeadingMemory(models.Model):
    """A heading that an office corrected: folded text → column of the roster, empty for “not taken”."""

    place = models.BigIntegerField("单位所在地")
    heading = models.CharField("列名", max_length=120)
    column = models.CharField("读作", max_length=40, blank=True)
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, verbose_name="更正人")
    at = models.DateTimeField("更正时间")

    class Meta:
        verbose_name = "列名更正"
        verbose_name_plural = "列名更正"
        constraints = [models.UniqueConstraint(fields=["place", "heading"], name="heading_once_an_office")]

    def __str__(self) -> str:
        return f"{self.heading} → {self.column or '不取'}"


class PlaceMemory(models.Model):
    """A way an office writes a place, once chosen from a list: written names joined by “/” → code."""

    place = models.BigIntegerField("单位所在地")
    written = models.CharField("写法", max_length=200)
    code = models.BigIntegerField("区划代码")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, verbose_name="选择人")
    at = models.DateTimeField("选择时间")

    class Meta:
        verbose_name = "地名选择"
        verbose_name_plural = "地名选择"
        constraints = [models.UniqueConstraint(fields=["place", "written"], name="spelling_once_an_office")]

    def __str__(self) -> str:
        return f"{self.written} → {self.code}"
