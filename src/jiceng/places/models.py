"""Tables of places: dated divisions, what they rest on, and which place followed which."""

from __future__ import annotations

from django.db import models

from jiceng.places.tree import LEVEL_NAMES, Level

KINDS = {"": "区划", "residents": "居民委员会", "villagers": "村民委员会", "other": "类似居委会、村委会"}


class Basis(models.Model):
    """What a row of the tree rests on: a published list, a reply of the civil affairs office."""

    title = models.CharField("依据", max_length=200, unique=True)
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "区划依据"
        verbose_name_plural = "区划依据"

    def __str__(self) -> str:
        return self.title


class Place(models.Model):
    """One division under one name for one period. A rename is a second row with the same code.

    `code` is natural (see `tree`), so it alone says the level; `level` stands beside it for the index on names.
    """

    code = models.BigIntegerField("代码")
    level = models.SmallIntegerField("层级", choices=[(level.value, name) for level, name in LEVEL_NAMES.items()])
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=12, choices=list(KINDS.items()), blank=True)
    since = models.DateField("自")
    until = models.DateField("至")
    basis = models.ForeignKey(Basis, on_delete=models.PROTECT, verbose_name="依据", db_index=False)

    class Meta:
        verbose_name = "区划"
        verbose_name_plural = "区划"
        constraints = [
            models.UniqueConstraint(fields=["code", "since"], name="place_once_a_day"),
            models.CheckConstraint(condition=models.Q(since__lt=models.F("until")), name="place_since_before_until"),
        ]
        indexes = [models.Index(fields=["name", "level", "code"], name="place_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def level_name(self) -> str:
        """街道（乡镇）."""
        return LEVEL_NAMES[Level(self.level)]


class Succession(models.Model):
    """From `day` on, `new` stands where `old` stood. A split has one row for each part; `old` may be one of them."""

    old = models.BigIntegerField("原代码", db_index=True)
    new = models.BigIntegerField("新代码", db_index=True)
    day = models.DateField("自")
    split = models.BooleanField("拆分", default=False)
    basis = models.ForeignKey(Basis, on_delete=models.PROTECT, verbose_name="依据")

    class Meta:
        verbose_name = "区划沿革"
        verbose_name_plural = "区划沿革"
        constraints = [models.UniqueConstraint(fields=["old", "new", "day"], name="succession_once")]
