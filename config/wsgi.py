"""WSGI entry point."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# A person does not wait longer than this; jobs and commands, which do not come through here, may.
settings.DATABASES["default"]["OPTIONS"]["options"] += f" -c statement_timeout={settings.WEB_STATEMENT_SECONDS}s"
application = get_wsgi_application()
