"""The logs are added to and read, never changed."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError

from jiceng.access.models import Denial, Reveal
from jiceng.base.refusals import Refusal
from tests.access.conftest import COUNTY

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(params=["reveal", "denial"])
def row(request, make_account):
    account = make_account()
    if request.param == "reveal":
        made = Reveal(account=account, subject=1, fields="phone", place=COUNTY, reason="核对信息")
    else:
        made = Denial(account=account, permission="reveal", place=COUNTY)
    made.save()
    return made


@pytest.mark.parametrize(
    "act",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: type(row).objects.filter(pk=row.pk).delete(),
        lambda row: type(row).objects.update(address="192.0.2.9"),
        lambda row: type(row).objects.all().update(place=0),
    ],
)
def test_row_of_a_log_is_not_changed(row, act):
    with pytest.raises(Refusal) as refused:
        act(row)
    assert refused.value.id == "access.log_kept"
    kept = type(row).objects.get()
    assert (kept.pk, kept.place, kept.address) == (row.pk, COUNTY, "")


def test_account_with_log_rows_is_not_deleted(row):
    with pytest.raises(ProtectedError):
        row.account.delete()
