"""Requests made up from the schema, sensible and not: never broken, every answer as declared.

A bounded, repeatable run; a longer one: JICENG_FUZZ=300 pytest tests/api/test_fuzz.py.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jiceng.api.build import schema
from jiceng.intake import uploads
from jiceng.ledger import reading
from tests.api.conftest import COUNTY, TODAY, World

pytestmark = [pytest.mark.database, pytest.mark.django_db]
EXAMPLES = int(os.environ.get("JICENG_FUZZ", "6"))
ASKED = [(address, method) for address, methods in schema()["paths"].items() for method in methods]
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance,
]  # fmt: skip
MODES = {"sensible": (GenerationMode.POSITIVE, CHECKS), "wrong": (GenerationMode.NEGATIVE, [*CHECKS, negative_data_rejection])}
ROSTER = "姓名,身份证号,社区,岗位,人员类别\n示例甲,513324199001010012,呷尔社区,工作人员,社区专职工作人员\n"
QUICK = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The world stands in an open transaction: the server must not close its connection between two requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def there(world: World) -> dict[str, Any]:
    """What there is to ask about: made-up numbers would only ever meet 404."""
    told = reading.everything(world.head)[-1].fact
    upload = uploads.keep(ROSTER.encode(), name="名单.csv", account=None, place=COUNTY, as_of=TODAY, clock=lambda: told.known)
    return {
        "code": COUNTY, "subject": world.head, "fact": told.id, "number": told.entry, "upload": upload.pk, "rule": "training_due",
        "name": "quota", "document": "cn/2024-community-workers",
    }  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("address", "method"), ASKED, ids=[f"{method} {address}" for address, method in ASKED])
def test_nothing_breaks_and_every_answer_is_as_declared(asker, there, settings, address, method, mode):
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    headers = {"Authorization": f"Bearer {asker(officer=COUNTY).secret}"}
    app = get_wsgi_application()
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)[address][method]
    generation, checks = MODES[mode]

    @QUICK
    @given(case=operation.as_strategy(generation_mode=generation), luck=st.integers(0, 3))
    def run(case: Any, luck: int) -> None:
        real = luck > 0
        if real and "place" in (case.query or {}):
            case.query = {**case.query, "place": COUNTY}
        if real and case.path_parameters:
            case.path_parameters = {**case.path_parameters, **{name: there[name] for name in case.path_parameters}}
        case.call_and_validate(headers=headers, checks=checks[: len(CHECKS)] if real else checks)

    run()
