"""The door for the server (granian): gathers static files if need be, then serves."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiceng.web.settings")
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402

from jiceng.web.static_files import gather  # noqa: E402

gather()
application = get_wsgi_application()
