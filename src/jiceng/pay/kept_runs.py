"""Kept runs worked out again, pay among them: a sheet comes out of its own working, every other kind of the rules alone."""

from __future__ import annotations

from jiceng.pay import states
from jiceng.pay.models import PaySheet
from jiceng.runs import kept
from jiceng.runs.models import KeptRun


def reproduced(run: KeptRun) -> bool:
    """Whether a run comes out again, byte for byte, from the ledger and its law set; of pay the sheet behind it with it.

    Errors  Refusal runs.law_set if its law set is not kept here; pay.unreadable, pay.changed
    """
    sheet = PaySheet.objects.filter(run=run).first()
    return kept.reproduced(run) if sheet is None else states.reproduced(sheet)
