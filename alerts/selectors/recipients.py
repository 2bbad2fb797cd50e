"""Who hears of which alerts by e-mail."""

from collections.abc import Collection, Mapping

from django.db.models import Q

from accounts.models import Role, User
from inventory.models import LocationAccess

STOCK_ROLES = (Role.MANAGER, Role.PURCHASER)
JOB_ROLES = (Role.MANAGER, Role.ADMINISTRATOR)


def recipients_by_location(location_ids: Collection[int | None]) -> Mapping[int | None, list[int]]:
    """Ids of users for each location: managers and purchasers who may see it; for None (jobs), those who see all.

    Two statements, however many locations.
    """
    reachable = User.objects.filter(is_active=True).exclude(email="")
    see_all = list(reachable.filter(Q(sees_all_locations=True)).values_list("pk", "role"))
    access = LocationAccess.objects.filter(
        location_id__in=[number for number in location_ids if number is not None],
        user__in=reachable.filter(role__in=STOCK_ROLES, sees_all_locations=False),
    )
    everywhere = [pk for pk, role in see_all if role in STOCK_ROLES]
    found: dict[int | None, list[int]] = {number: list(everywhere) for number in location_ids if number is not None}
    for location_id, user_id in access.values_list("location_id", "user_id"):
        found[location_id].append(user_id)
    if None in location_ids:
        found[None] = [pk for pk, role in see_all if role in JOB_ROLES]
    return found
