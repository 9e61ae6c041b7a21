"""Nothing gets round the triggers, and they survive what used to drop them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, models, transaction

from jiceng.base.refusals import Refusal
from jiceng.ledger.guards import check_guards, install_guards, postgres_triggers, sqlite_triggers
from jiceng.ledger.models import Ending, Entry, Fact
from jiceng.ledger.record import record
from tests.ledger.lifted import lifted
from tests.ledger.parts import post

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def entry(book, worker, by):
    record(book, [post(worker, date(2020, 1, 1))], basis="", **by)
    return record(book, [post(worker, date(2021, 1, 1), post="grid")], basis="", **by)


def run(sql, *parameters):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.mark.parametrize("model", [Entry, Fact, Ending])
def test_update_and_delete_are_refused(model, entry):
    before = list(model.objects.order_by("pk").values())
    for change in (
        lambda: model.objects.update(known=1),
        lambda: model.objects.all().delete(),
        lambda: model.objects.all()._raw_delete("default"),
        lambda: model.objects.order_by("pk").first().save(),
    ):
        with pytest.raises(IntegrityError, match="台账只增不"), transaction.atomic():
            change()
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_fact", "ledger_ending"])
def test_replacing_a_row_is_refused(table, entry):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        row = cursor.fetchone()
        columns = [column[0] for column in cursor.description]
    marks = ",".join(["%s"] * len(row))
    if connection.vendor == "sqlite":
        sql = f"INSERT OR REPLACE INTO {table} VALUES ({marks})"
    else:
        sql = f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT ({columns[0]}) DO UPDATE SET known = 1"
    with pytest.raises(IntegrityError, match="台账只增不"):
        run(sql, *row)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_ending"])
def test_replacing_is_refused_even_to_a_client_without_the_setting(table, entry):
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="台账只增不删"):
            run(f"TRUNCATE {table}")
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        row = cursor.fetchone()
        cursor.execute("PRAGMA recursive_triggers=OFF")
    try:
        with pytest.raises(IntegrityError, match="台账只增不改"):
            run(f"INSERT OR REPLACE INTO {table} VALUES ({','.join(['%s'] * len(row))})", *row)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers=ON")


def test_missing_guards_are_named_and_put_back(entry):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER ledger_fact_no_delete")
        else:
            cursor.execute("ALTER TABLE ledger_fact DISABLE TRIGGER refuse_change")
    with pytest.raises(Refusal) as refused:
        check_guards()
    missing = "ledger_fact_no_delete" if connection.vendor == "sqlite" else "ledger_fact.refuse_change"
    assert (refused.value.id, missing in refused.value.text) == ("ledger.guards", True)
    install_guards()
    check_guards()
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.all().delete()


def test_installing_twice_changes_nothing(entry):
    install_guards()
    install_guards()
    check_guards()


def test_lifted_gives_them_back(entry):
    with lifted(connection):
        Fact.objects.all().delete()
    check_guards()


@pytest.mark.django_db(transaction=True)
def test_a_remade_table_loses_them_and_migrate_puts_them_back(site):
    """Django's SQLite schema editor remakes the table on some changes, which drops its triggers."""
    code = """
from django.core.management import call_command
from django.db import connection, models
from jiceng.ledger.guards import check_guards
from jiceng.ledger.models import Fact
from jiceng.base.refusals import Refusal
extra = models.IntegerField(default=7); extra.set_attributes_from_name("extra"); extra.model = Fact
with connection.schema_editor() as editor:
    editor.add_field(Fact, extra)
try:
    check_guards(); print("there")
except Refusal as refusal:
    print(refusal.id)
call_command("migrate", verbosity=0)
check_guards(); print("there")
"""
    lost = "ledger.guards" if connection.vendor == "sqlite" else "there"
    assert site.run(code).split() == [lost, "there"]


def test_every_table_has_its_guards():
    assert (len(sqlite_triggers()), len(postgres_triggers())) == (8, 6)


def test_periods_must_have_a_day_even_for_the_database(entry):
    row = Fact(id=1, subject=1, kind=9, since=date(2020, 1, 1), until=date(2020, 1, 1), known=1, data="{}")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Model.save(row, force_insert=True)
