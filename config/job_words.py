"""What people call the stages of jobs and the figures that they leave, for the pages of jobs."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.watch import LOOK

STEP_TITLES: Mapping[str, Promise] = {
    LOOK: _("Look what changed"),
    "approve": _("Approve by rules"),
    "budgets": _("Share out budgets"),
    "check": _("Compare"),
    "choose": _("Choose a method for each SKU"),
    "classify": _("Find what is due"),
    "close_day": _("Close the day"),
    "deliver": _("Send"),
    "evaluate": _("Look for alerts"),
    "expire": _("Let go of what has expired"),
    "forecast": _("Forecast"),
    "forget": _("Delete what is old"),
    "hold": _("Hold back"),
    "learn": _("Learn from a sample"),
    "load": _("Load"),
    "mark": _("Note what is done"),
    "plan": _("Plan replenishment"),
    "play": _("Live through the past"),
    "publish": _("Publish"),
    "publish_rebuilt": _("Publish past weeks"),
    "rebuild": _("Score past weeks"),
    "replan": _("Plan what changed"),
    "ring": _("Ring the tills"),
    "score": _("Score past forecasts"),
    "spread": _("Spread overrides over SKUs"),
    "tell": _("Tell people"),
    "train": _("Train the common model"),
    "use_choice": _("Use the choice"),
    "warn": _("Look for alerts"),
}

FIGURES: Mapping[str, Promise] = {
    "blocks": _("blocks of days"),
    "changed": _("changed"),
    "closed": _("closed"),
    "computing_seconds": _("seconds computing"),
    "created": _("new"),
    "differences": _("differences"),
    "digests": _("mails"),
    "emergencies": _("emergencies"),
    "files": _("files"),
    "forecast_run": _("run no."),
    "levels": _("stock levels"),
    "listings": _("SKUs at places"),
    "mails": _("mails"),
    "messages": _("messages"),
    "opened": _("opened"),
    "orders": _("orders"),
    "overrides": _("overrides"),
    "places": _("places"),
    "proposals": _("proposals"),
    "published": _("published"),
    "reading_seconds": _("seconds reading"),
    "refused": _("refused"),
    "rows": _("rows"),
    "sales": _("sales"),
    "series": _("series"),
    "skus": _("SKUs"),
    "tries": _("tries"),
    "unchanged": _("unchanged"),
    "withdrawn": _("withdrawn"),
    "writing_seconds": _("seconds writing"),
}
