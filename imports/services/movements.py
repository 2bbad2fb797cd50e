"""Writer of movements: a history, or what another system did lately; a million rows in one file."""

from imports.models import ImportStage
from imports.services import movements_sql as sql
from imports.services.context import ImportContext
from imports.services.lots import add_lots
from imports.services.posting import post_staged
from imports.services.staging import NOT_WHOLE, UNKNOWN_LOCATION, UNKNOWN_SKU, Check, check_all
from inventory.models.location import VIRTUAL_KINDS
from inventory.selectors.places import counterpart_ids
from inventory.services.bulk_listings import list_pairs_of
from inventory.services.bulk_steps import run
from inventory.services.demand import close_days
from inventory.services.posting_checks import FUTURE_SLACK
from inventory.services.stockouts import rebuild_stockouts_of_table

CHECKS = (
    UNKNOWN_SKU,
    UNKNOWN_LOCATION,
    NOT_WHOLE,
    Check("kind", "kind_not_importable", sql.NOT_IMPORTABLE),
    Check("quantity", "not_above_zero", sql.NOT_ABOVE_ZERO),
    Check("quantity", "quantity_too_large", sql.TOO_LARGE),
    Check("counterpart", "empty_cell", sql.NO_COUNTERPART),
    Check("counterpart", "unknown_location", sql.UNKNOWN_COUNTERPART),
    Check("counterpart", "counterpart_not_used", sql.NEEDLESS_COUNTERPART),
    Check("counterpart", "same_place", sql.SAME_PLACE),
    Check("reason", "unknown_reason", sql.UNKNOWN_REASON),
)
IN_TRANSIT_CHECKS = tuple(
    Check("quantity", "in_transit_of_transfers", statement)
    for statement in (sql.IN_TRANSIT_OF_TRANSFERS, sql.LOT_IN_TRANSIT_OF_TRANSFERS)
)


def write_staged_movements(context: ImportContext) -> int:
    """Returns how many movements were new. SKUs are listed where they moved, from their first movement on."""
    sees_all = context.user is None or context.user.sees_all_locations
    run(sql.RESOLVE, {"now": context.now, "own": context.own_location_ids(), "sees_all": sees_all})
    add_lots(context, kinds=("opening", "receipt", "return"))
    in_future = Check("date", "moment_in_future", sql.IN_FUTURE, (context.now + FUTURE_SLACK,))
    check_all([*CHECKS, in_future], context)
    context.errors.refuse_if_any()
    places = counterpart_ids()
    run(sql.ACTS, {"file": context.sha256[:24], **{kind: places[kind] for kind in VIRTUAL_KINDS}})
    run(sql.FORGET_OWN)
    run(sql.KNOWN)
    check_all([Check("reference", "reference_differs", sql.REFERENCE_DIFFERS)], context)
    context.errors.refuse_if_any()
    run(sql.FORGET_KNOWN)
    check_all(IN_TRANSIT_CHECKS, context)
    context.errors.refuse_if_any()
    run(sql.LISTINGS)
    context.progress.tell(ImportStage.WRITING, 0)
    count = post_staged("quantity", context)
    list_pairs_of(
        table="pg_temp.staged_listing",
        now=context.now,
        may_begin_earlier=True,
        may_begin_again=False,
        is_retelling_stockouts=False,
    )
    rebuild_stockouts_of_table(table="pg_temp.staged_listing", now=context.now)
    context.progress.tell(ImportStage.WRITING, 0.95)
    _tell_days_anew(context)
    return count


def _tell_days_anew(context: ImportContext) -> None:
    """Demand facts of days that are already closed."""
    for location_id, through, since in run(sql.STALE_DAYS):
        close_days(location_id=location_id, through=through, now=context.now, since=since)
