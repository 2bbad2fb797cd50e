"""Import this first: Django has to be set up before anything that holds a model."""

import django

django.setup()
