"""Tables of access: accounts, grants by place, tokens, the log of revealed personal data, the log of refusals."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models

from jiceng.access.roles import PERMISSIONS, ROLE_NAMES
from jiceng.base.refusals import Refusal


class Account(AbstractUser):
    """One person who signs in. A person on the roster is a worker, not an account.

    Django's own permissions (is_staff, is_superuser, groups) open nothing here; only grants do.
    """

    display_name = models.CharField("姓名", max_length=60, blank=True)
    office = models.CharField("单位", max_length=120, blank=True)
    must_change_password = models.BooleanField("须改口令", default=False)

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.display_name or self.username

    def set_password(self, raw_password: str | None) -> None:
        """A password of one's own choice ends the duty to change a handed-out one."""
        super().set_password(raw_password)
        self.must_change_password = False


class Grant(models.Model):
    """A role at a place and everything inside it, for a period. Ending one sets `until`; rows are not deleted."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants", verbose_name="账号")
    role = models.CharField("角色", max_length=20, choices=list(ROLE_NAMES.items()))
    place = models.BigIntegerField("地方")
    since = models.DateField("自")
    until = models.DateField("至")
    granted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="授权人")
    granted_at = models.DateTimeField("授权时间", auto_now_add=True)
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="收回人")
    ended_at = models.DateTimeField("收回时间", null=True)

    class Meta:
        verbose_name = "授权"
        verbose_name_plural = "授权"
        # since = until: granted and taken back before it took effect.
        constraints = [models.CheckConstraint(condition=models.Q(since__lte=models.F("until")), name="grant_since_until")]


class Token(models.Model):
    """What another program signs in with: part of what one account may do, at one place, until a day.

    Only the digest of the secret is kept; `prefix` finds the row. A row is never deleted: it says who did what until when.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="tokens", verbose_name="账号")
    name = models.CharField("使用系统", max_length=60)
    prefix = models.CharField("前缀", max_length=12, unique=True)
    digest = models.CharField("摘要", max_length=64)
    role = models.CharField("角色", max_length=20, choices=list(ROLE_NAMES.items()))
    place = models.BigIntegerField("地方")
    until = models.DateField("至")
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="发放人")
    made_at = models.DateTimeField("发放时间", auto_now_add=True)
    revoked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="作废人")
    revoked_at = models.DateTimeField("作废时间", null=True)
    last_used = models.DateTimeField("最近使用", null=True)
    last_address = models.CharField("最近使用的网络地址", max_length=45, blank=True)

    class Meta:
        verbose_name = "令牌"
        verbose_name_plural = "令牌"

    def __str__(self) -> str:
        return self.name


class TokenRequest(models.Model):
    """A write that a token asked for under a key of its own, so that the same request sent again is not done again."""

    token = models.ForeignKey(Token, on_delete=models.PROTECT, related_name="requests", verbose_name="令牌")
    key = models.CharField("幂等键", max_length=80)
    digest = models.CharField("请求摘要", max_length=64)
    result = models.BigIntegerField("所成")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "令牌请求"
        verbose_name_plural = "令牌请求"
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="token_key_once")]


class LogRows(models.QuerySet[Any]):
    """Rows of a log: added and read, never changed."""

    def update(self, **_: Any) -> int:
        raise _kept()

    def delete(self) -> tuple[int, dict[str, int]]:
        raise _kept()


class Log(models.Model):
    """What every log row has. The time is the database row's own; a caller cannot choose it."""

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    address = models.CharField("网络地址", max_length=45, blank=True)

    objects = LogRows.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **named: Any) -> None:
        if self.pk is not None:
            raise _kept()
        super().save(*args, **named)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:
        raise _kept()


class Reveal(Log):
    """Somebody was shown sealed personal data: who, whose, which fields, why."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="reveals", verbose_name="账号")
    subject = models.BigIntegerField("人员", db_index=True)
    fields = models.CharField("项目", max_length=200)
    place = models.BigIntegerField("地方")
    reason = models.CharField("事由", max_length=300)

    class Meta:
        verbose_name = "查看记录"
        verbose_name_plural = "查看记录"


class Denial(Log):
    """Somebody asked for what they may not have."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="denials", verbose_name="账号")
    permission = models.CharField("权限", max_length=20, choices=list(PERMISSIONS.items()))
    place = models.BigIntegerField("地方", null=True)
    what = models.CharField("所求", max_length=300, blank=True)

    class Meta:
        verbose_name = "拒绝记录"
        verbose_name_plural = "拒绝记录"


class Export(Log):
    """Somebody took a list out of the house: what it was narrowed to, how many rows, of which day and knowledge."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="exports", verbose_name="账号")
    place = models.BigIntegerField("地方")
    what = models.CharField("内容", max_length=300)
    filters = models.CharField("条件", max_length=500)
    columns = models.CharField("列", max_length=500)
    rows = models.IntegerField("行数")
    on = models.DateField("截至日")
    known_by = models.DateTimeField("知悉截至", null=True)

    class Meta:
        verbose_name = "导出记录"
        verbose_name_plural = "导出记录"


class ListView(models.Model):
    """How one account likes to see a list. Without a name: the columns kept for it; with one: columns, filters and order.

    `query` is the address's own, without what somebody searched for: no name of a worker stays here.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="list_views", verbose_name="账号")
    listing = models.CharField("名单", max_length=20, db_column="list")
    name = models.CharField("名称", max_length=40, blank=True)
    columns = models.JSONField("列", default=list)
    query = models.CharField("条件", max_length=1000, blank=True)

    class Meta:
        verbose_name = "视图"
        verbose_name_plural = "视图"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["account", "listing", "name"], name="list_view_name")]

    def __str__(self) -> str:
        return self.name or "选定的列"


def _kept() -> Refusal:
    return Refusal("access.log_kept", "访问日志只增不改", why="日志用来查明谁看过什么", do="日志到保存期限后由备份程序归档")
