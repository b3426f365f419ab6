"""Settings come from the environment; docs/operations.md explains every variable."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from lrm import env
from lrm.logs import LOGGING as LOGGING  # structlog, personal data left out

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = env.folder("LRM_VAR", BASE_DIR / "var")

DEBUG = env.flag("DEBUG")
LOCAL = env.flag("LRM_LOCAL")  # set by manage.py when it runs the services itself, never in production
SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")  # keys of before: they open, and sign nothing new
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or (["localhost", "127.0.0.1", "[::1]"] if DEBUG or LOCAL else [])
if not SECRET_KEY or len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY is not set, or shorter than 32 characters. Make one and keep it secret.")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS is not set. Name the hosts that LRM answers on, with commas.")

OWNER_URL = env.text("DATABASE_OWNER_URL") or env.text("DATABASE_URL")
RUNTIME_URL = env.text("DATABASE_URL")
if not RUNTIME_URL:
    raise ImproperlyConfigured("DATABASE_URL is not set. `make run` starts a private PostgreSQL by itself.")
DATABASES = {
    "default": env.database("DATABASE_URL", OWNER_URL if env.flag("LRM_DB_OWNER") else RUNTIME_URL)
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "DISABLE_SERVER_SIDE_CURSORS": True}
}
DATABASE_POOLED = env.flag("DATABASE_POOLED")  # connections come from a pooler, one a transaction: see lrm/prepared.py
RUNTIME_ROLE = env.database("DATABASE_URL", RUNTIME_URL)["USER"]
REDIS_URL = env.text("REDIS_URL") or "redis://localhost:6379/0"
REDIS_PREFIX = env.text("LRM_REDIS_PREFIX")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "lucide",
    "lrm",
    "profiles",
    "standards",
    "assessments",
    "paths",
]
MIDDLEWARE = [
    "lrm.metrics.counting.CountingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "lrm.packed_files.PackedFilesMiddleware",  # before whitenoise, whose files on one machine are not packed
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lrm.content_policy.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "profiles.known_browser.KnownBrowserMiddleware",
    "profiles.middleware.QuietSessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "profiles.token_middleware.TokenMiddleware",
    "lrm.still_here.middleware.StillHereMiddleware",
    "lrm.middleware.AccessMiddleware",
    "profiles.speaking_middleware.SpeakingMiddleware",
    "profiles.second_step.SecondStepMiddleware",
]
ROOT_URLCONF = "lrm.urls"
WSGI_APPLICATION = "lrm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # As the app of template_partials would set it, which loads Django's admin for that.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "libraries": {"partials": "template_partials.templatetags.partials"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lrm.context.page",
            ],
        },
    }
]

AUTH_USER_MODEL = "profiles.Account"
AUTHENTICATION_BACKENDS = ["profiles.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "welcome"
ACCOUNT_ADAPTER = "profiles.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the school, which knows the address
ACCOUNT_LOGOUT_REDIRECT_URL = "sign_in"
ACCOUNT_SESSION_REMEMBER = False
# A whole school signs in behind one address in the same minutes: profiles/services/throttle.py counts instead.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": ""}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "profiles.second_step.SecondStepAdapter"
MFA_TOTP_TOLERANCE = 1  # half a minute earlier or later: clocks of phones
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that nobody here has
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("LRM_BEHIND_PROXY") else 0
SOCIALACCOUNT_ADAPTER = "profiles.social_adapter.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_ONLY = False
INSIDE_HOSTS = env.words("LRM_INSIDE_HOSTS")  # of the own network, where a district's provider may stand

SESSION_ENGINE = "lrm.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
HTTPS = env.flag("LRM_HTTPS", default=not (DEBUG or LOCAL))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("LRM_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 50 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = [
    "lrm.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "lrm.uploads.ToldTemporaryFileUploadHandler",
]

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "shared": {"BACKEND": "lrm.shared_cache.SharedCache", "LOCATION": REDIS_URL, "KEY_PREFIX": f"{REDIS_PREFIX}shared"},
}
# Account.email is unique without regard to case, by a constraint on lower(email).
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "lrm.style_sheet.StyleSheetFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR / "files"
ERASED_ROOT = env.folder("LRM_ERASED", VAR)  # of erasures.jsonl, which outlives the database
WHITENOISE_USE_FINDERS = DEBUG or LOCAL
EMAIL_FILE_PATH = VAR / "mail"
vars().update(env.mail_server("EMAIL_URL"))  # EMAIL_BACKEND and where it sends; without it, files in EMAIL_FILE_PATH
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM") or f"lrm@{ALLOWED_HOSTS[0].lstrip('.*') or 'localhost'}"
# Mails that the clock sends have no request that would tell.
SITE_URL = env.text("SITE_URL").rstrip("/") or (
    f"http://localhost:{env.number('PORT', 8000)}"
    if DEBUG or LOCAL
    else f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0].lstrip('.*')}"
)

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = ["lrm.formats"]

# Everything else of the API stands on its views (lrm/api/views.py).
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "lrm.api.schema.Operation"}
SPECTACULAR_SETTINGS = {
    "TITLE": "LRM",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_PATCH": False,
    "SERVERS": [{"url": SITE_URL}],
    "WEBHOOKS": [
        f"profiles.api.webhooks.{name}" for name in ("EVIDENCE", "MASTERY", "ACCEPTED", "CHANGED", "CLOSED", "TEST")
    ],
    "ENUM_NAME_OVERRIDES": {
        "AssessmentKindEnum": "assessments.api.assessment_serializers.KINDS",
        "GoalStateEnum": "paths.api.serializers.GOAL_STATES",
    },
}

CSRF_FAILURE_VIEW = "lrm.errors.csrf_failure"
ACCESS_LOADER = "profiles.access.log_access"
SPEAKER = "profiles.services.speaking.speaking_for"
ANSWER_KEEPER = "profiles.services.kept_answers.keep_answer"
SIGN_IN_PAGE = "profiles.views.accounts.sign_in_page"
NAVIGATION = "paths.navigation.items"
WORK_HEALTH = "assessments.services.outbox.health"
METRICS_TOKEN = env.text("LRM_METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    raise ImproperlyConfigured("LRM_METRICS_TOKEN is shorter than 32 characters. Make one and keep it secret.")
GAUGES = [
    "assessments.services.work_gauges.marks",
    "profiles.services.work_gauges.deliveries",
    "lrm.metrics.gauges.jobs",
    "lrm.metrics.gauges.room",
    "lrm.metrics.gauges.messages",
]
