"""Addresses of the site. Each desk brings its own; sign-in and error pages are here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from jiceng.web import errors


class Favicon(RedirectView):
    """Browsers ask for it without being told where it is."""

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        return static("ui/favicon.svg")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("jiceng.desks.workforce.urls")),
    path("", include("jiceng.desks.office.urls")),
    path("policy/", include("jiceng.desks.policy.urls")),
    path("pay/", include("jiceng.desks.pay.urls")),
    path("", include("jiceng.api.urls")),
    path("account/", include("jiceng.web.account_urls")),
    path("favicon.ico", login_not_required(Favicon.as_view()), name="favicon"),
]

handler400, handler403, handler404, handler500 = errors.bad_request, errors.forbidden, errors.not_found, errors.broken
