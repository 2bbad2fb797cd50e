"""Prints the settings that a start needs as JSON, or the sentence of the settings about a bad value (exit code 3)."""

import json
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NAMES = ("HOST", "PORT", "ALLOWED_HOSTS", "SITE_URL", "DEMO")
BAD_VALUE = 3


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        print(json.dumps({name: getattr(settings, name) for name in NAMES}))
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return BAD_VALUE
    return 0


if __name__ == "__main__":
    sys.exit(main())
