"""Settings of the site. Everything a site may change comes from the environment; nothing secret stands here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from jiceng.web.database import database_setting
from jiceng.web.logs import configure_logging

HOME = Path(os.environ.get("JICENG_HOME", "var")).resolve()
DATA = HOME / "data"
KEYS = Path(os.environ.get("JICENG_KEYS", HOME / "keys")).resolve()
# Algorithms of a new key ring: sm4-gcm with SM3, or aes256-gcm with SHA-256.
SUITE = os.environ.get("JICENG_SUITE", "sm4-gcm")
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
    "django_tasks",
    "django_tasks_db",
    "jiceng.places",
    "jiceng.ledger",
    "jiceng.access",
    "jiceng.runs",
    "jiceng.ui",
    "jiceng.intake",
    "jiceng.reports",
    "jiceng.pay",
    "jiceng.packets",
    "jiceng.desks.workforce",
    "jiceng.desks.office",
    "jiceng.desks.policy",
    "jiceng.desks.pay",
    "jiceng.api",
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
    # Deny by default: a page without @login_not_required wants a signed-in account.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "jiceng.web.idle.IdleMiddleware",
    "jiceng.web.refused.RefusalMiddleware",
    "jiceng.access.middleware.AccessMiddleware",
    "jiceng.web.moment.MomentMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # web first: its sign-in pages win over those that allauth ships.
        "DIRS": [Path(__file__).with_name("templates")],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiceng.web.menu.menu",
            ]
        },
    }
]

# ---- sign-in ----
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "jiceng.access.passwords.KindsOfCharacters"},
    {"NAME": "jiceng.access.passwords.NotTheOldOne"},
]
ACCOUNT_ADAPTER = "jiceng.web.sign_in.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# axes counts wrong passwords in the database, for an account at an address. allauth's counter (in one process) is the
# only one that sees wrong codes of the second factor, and passwords tried from many addresses: never switch it off.
ACCOUNT_RATE_LIMITS: dict[str, str] = {"login_failed": "10/300s/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "基层治理平台"
MFA_ADAPTER = "jiceng.access.second_factor.SealedFactorAdapter"
# Off only for the demo and for tests of other things: whoever may reveal or keeps accounts needs a second factor.
SECOND_FACTOR = os.environ.get("JICENG_SECOND_FACTOR", "1") == "1"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "jiceng.access.lock_out.username_of"
AXES_LOCKOUT_CALLABLE = "jiceng.web.sign_in.locked_out"
AXES_VERBOSE = False

# Server processes. Counters of wrong codes and of requests of a token lie in files where several must share them.
WORKERS = int(os.environ.get("JICENG_WORKERS", "1"))
if WORKERS > 1:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DATA / "counters"}}

# ---- session and browser ----
SECURE = os.environ.get("JICENG_HTTPS") == "1"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = int(os.environ.get("JICENG_IDLE_MINUTES", "30")) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("JICENG_ORIGINS", "").split(",") if origin]
CSRF_FAILURE_VIEW = "jiceng.web.errors.csrf_refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# ---- map ----
# Off: no outlines anywhere. A site's own boundary files lie in the folder and win over the library's.
MAP = os.environ.get("JICENG_MAP", "1") == "1"
MAP_FOLDER = os.environ.get("JICENG_MAP_FOLDER") or str(DATA / "map")

# ---- files ----
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# How often one token may ask; counted in the server's memory.
API_REQUESTS_A_MINUTE = int(os.environ.get("JICENG_API_REQUESTS", "600"))

# Jobs lie in the database; the server's child process takes them up.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING_CONFIG = None
configure_logging(debug=DEBUG)
