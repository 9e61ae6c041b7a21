"""Documents of the demonstration: a certificate behind a training, a letter behind a county's residents. Invented, of one line each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from jiceng.demo.by_hand import COHORT_COMMUNITY, KANGDING
from jiceng.ledger import reading
from jiceng.ledger.books import book_of
from jiceng.ledger.reading import FactRow
from jiceng.places import tree
from jiceng.runs import attaching
from jiceng.runs.models import TODAY, Standing

_CERTIFICATE, _LETTER = "示例：培训结业证书", "示例：年末人口数据函"


def attach_papers(*, actor: str, clock: Callable[[], datetime], on: date) -> int:
    """Attach the demonstration's documents; how many."""
    trainings = [_latest(subject, "training", on) for subject in _cohort()]
    trained = [fact for fact in trainings if fact is not None]
    for fact in trained:
        _attach(fact, COHORT_COMMUNITY, title=_CERTIFICATE, file_name="结业证书.pdf", actor=actor, clock=clock)
    counted = _latest(tree.subject_of(KANGDING), "population", on)
    if counted is not None:
        _attach(counted, KANGDING, title=_LETTER, file_name="数据函.pdf", actor=actor, clock=clock)
    return len(trained) + (counted is not None)


def _attach(fact: FactRow, place: int, *, title: str, file_name: str, actor: str, clock: Callable[[], datetime]) -> None:
    held = attaching.hold(fact.subject, title=title, file_name=file_name, content=one_line_pdf(f"Example only: fact {fact.id}"))
    attaching.commit(
        book_of(place).id, [], [held], since=fact.since, about=fact.id, actor=actor, basis="示例：街道报送", why="示例：存档", clock=clock,
        loaded=True,
    )  # fmt: skip


def _cohort() -> list[int]:
    found = Standing.objects.filter(moment_id=TODAY, place=COHORT_COMMUNITY).order_by("subject")
    return list(found.values_list("subject", flat=True))


def _latest(subject: int, kind: str, on: date) -> FactRow | None:
    return max(reading.history([subject], on=on, kinds=[kind]), key=lambda fact: (fact.since, fact.id), default=None)


def one_line_pdf(text: str) -> bytes:
    """A page with one line of plain letters, whole by itself: no font file, no library."""
    shown = "".join(letter for letter in text if letter.isascii() and letter not in "()\\")
    stream = f"BT /F1 16 Tf 72 760 Td ({shown}) Tj ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    whole, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{at:010d} 00000 n \n" for at in places)
    size = len(parts) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(whole)}\n%%EOF\n"
    return (whole + tail).encode()
