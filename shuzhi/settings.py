"""Settings: every knob is an environment variable with a default that runs; a wrong value stops the start.

The table of all settings is in docs/settings.md; a house test keeps the two equal.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def _text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def _flag(name: str, default: str) -> bool:
    value = _text(name, default)
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 0 或 1，现在是“{value}”")
    return value == "1"


def _list(name: str, default: str) -> list[str]:
    return [item.strip() for item in _text(name, default).split(",") if item.strip()]


def _address(name: str) -> str:
    value = _text(name).rstrip("/")
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc):
        raise ImproperlyConfigured(f"环境变量 {name} 应形如 https://shuzhi.example.gov.cn，现在是“{value}”")
    return value


def _secret(home: Path) -> str:
    """The signing key: given, or kept in the instance with mode 0600, or for this process only."""
    given = _text("SHUZHI_SECRET_KEY")
    if given:
        return given
    kept = home / "secret.key"
    known = kept.read_text("ascii").strip() if kept.exists() else ""
    if known:
        return known
    fresh = secrets.token_urlsafe(50)
    return _keep_secret(kept, fresh) if home.is_dir() else fresh


def _keep_secret(kept: Path, fresh: str) -> str:
    """Keep the key whole or not at all; of two processes that start at once, the first decides for both."""
    making = kept.with_name(f".{kept.name}-{secrets.token_hex(8)}")
    try:
        handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        if kept.exists() and not kept.stat().st_size:
            kept.unlink()  # begun once and never written
        try:
            os.link(making, kept)
        except FileExistsError:
            return kept.read_text("ascii").strip()
        except OSError:  # a file system without hard links
            making.replace(kept)
    finally:
        making.unlink(missing_ok=True)
    return fresh


def _database(home: Path) -> dict[str, object]:
    """SQLite beside the instance, or the PostgreSQL that SHUZHI_DATABASE names."""
    address = _text("SHUZHI_DATABASE")
    if not address:
        # IMMEDIATE: with SQLite's default, more than half of concurrent writers fail with "database is locked".
        # FULL: an acknowledged entry must survive a power cut.
        pragmas = "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(home / "shuzhi.sqlite3"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": pragmas},
        }
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "环境变量 SHUZHI_DATABASE 应形如 postgresql://用户:口令@主机:端口/库名，留空则用 SQLite"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # A server that does not answer is told to the user after ten seconds.
        "OPTIONS": {"connect_timeout": 10, **_pool()},
    }


def _pool() -> dict[str, object]:
    return {"pool": {"min_size": 2, "max_size": 8}} if _flag("SHUZHI_DATABASE_POOL", "1") else {}


SHUZHI_HOME = Path(_text("SHUZHI_HOME") or Path.home() / "shuzhi").resolve()
SECRET_KEY = _secret(SHUZHI_HOME)
DEBUG = _flag("SHUZHI_DEBUG", "0")
ALLOWED_HOSTS = _list("SHUZHI_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = _list("SHUZHI_ORIGINS", "")
# Where the public finds the portal; figures of a printed report lead to their cards there.
PUBLIC_ADDRESS = _address("SHUZHI_PUBLIC_ADDRESS")
# Behind TLS the office sets this to 1; the demo on 127.0.0.1 has none.
SECURE_COOKIES = _flag("SHUZHI_HTTPS", "0")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "shuzhi.evidence",
    "shuzhi.portal",
    "shuzhi.units",
    "shuzhi.subjects",
    "shuzhi.indicators",
    "shuzhi.matters",
    "shuzhi.records",
    "shuzhi.funds",
    "shuzhi.rhythm",
    "shuzhi.ballots",
    "shuzhi.books",
    "shuzhi.reports",
    "shuzhi.desk",
]
_PACKAGE = Path(__file__).resolve().parent
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
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_USER_MODEL = "units.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "desk/locked.html"
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_NAME = "shuzhi"
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:today"
LOGOUT_REDIRECT_URL = "portal:shelf"

ROOT_URLCONF = "shuzhi.urls"
WSGI_APPLICATION = "shuzhi.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
DATABASES = {"default": _database(SHUZHI_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [("fonts", _PACKAGE / "fonts" / "web")]
WHITENOISE_USE_FINDERS = True

SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_SELF = "'self'"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [_SELF],
        "img-src": [_SELF, "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": [_SELF],
    }
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
