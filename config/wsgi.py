"""WSGI entry point."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# A person does not wait longer than this; jobs and commands, which do not come through here, may.
settings.DATABASES["default"]["OPTIONS"]["options"] += (
    f" -c statement_timeout={settings.WEB_STATEMENT_SECONDS}s"
    # To start helpers takes longer than what a page may read, and they would be taken from the other pages.
    " -c max_parallel_workers_per_gather=0"
)
application = get_wsgi_application()
# What is loaded by now stays. Without this it is looked through for garbage again and again.
gc.collect()
gc.freeze()
