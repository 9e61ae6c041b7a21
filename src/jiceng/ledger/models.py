"""Tables of ledger. Entry, Fact and Ending are append-only (guards.py); Key and Lookup can be deleted and are under no seal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Func, Q

from jiceng.ledger.ids import entry_name

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """A moment as whole microseconds since 1970 UTC, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(number: int) -> datetime:
    """The moment of a count of microseconds."""
    return _EPOCH + timedelta(microseconds=number)


class IsJson(Func):
    """True where a text is JSON, in each database's words."""

    output_field = models.BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="JSON_VALID(%(expressions)s)", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="((%(expressions)s)::json IS NOT NULL)", **extra)


class Number(models.BigIntegerField):
    """A 64-bit primary key that we number ourselves. On SQLite it is the row id itself, which saves an index."""

    def db_type(self, connection: Any) -> str:
        return "integer" if connection.vendor == "sqlite" else "bigint"


class Book(models.Model):
    """One chain of entries: the keeping county or organisation. `subjects` is the last worker counter given out."""

    id = models.IntegerField(primary_key=True)
    place = models.BigIntegerField(unique=True)
    title = models.TextField()
    node = models.TextField(default="")
    subjects = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "账簿"
        verbose_name_plural = "账簿"

    def __str__(self) -> str:
        return self.title


class Entry(models.Model):
    """Who recorded what when on which basis, and the seal over it. `loaded`: by a loader with a clock of its own."""

    id = Number(primary_key=True)
    book = models.IntegerField()
    seq = models.IntegerField()
    known = models.BigIntegerField()
    actor = models.TextField()
    act = models.TextField()
    basis = models.TextField()
    why = models.TextField()
    batch = models.BigIntegerField(null=True)
    undoes = models.BigIntegerField(null=True, unique=True)
    loaded = models.BooleanField()
    form = models.SmallIntegerField()
    facts = models.IntegerField()
    endings = models.IntegerField()
    root = models.BinaryField()
    previous = models.BinaryField()
    seal = models.BinaryField()

    class Meta:
        verbose_name = "分录"
        verbose_name_plural = "分录"
        constraints = [models.UniqueConstraint(fields=["book", "seq"], name="ledger_entry_seq")]
        indexes = [
            models.Index(fields=["book", "known"], name="ledger_entry_known"),
            models.Index(fields=["batch"], name="ledger_entry_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return entry_name(self.id)

    @property
    def known_at(self) -> datetime:
        """`known` as a moment (UTC)."""
        return moment(self.known)


class Fact(models.Model):
    """Something that holds of a subject over [since, until). Believed until an Ending says otherwise."""

    id = Number(primary_key=True)
    subject = models.BigIntegerField()
    kind = models.SmallIntegerField()
    slot = models.TextField(null=True)
    since = models.DateField()
    until = models.DateField()
    known = models.BigIntegerField()
    place = models.BigIntegerField(null=True)
    data = models.TextField()
    sealed = models.BinaryField(null=True)

    class Meta:
        verbose_name = "事实"
        verbose_name_plural = "事实"
        constraints = [
            models.CheckConstraint(condition=Q(since__lt=F("until")), name="ledger_fact_period"),
            models.CheckConstraint(condition=IsJson("data"), name="ledger_fact_json"),
        ]
        indexes = [
            models.Index(fields=["subject", "kind", "since"], name="ledger_fact_subject"),
            models.Index(fields=["kind", "place", "since"], name="ledger_fact_place", condition=Q(place__isnull=False)),
        ]


class Ending(models.Model):
    """From `known` on a fact is no longer believed; `entry` says why."""

    fact = Number(primary_key=True)
    entry = models.BigIntegerField()
    known = models.BigIntegerField()

    class Meta:
        verbose_name = "终止"
        verbose_name_plural = "终止"
        indexes = [models.Index(fields=["entry"], name="ledger_ending_entry")]


class Key(models.Model):
    """A subject's own key, wrapped under a key of the ring. Deleting the row deletes the identity for good."""

    subject = Number(primary_key=True)
    ring = models.SmallIntegerField()
    wrapped = models.BinaryField()

    class Meta:
        verbose_name = "密钥"
        verbose_name_plural = "密钥"


class Lookup(models.Model):
    """Keyed digest of an ID number → subject. Mutable: follows what is believed now, and goes with an erasure."""

    id = models.BigAutoField(primary_key=True)
    digest = models.BinaryField()
    kind = models.SmallIntegerField()
    subject = models.BigIntegerField()

    class Meta:
        verbose_name = "盲索引"
        verbose_name_plural = "盲索引"
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="ledger_lookup_digest")]
        indexes = [models.Index(fields=["subject"], name="ledger_lookup_subject")]
