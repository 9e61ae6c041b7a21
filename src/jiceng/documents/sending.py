"""A made file as the answer to a request: saved under its Chinese name, never kept by the browser."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

_UNSAVED = str.maketrans(dict.fromkeys('\\/:*?"<>|\r\n\t', "_"))


def attachment(content: bytes, *, name: str, type: str) -> HttpResponse:
    """The file as a download; signs that no file system takes become _."""
    answer = HttpResponse(content, content_type=type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name.translate(_UNSAVED))
    answer["Cache-Control"] = "no-store"
    return answer
