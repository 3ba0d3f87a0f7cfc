"""Settings, all from the environment; the README lists every variable with its default."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from portal.community import community_from_env
from portal.environment import read_secret, secret_key, tile_origins
from portal.sign_in import origins_of, providers_from_env

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("PORTAL_VAR", default=str(BASE_DIR / "var")))

# --- The community -----------------------------------------------------------------------------------------------
COMMUNITY = community_from_env(env)

# --- Where and how we are served ---------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret_key(VAR_DIR)
SECRET_KEY_FALLBACKS = [key for key in read_secret("SECRET_KEY_FALLBACKS").split(",") if key]
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', default='8000')}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[SITE_HOST, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
ADMIN_PATH = env.str("ADMIN_PATH", default="admin/").strip("/") + "/"
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: host:port pairs that importers and checks may reach although they are private (a self-hosted forum, tests).
ALLOWED_PRIVATE_HOSTS = tuple(env.list("ALLOWED_PRIVATE_HOSTS", default=[]))
USER_AGENT = f"community-portal/0.1 (+{SITE_URL})"

INSTALLED_APPS = [
    "portal.pages",
    "partners",
    "dashboard",
    "meetups",
    "portal.conduct",
    "portal.members",
    "portal.places",
    "portal.mail",
    "portal.ui",
    "portal.jobs",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "template_partials",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.pages.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.pages.middleware.ReadableAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.members.middleware.DenyByDefaultMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "portal.members.middleware.SessionAgeMiddleware",
    "portal.members.middleware.ReaderMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.community",
                "portal.pages.context.site",
            ],
        },
    }
]
FORM_RENDERER = "portal.ui.forms.PortalRenderer"

# --- Database, cache, broker -------------------------------------------------------------------------------------
DATABASE_URL = read_secret("DATABASE_URL")
REDIS_URL = read_secret("REDIS_URL")
if not (DATABASE_URL and REDIS_URL):
    from portal.local import addresses

    DATABASE_URL = DATABASE_URL or addresses.database_url()
    REDIS_URL = REDIS_URL or addresses.redis_url()
DATABASES = {
    "default": {
        **env.db_url_config(DATABASE_URL),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

# --- Celery: the database owns the state of work, the broker only carries nudges ----------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker waits for its broker however long that is away, and meanwhile finishes what it works on.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    # Without these two a task whose worker was killed comes back after about 100 s instead of 11 (quality notes).
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
    # Who sends does not wait for a broker that is away: the row stays due. Workers have their own patience.
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_VISIBILITY_TIMEOUT = 600
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "dashboard.tasks.run_import": {"queue": "imports"},
    "portal.mail.tasks.*": {"queue": "mail"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 250_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# What recurs often is worthless once the next one is due: without an end, a day without workers would leave thousands.
CELERY_BEAT_SCHEDULE = {
    "reconcile": {
        "task": "portal.jobs.tasks.reconcile",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 120},
    },
    "queue-imports": {
        "task": "dashboard.tasks.queue_imports",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 600},
    },
    "rebuild-summaries": {"task": "dashboard.tasks.rebuild_summaries", "schedule": crontab(hour=0, minute=0)},
    "consume-changes": {
        "task": "dashboard.tasks.rebuild_if_stale",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 120},
    },
    "match-identities": {"task": "portal.members.tasks.match_identities", "schedule": timedelta(minutes=10)},
    "look-after-claims": {"task": "portal.members.tasks.look_after_claims", "schedule": crontab(hour=4, minute=30)},
    "expand-series": {"task": "meetups.tasks.expand_series", "schedule": crontab(hour=2, minute=10)},
    "deadlines": {"task": "meetups.tasks.deadlines", "schedule": crontab(hour=5, minute=20)},
    "queue-link-checks": {"task": "meetups.tasks.queue_link_checks", "schedule": crontab(hour=2, minute=40)},
    # Once would do; the days after it make up for a machine that was down.
    "find-alerts": {"task": "dashboard.tasks.find_alerts", "schedule": crontab(minute=35)},
    "freeze-reports": {"task": "dashboard.tasks.freeze_reports", "schedule": crontab(hour=0, minute=20)},
    "rank-partners": {"task": "partners.tasks.rank_partners", "schedule": crontab(hour=4, minute=30)},
    "group-life": {"task": "meetups.tasks.group_life", "schedule": crontab(hour=3, minute=20)},
}
#: What a group covers around its town, in kilometres; twice as much where few people live.
GROUP_RADIUS_KM = env.int("GROUP_RADIUS_KM", default=50)
#: A source is imported again when its last run started longer ago than this.
IMPORT_EVERY = timedelta(minutes=env.int("IMPORT_EVERY_MINUTES", default=60))
#: A worker hands a run on after this long, well before its soft time limit even when a last page is slow.
IMPORT_BUDGET = timedelta(seconds=150)

# --- Meetup groups -----------------------------------------------------------------------------------------------
#: So long the mails of a decision wait, and can be stopped.
DECISION_DELAY = timedelta(minutes=env.int("DECISION_DELAY_MINUTES", default=15))
#: Makes the forum category of a new group; without a key the team is asked to make it.
FORUM_API_KEY = read_secret("FORUM_API_KEY")
FORUM_API_USER = read_secret("FORUM_API_USER", default="system")
#: Posts the monthly update; the bot needs chat:write, and channels:history to be sure of what stands there.
UPDATES_SLACK_TOKEN = read_secret("UPDATES_SLACK_TOKEN")
UPDATES_SLACK_CHANNELS = env.list("UPDATES_SLACK_CHANNELS", default=[])
#: Where the team hears of first contributions, unanswered questions and the like; by the same token.
ALERTS_SLACK_CHANNEL = env.str("ALERTS_SLACK_CHANNEL", default="")
SLACK_API_URL = env.str("SLACK_API_URL", default="https://slack.com/api/")

# --- People signing in -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "pages:me"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "portal.members.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "portal.members.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# In the browser that signed up, the link in the mail signs in too, and leads to where the reader wanted to go.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key,50/d/key", "signup": "10/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SOCIALACCOUNT_ADAPTER = "portal.members.adapters.SocialAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS = providers_from_env(env)
MFA_ADAPTER = "portal.members.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_TOTP_ISSUER = COMMUNITY.name
#: The admin opens for staff with a second factor only; on a plain-HTTP localhost (the demo) a password does.
_is_local = not IS_HTTPS and SITE_HOST in {"localhost", "127.0.0.1", "::1"}
STAFF_REQUIRES_MFA = env.bool("STAFF_REQUIRES_MFA", default=not _is_local)

# --- Cookies, headers, content security policy --------------------------------------------------------------------
_host = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{_host}sessionid"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
#: Two weeks without use, thirty days in all (portal.members.middleware).
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_ABSOLUTE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_host}csrftoken"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=IS_HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
if env.bool("TRUST_X_FORWARDED_PROTO", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.pages.errors.csrf_failure"
#: Maps draw bundled outlines and ask nobody; tiles of a service chosen here lie over them.
MAP_TILES_URL = env.str("MAP_TILES_URL", default="")
MAP_TILES_ATTRIBUTION = env.str("MAP_TILES_ATTRIBUTION", default="")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *tile_origins(MAP_TILES_URL)],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'", *origins_of(SOCIALACCOUNT_PROVIDERS)],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Language, time, files, mail ----------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = USE_I18N = True
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
_static = "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "portal.pages.static.HashedStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static},
}
MEDIA_ROOT = VAR_DIR / "media"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
if email_url := read_secret("EMAIL_URL"):
    globals().update(env.email_url_config(email_url))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{COMMUNITY.name} <noreply@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"mask": {"()": "portal.logs.MaskSecrets"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["mask"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"handlers": ["console"], "propagate": False},
        "httpx": {"level": "WARNING"},  # else a line per call, through the progress bar of an import
    },
}
