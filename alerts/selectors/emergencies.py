"""The decision that waits for somebody beside an alert, so that a message can lead straight to it."""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.db.models import Q

from alerts.models import Alert, AlertKind, AlertState
from orders.models import Emergency, EmergencyState


def emergencies_of(alerts: Collection[Alert]) -> Mapping[int, Emergency]:
    """The open emergency of the same need, by the id of the alert; those without one are left out. One statement, and
    none where no alert is about stock."""
    stock = [alert for alert in alerts if alert.kind == AlertKind.STOCK_RISK and alert.state != AlertState.CLOSED]
    pairs = {(alert.location_id, alert.sku_id): alert.pk for alert in stock}
    if not pairs:
        return {}
    here = Q(location__in={place for place, _sku in pairs}, sku__in={sku for _place, sku in pairs})
    rows = Emergency.objects.filter(here, state=EmergencyState.OPEN).select_related("supplier", "source")
    return {pairs[row.location_id, row.sku_id]: row for row in rows if (row.location_id, row.sku_id) in pairs}


def emergency_url(emergency: Emergency) -> str:
    """The page with the one tap that acts."""
    return f"{settings.SITE_URL}/emergencies/{emergency.pk}/"
