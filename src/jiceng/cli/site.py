"""The site a command works on: where its home is, and opening it. The command line's only reading of the clock."""

from __future__ import annotations

import getpass
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jiceng.base.refusals import Refusal

SETTLED = "site.json"
ZONE = ZoneInfo("Asia/Shanghai")


def home() -> Path:
    """JICENG_HOME, else ./var, else ./demo where only that is there."""
    given = os.environ.get("JICENG_HOME")
    if given:
        return Path(given).resolve()
    return Path("demo" if not Path("var").is_dir() and Path("demo/data").is_dir() else "var").resolve()


def make_home(where: Path, *, keys: Path | None = None) -> None:
    """Folders of a new home; the keys' folder is for its owner only."""
    keys = keys or Path(os.environ.get("JICENG_KEYS", where / "keys"))
    for folder in (where / "data" / "policies", where / "data" / "uploads", where / "logs"):
        folder.mkdir(parents=True, exist_ok=True)
    keys.mkdir(parents=True, exist_ok=True)
    keys.chmod(0o700)


def open_site(*, new: bool = False) -> None:
    """Makes the framework ready for this home.

    Errors  Refusal site.none if there is no site here and none is being made
    """
    where = home()
    if not new and not (where / "data").is_dir():
        raise Refusal(
            "site.none",
            f"{where} 里没有站点",
            why="数据目录还没有建立，或命令在别的目录里执行",
            do="演示用 jiceng demo，正式用 jiceng init；已有站点的用 --home 指明",
        )
    os.environ["JICENG_HOME"] = str(where)
    for name, value in _settled(where).items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiceng.web.settings")
    import django

    django.setup()


def settle(where: Path, **environment: str) -> None:
    """Writes down what was settled when the home was made (where keys lie, which database), for every later command."""
    (where / SETTLED).write_text(json.dumps(environment, ensure_ascii=False, indent=1), encoding="utf-8")


def _settled(where: Path) -> dict[str, str]:
    path = where / SETTLED
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def local_now() -> datetime:
    """The wall clock here."""
    return datetime.now(ZONE)


def clock() -> datetime:
    """The clock for the ledger, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day here."""
    return local_now().date()


def actor() -> str:
    """Who is at the command line, for the ledger."""
    return f"命令行:{getpass.getuser()}"


def day(text: str | None, *, option: str) -> date:
    """A date as people type it; today where none is given.

    Errors  Refusal cli.date if there is no such day
    """
    if not text:
        return today()
    digits = text.replace("年", "-").replace("月", "-").replace("日", "").replace(".", "-").replace("/", "-")
    try:
        return date(*(int(part) for part in digits.split("-")))
    except (ValueError, TypeError):
        raise Refusal("cli.date", f"“{text}”不是日期", where=option, do="请写成 2024-03-05 这样") from None


def known_time(text: str | None) -> datetime | None:
    """The end of a day (or a moment) up to which entries count; None: everything known now."""
    if not text:
        return None
    if "T" in text or " " in text.strip():
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            raise Refusal("cli.date", f"“{text}”不是时间", where="--known-by", do="请写成 2024-03-05 或 2024-03-05T17:30") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
    known = day(text, option="--known-by")
    return datetime(known.year, known.month, known.day, 23, 59, 59, 999_999, tzinfo=ZONE)
