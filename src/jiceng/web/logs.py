"""What the site writes into its log: one line a happening, in JSON, without names, numbers or form contents of people."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

# Values under these keys never reach the log, whoever passes them.
PERSONAL = frozenset(
    {"name", "id_number", "phone", "address", "bank_account", "bank_name", "password", "data", "sealed", "cookies", "POST", "body"}
)


def without_personal(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """The event with personal fields blotted out."""
    return {key: "…" if key in PERSONAL else value for key, value in event.items()}


def configure_logging(*, debug: bool) -> None:
    """Send our own and the framework's log lines through one chain to standard error."""
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        without_personal,
    ]
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [stream]
    root.setLevel(logging.WARNING)
    logging.getLogger("jiceng").setLevel(logging.DEBUG if debug else logging.INFO)
