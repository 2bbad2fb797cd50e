"""Checks the stored rows against the constraint of the migration before, without keeping writers out."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("forecasting", "0005_borrow_from_other_locations")]

    operations = [ValidateConstraint(model_name="seriesforecast", name="forecasting_series_state_known")]
