"""One worker, every rule, the full explanation, beside OpenFisca with trace in the same run. `python bench/one_worker.py HOME`.

OpenFisca answers eight variables of its own example country for one person; we answer every worker rule in force for the
demo's workers and make the card of each. Without OpenFisca installed its column is left out and said so.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

from bench.home import opened, told

ROUNDS = 400


def main() -> None:
    opened(sys.argv[1])
    from jiceng.answers.answer import answer_all
    from jiceng.answers.card import as_dict
    from jiceng.ledger import reading
    from jiceng.runs import binding
    from jiceng.runs.law import installed_law

    law, on = installed_law(), date.today()
    serving = reading.placed_in([(0, 10**12)], on=on)[:ROUNDS]
    bound = [binding.with_entries(subject) for subject in binding.workers(serving, on=on, terms=law.terms)]
    answer_all(law, bound[0], on=on)
    answers, cards = [], []
    for subject in bound:
        began = time.perf_counter()
        steps = answer_all(law, subject, on=on)
        middle = time.perf_counter()
        for step in steps.values():
            as_dict(step, law.terms)
        answers.append(middle - began)
        cards.append(time.perf_counter() - middle)
    count = len(answer_all(law, bound[0], on=on))
    told("one worker, all answers with every step", ms=_ms(answers), p95=_ms(answers, 95), rules=count, workers=len(bound))
    told("the same as cards (dictionaries)", ms=_ms(cards), rules=count)
    peer = openfisca()
    if peer is None:
        told("OpenFisca is not installed here: pip install the bench group to see it beside ours")
        return
    told("OpenFisca, one person, 8 variables with trace", ms=_ms(peer), p95=_ms(peer, 95))
    told("ours per rule / OpenFisca per variable", ratio=round((_ms(answers) / count) / (_ms(peer) / 8), 3))


def _ms(times: list[float], percentile: int = 50) -> float:
    return round(statistics.quantiles(times, n=100)[percentile - 1] * 1000, 3)


def openfisca() -> list[float] | None:
    """Times of eight variables for one person with trace; None where it is not installed."""
    try:
        from openfisca_core.simulation_builder import SimulationBuilder
        from openfisca_country_template import CountryTaxBenefitSystem
    except ImportError:
        return None
    system = CountryTaxBenefitSystem()
    month = "2017-01"
    situation = {
        "persons": {"a": {"salary": {month: 2_000}, "birth": {"ETERNITY": "1980-01-01"}}},
        "households": {"h": {"adults": ["a"], "rent": {month: 300}, "accommodation_size": {month: 60}}},
    }
    wanted = ("age", "income_tax", "social_security_contribution", "basic_income")
    wanted += ("disposable_income", "total_benefits", "total_taxes", "housing_allowance")

    def once() -> None:
        simulation = SimulationBuilder().build_from_entities(system, situation)
        simulation.trace = True
        for name in wanted:
            simulation.calculate(name, month)

    once()
    return [_timed(once) for _ in range(ROUNDS)]


def _timed(what: Callable[[], None]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
