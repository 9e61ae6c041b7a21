"""Tables of runs: the standing projection. It can be deleted and rebuilt from the ledger at any time."""

from __future__ import annotations

import secrets

from django.db import models

TODAY = 0
"""Id, below what a sequence gives, of the moment that follows the ledger entry by entry; every other is a past day, built
on demand and kept."""


NONE_HELD = 0
"""In a column of codes: known to hold none, which is not the same as nothing recorded (null)."""


class State(models.IntegerChoices):
    """Where a worker stands on the day of the moment."""

    in_service = 1, "在册"
    left = 2, "已离任"
    not_yet = 3, "未到任"


def fresh_epoch() -> str:
    """A mark that no other making of the rows has."""
    return secrets.token_hex(8)


class Moment(models.Model):
    """A day asked for: state at the end of `on`, as known by `known_by`, under a law set.

    `key` is one for what was asked. Without a day, and not today's: every change of service, of whatever day (Shift).
    `ready`: every row is there; until then `reached` is the last worker made. `heads` are the last entries followed, by book;
    without `known_by` later entries are followed when somebody asks.
    Of today: all rows were made under `law_hash` ("": perhaps not) and on no later day than `on`.
    """

    on = models.DateField("日期", null=True)
    known_by = models.DateTimeField("知悉截至", null=True)
    key = models.CharField("所问", max_length=64, unique=True)
    ready = models.BooleanField("已齐", default=False)
    reached = models.BigIntegerField("已做到", default=0)
    heads = models.JSONField("台账位置", default=dict)
    law_hash = models.CharField("法规集", max_length=64, default="")
    used = models.DateTimeField("最近使用", auto_now=True)
    epoch = models.CharField("重建标记", max_length=16, default=fresh_epoch)  # columns kept in memory are of this making of the rows
    turn = models.BigIntegerField("写入次数", default=0)

    in_backup = False

    class Meta:
        verbose_name = "时点"


class Standing(models.Model):
    """One row a worker and moment, for lists, filters and counts. Names stand in plain text only here.

    `answers` holds every rule's answer as the one integer of base.kinds; a new rule needs no migration.
    `next_change` is the first later day on which an answer may change by itself; until then the row stays true.
    """

    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, db_constraint=False)
    subject = models.BigIntegerField("人员")
    book = models.BigIntegerField("账簿")
    place = models.BigIntegerField("地方")
    place_key = models.BigIntegerField("地方排序码")  # the code padded to twelve digits: tree order, one range a subtree
    state = models.SmallIntegerField("状态", choices=State.choices)
    name = models.CharField("姓名", max_length=80)
    pinyin = models.CharField("拼音", max_length=200)
    id_masked = models.CharField("证件号码", max_length=24)
    sex = models.SmallIntegerField("性别", null=True)
    birth = models.DateField("出生日期", null=True)
    nation = models.SmallIntegerField("民族", null=True)
    political = models.SmallIntegerField("政治面貌", null=True)
    education = models.SmallIntegerField("最高学历", null=True)
    certificate = models.SmallIntegerField("职业资格", null=True)
    post = models.SmallIntegerField("岗位", null=True)
    worker_class = models.SmallIntegerField("人员类别", null=True)
    post_since = models.DateField("任现岗时间", null=True)
    grade = models.SmallIntegerField("等级", null=True)
    answers = models.JSONField("答案")
    next_change = models.DateField("下次变化")
    made_on = models.DateField("计算日")
    through = models.BigIntegerField("截至条目")
    law_hash = models.CharField("法规集", max_length=64)
    written = models.BigIntegerField("写入于", default=0)

    in_backup = False  # names in plain: a backup must not outlive an erasure

    class Meta:
        verbose_name = "现状"
        constraints = [models.UniqueConstraint(fields=["moment", "subject"], name="standing_one_row")]
        indexes = [
            # `state` at the end: a page comes in order, and its count is read from the index alone.
            models.Index(fields=["moment", "place_key", "subject", "state"], name="standing_page"),
            models.Index(fields=["moment", "next_change"], name="standing_next"),
            models.Index(fields=["moment", "written"], name="standing_written"),
        ]


class Gone(models.Model):
    """A worker who lost the row at a moment, so that columns kept in memory lose it too; worker 0: everybody did."""

    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, db_constraint=False)
    subject = models.BigIntegerField("人员")
    written = models.BigIntegerField("写入于")

    in_backup = False

    class Meta:
        verbose_name = "移出现状"
        indexes = [models.Index(fields=["moment", "written"], name="gone_written")]


class Shift(models.Model):
    """A worker's change of where they serve, or of whether they count there, on a day; sums of these give any month's end.

    `before`, `after`: padded place code, 0 where the worker does not serve. `counted_before`, `counted_after`: the answer of
    the rule summed for the place's number of workers, as the one integer of base.kinds. `month` counts from year 0.
    """

    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, db_constraint=False)
    subject = models.BigIntegerField("人员")
    day = models.DateField("日期")
    month = models.IntegerField("月份")
    before = models.BigIntegerField("此前地方")
    after = models.BigIntegerField("此后地方")
    counted_before = models.BigIntegerField("此前计入")
    counted_after = models.BigIntegerField("此后计入")

    in_backup = False  # made from the ledger

    class Meta:
        verbose_name = "变动"
        indexes = [
            models.Index(fields=["moment", "after"], name="shift_after"),
            models.Index(fields=["moment", "before"], name="shift_before"),
            models.Index(fields=["moment", "subject"], name="shift_subject"),
        ]


class KeptRun(models.Model):
    """A calculation that is kept: what it follows from, the hash of the file with its rows, and what it says in short.

    Nothing in it changes but the name. The rows hold workers by number, without names; so does `summary`.
    """

    class Kind(models.TextChoices):
        """What was calculated."""

        answers = "answers", "计算"
        pay = "pay", "工资"
        simulated = "simulated", "试算"

    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    name = models.CharField("名称", max_length=80)
    place = models.BigIntegerField("地方")
    place_key = models.BigIntegerField("地方排序码")
    on = models.DateField("日期")
    known_by = models.DateTimeField("知悉截至")
    law_hash = models.CharField("法规集", max_length=64)
    names = models.JSONField("规则", default=list)
    scenario = models.TextField("情形", blank=True)
    heads = models.JSONField("台账位置", default=dict)
    algorithm = models.CharField("摘要算法", max_length=12)
    hash = models.CharField("摘要", max_length=64)
    size = models.BigIntegerField("字节数")
    people = models.IntegerField("人数")
    summary = models.JSONField("摘要内容", default=dict)
    software = models.CharField("软件版本", max_length=40)
    made = models.DateTimeField("保存时间")
    actor = models.CharField("办理人", max_length=80)

    class Meta:
        verbose_name = "保存的计算"
        verbose_name_plural = "保存的计算"
        indexes = [models.Index(fields=["place_key", "made"], name="kept_run_by_place")]

    def __str__(self) -> str:
        return self.name
