"""One setting, one address: `sqlite:///path/to/file` or `postgres://user:password@host:port/name`.

A socket folder is written `postgres:///name?host=/folder`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from jiceng.base.refusals import Refusal

# recursive_triggers: else INSERT OR REPLACE walks round the ledger's no-delete trigger.
# secure_delete: a destroyed key must not stay readable in the file. synchronous=FULL: a power cut loses no commit.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
    "PRAGMA recursive_triggers=ON;PRAGMA secure_delete=ON;PRAGMA cache_size=-32000;"
)


def database_setting(address: str) -> dict[str, Any]:
    """Django's database dictionary for an address.

    Errors  Refusal database.address if the scheme is neither sqlite nor postgres
    """
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or parse_qs(parts.query).get("host", [""])[0]),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
        }
    raise Refusal(
        "database.address",
        f"数据库地址“{parts.scheme}”不认识",
        where="JICENG_DATABASE",
        do="请写 sqlite:///文件路径 或 postgres://用户:口令@主机:端口/库名",
    )
