"""Reads the day and the knowledge time from the address, keeps them in the session, gives them to every page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from jiceng.base.refusals import Refusal
from jiceng.ui.moment import ZONE, Moment, day_asked, known_asked
from jiceng.web.refused import refusal_page


class MomentMiddleware:
    """Sets `request.moment`. `?on=` and `?known=` change it for the following pages too; blank values put it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """A wrong date is answered with its page; exceptions raised here would not reach the refusal middleware."""
        if getattr(view, "for_programs", False):
            # Programs say the moment with each request; nothing is kept for them.
            return None
        today = timezone.now().astimezone(ZONE).date()
        request.moment = Moment(today, None, today)  # type: ignore[attr-defined]
        asked = {key: request.GET.get(key, request.session.get(f"moment.{key}", "")) for key in ("on", "known")}
        try:
            moment = Moment(day_asked(asked["on"], today=today), known_asked(asked["known"]), today)
        except Refusal as refusal:
            return refusal_page(request, refusal)
        for key, plain in (("on", moment.on == today), ("known", moment.known_by is None)):
            if plain:
                request.session.pop(f"moment.{key}", None)
            elif request.session.get(f"moment.{key}") != asked[key]:
                request.session[f"moment.{key}"] = asked[key]
        request.moment = moment  # type: ignore[attr-defined]
        return None
