"""Settings of the whole project. What differs between installations comes from the environment (see config/env.py)."""

from pathlib import Path

import celery.schedules
import kombu
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.env import Environment, database_settings, email_settings

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = Environment.load(BASE_DIR / ".env")

DEBUG = ENV.flag("DEBUG", default=False)
DEMO = ENV.flag("DEMO", default=False)
SECRET_KEY = ENV.required("SECRET_KEY", "script/up makes one; elsewhere set a random text of at least 40 characters.")
if len(SECRET_KEY) < 40:
    raise ImproperlyConfigured("SECRET_KEY is too short: use a random text of at least 40 characters.")
HOST = ENV.text("HOST", "127.0.0.1")
PORT = ENV.integer("PORT", default=8000, minimum=1, maximum=65535)
ALLOWED_HOSTS = ENV.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
SITE_URL = ENV.origin("SITE_URL", f"http://[{HOST}]:{PORT}" if ":" in HOST else f"http://{HOST}:{PORT}")
# Only an HTTPS address can carry cookies marked secure; a shop's first start on localhost is plain HTTP.
IS_HTTPS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if IS_HTTPS else []
PROXIES_IN_FRONT = ENV.integer("PROXIES_IN_FRONT", default=0, minimum=0, maximum=10)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "axes",
    "csp",
    "accounts",
    "jobs",
    "outbox",
    "inventory",
    "suppliers",
    "forecasting",
    "orders",
    "alerts",
    "imports",
    "people",
    "dashboards",
    "demo",
    "config",
]

MIDDLEWARE = [
    "config.programs.ProgramDoor",
    "config.leading_back.LeadBack",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.RefuseNul",
    "config.middleware.ShowZone",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.middleware.SayBusy",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboards.context.navigation",
            ]
        },
    }
]

DATABASES = {"default": database_settings(ENV.url("DATABASE_URL", schemes={"postgres", "postgresql"}))}
WEB_STATEMENT_SECONDS = ENV.integer("WEB_STATEMENT_SECONDS", default=30, minimum=1, maximum=3600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = ENV.url("REDIS_URL", schemes={"redis", "rediss"}).geturl()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

mail = email_settings(ENV.url("EMAIL_URL", schemes={"smtp", "smtps", "smtp+tls", "console"}, default="console://"))
globals().update(mail)
# Without a mail server no link is promised by e-mail, and none is printed where logs are kept.
HAS_MAIL_SERVER = "EMAIL_HOST" in mail
DEFAULT_FROM_EMAIL = ENV.text("EMAIL_FROM", "Youhuo <youhuo@localhost>")
# Who orders, as suppliers read it on papers, in e-mails and behind their links.
FIRM_NAME = ENV.text("FIRM_NAME")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "dashboards:home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
# One user's typing mistakes must not lock out the shop behind the same address, so the name is part of the key.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "accounts.senders.sender_of"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_VERBOSE = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
FORMAT_MODULE_PATH = "config.formats"
USE_TZ = True
DEFAULT_CURRENCY = ENV.currency("DEFAULT_CURRENCY", "USD")

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATE_DIR = Path(ENV.text("YOUHUO_STATE", str(BASE_DIR / ".youhuo")))
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_addresses.RememberedAddresses"},
}
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.DenyByDefault"],
    "DEFAULT_PAGINATION_CLASS": "accounts.api.pagination.PagePagination",
    "PAGE_SIZE": 100,
    "DEFAULT_FILTER_BACKENDS": ["accounts.api.filters.FilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsers.PlainJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.limits.CallsAMinute"],
    "EXCEPTION_HANDLER": "accounts.api.problems.problem_handler",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Youhuo API",
    "DESCRIPTION": "Stock, forecast, replenishment and alerts of a shop. Errors are RFC 9457 problem documents.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.schema.describe_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AlertStateEnum": "alerts.models.AlertState",
        "MovementKindEnum": "inventory.models.movement.MovementKind",
        "BatchKindEnum": "inventory.services.batches.BATCH_KINDS",
        "JobStateEnum": "jobs.models.JobState",
        "EndpointFormatEnum": "outbox.models.EndpointFormat",
        "MessageStateEnum": "outbox.models.MessageState",
        "OrderStateEnum": "orders.models.OrderState",
        "ProposalStateEnum": "orders.models.ProposalState",
        "TransferStateEnum": "inventory.models.TransferState",
        "CountStateEnum": "inventory.models.CountState",
        "CountLineStateEnum": "inventory.models.CountLineState",
        "CountScopeEnum": "inventory.models.stock_count.CountScope",
        "PromotionScopeEnum": "forecasting.models.promotion.PromotionScope",
        "AccuracyStateEnum": ["ok", "not_enough_data"],
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

# Correctness leans on the rows in `jobs`, not on these; they only shorten the time until a lost message is noticed.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# For ever: after a hundred tries, three quarters of an hour, workers would end, and where nobody starts them anew no
# night would come any more.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_timeout": 30, "socket_connect_timeout": 5}
CELERY_TIMEZONE = "UTC"
# Two queues, read in turn by each worker, so that a night of a thousand shards does not hold up an alert or an e-mail.
CELERY_TASK_QUEUES = tuple(kombu.Queue(name, kombu.Exchange(name), name) for name in ("quick", "heavy"))
CELERY_TASK_DEFAULT_QUEUE = "quick"
JOB_TICK_SECONDS = ENV.integer("JOB_TICK_SECONDS", default=20, minimum=1, maximum=300)
LOOK_SECONDS = ENV.integer("LOOK_SECONDS", default=2, minimum=1, maximum=300)
JOB_LEASE_SECONDS = ENV.integer("JOB_LEASE_SECONDS", default=60, minimum=1, maximum=3600)
# Calls of one key or user, and wrong keys from one address, in a minute; 0 is no limit. The first is off unless the
# installation sets it: tills and imports send hundreds of calls a second, and to count one takes a trip to Redis.
API_CALLS_A_MINUTE = ENV.integer("API_CALLS_A_MINUTE", default=0, minimum=0, maximum=100_000_000)
API_WRONG_KEYS_A_MINUTE = ENV.integer("API_WRONG_KEYS_A_MINUTE", default=30, minimum=0, maximum=1_000_000)
# Webhooks go to public addresses only, unless an installation says that its receivers stand in its own network.
WEBHOOK_ALLOW_PRIVATE = ENV.flag("WEBHOOK_ALLOW_PRIVATE", default=DEBUG or DEMO)
# Dotted path of the module that declares every job; `jobs` may not import the apps above it.
JOB_SCHEDULE = "config.schedule"
NIGHT_STARTS_AT_HOUR = ENV.integer("NIGHT_STARTS_AT_HOUR", default=1, minimum=0, maximum=23)
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "jobs.tick",
        "schedule": celery.schedules.schedule(run_every=JOB_TICK_SECONDS),
        # A tick that nobody took is worth nothing when the next one is there.
        "options": {"queue": "quick", "expires": JOB_TICK_SECONDS * 2},
    },
    # Has the stock changed since? A proposal is to be there within 5 seconds of the sale that makes it due.
    "look": {
        "task": "alerts.look",
        "schedule": celery.schedules.schedule(run_every=LOOK_SECONDS),
        "options": {"queue": "quick", "expires": LOOK_SECONDS * 2},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It writes a line for every sign-in that went well.
    "loggers": {"axes": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": ENV.text("LOG_LEVEL", "INFO")},
}
