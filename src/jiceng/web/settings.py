"""Settings of the site. Everything a site may change comes from the environment; nothing secret stands here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from jiceng.web.database import database_setting

HOME = Path(os.environ.get("JICENG_HOME", "var")).resolve()
DATA = HOME / "data"
KEYS = Path(os.environ.get("JICENG_KEYS", HOME / "keys")).resolve()
DATABASE_ADDRESS = os.environ.get("JICENG_DATABASE") or f"sqlite:///{DATA / 'jiceng.sqlite3'}"


def _secret_key() -> str:
    """The session secret: from the environment, else from a file beside the keys, made on first use."""
    given = os.environ.get("JICENG_SECRET")
    path = KEYS / "session-secret"
    if given or not path.parent.is_dir():
        return given or secrets.token_urlsafe(48)
    if not path.exists():
        path.write_text(secrets.token_urlsafe(48))
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("JICENG_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("JICENG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "django_cotton",
    "django_tasks",
    "django_tasks_db",
    "jiceng.places",
    "jiceng.ledger",
    "jiceng.access",
    "jiceng.runs",
    "jiceng.ui",
    "jiceng.intake",
    "jiceng.desks.workforce",
    "jiceng.web",
]
AUTH_USER_MODEL = "access.Account"
ROOT_URLCONF = "jiceng.web.urls"
WSGI_APPLICATION = "jiceng.web.wsgi.application"
DATABASES = {"default": database_setting(DATABASE_ADDRESS)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
