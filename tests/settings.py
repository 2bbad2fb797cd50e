"""The project's settings for tests: a database and Redis of the test run, whatever `.env` says."""

import atexit
import os
import shutil
import tempfile

import pytest

for _name in ("DATABASE_URL", "REDIS_URL"):
    if not os.environ.get(_name):
        raise pytest.UsageError(f"{_name} is not set: run the tests with script/test, which starts servers for them.")

# Parallel test processes must not see each other's queue: each has a numbered database of the one Redis.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if _worker:
    _base, _, _number = os.environ["REDIS_URL"].rpartition("/")
    if _number.isdecimal():
        os.environ["REDIS_URL"] = f"{_base}/{int(_worker.removeprefix('gw')) + 1}"
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0123456789" * 4)
if not os.environ.get("YOUHUO_STATE"):
    os.environ["YOUHUO_STATE"] = tempfile.mkdtemp(prefix="youhuo-tests-")
    atexit.register(shutil.rmtree, os.environ["YOUHUO_STATE"], ignore_errors=True)
# The environment wins over .env, so a developer's own values stay out of the tests.
os.environ |= {
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "DEMO": "0",
    "DEBUG": "0",
    "HOST": "127.0.0.1",
    "PORT": "8000",
    "SITE_URL": "",
    "DEFAULT_CURRENCY": "USD",
    "FIRM_NAME": "",
    "WEBHOOK_ALLOW_PRIVATE": "0",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver,[::1]",
}

from config.settings import *  # noqa: E402, F403 (what it reads from the environment has to be set first)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# WhiteNoise warns about a missing folder, and a warning is an error here.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 (it comes with the settings above)
# All tests share one address and one minute, and many of them send a wrong key.
API_WRONG_KEYS_A_MINUTE = 0
# Each new client would look through all files of the app before its first request: half of the time of many tests.
WHITENOISE_AUTOREFRESH = True
