"""The daily comparison of everything that is kept beside the ledger with the ledger itself."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from inventory.selectors.ledger_check import check_ledger
from jobs.domain.slots import each_night
from jobs.registry import Job, ShardContext, Step, one_shard

AT_HOUR = 4


def _check(context: ShardContext) -> dict[str, int]:
    """Raises when anything differs, so that the run fails and the lateness of the job is noticed."""
    found = {result.title: result.count for result in check_ledger(now=context.now) if result.count}
    if found:
        told = ", ".join(f"{title}: {count}" for title, count in found.items())
        raise ValueError(f"The ledger and what is kept beside it differ. Run check_ledger to see where. {told}")
    return {"differences": 0}


CHECK_LEDGER = Job(
    name="check_ledger",
    title=_("Compare levels with the ledger"),
    steps=(Step("check", one_shard, _check),),
    due_slots=each_night(AT_HOUR),
    expected_every=timedelta(hours=50),
)
