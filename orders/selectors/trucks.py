"""What the trucks of suppliers hold, and what a unit takes of it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from inventory.models import Sku
from orders.domain.decision import Decision
from orders.domain.order_most import within_order
from orders.domain.quantity import to_number
from orders.domain.truckloads import Size, Truck, TruckPolicy, by_truck
from suppliers.models import Supplier


def with_trucks(decisions: list[Decision], trucks: Mapping[int, Truck]) -> list[Decision]:
    """The decisions by the trucks of their suppliers, and within the most that these deliver at once. One statement
    where a supplier has a truck."""
    return within_order(by_truck(decisions, trucks, _sizes(decisions, trucks)) if trucks else decisions)


def load_trucks() -> dict[int, Truck]:
    """By supplier; those without one are left out. One statement."""
    rows = Supplier.objects.exclude(truck_policy=TruckPolicy.NONE).values_list(
        "pk", "truck_policy", "truck_kilograms", "truck_cubic_metres", "truck_value", "fill_days"
    )
    return {
        pk: Truck(TruckPolicy(policy), _number(weight), _number(space), _number(value), days)
        for pk, policy, weight, space, value, days in rows
    }


def _number(size: Decimal | None) -> float | None:
    return None if size is None else to_number(size)


def _sizes(decisions: Sequence[Decision], trucks: Mapping[int, Truck]) -> dict[int, Size]:
    sku_ids = [each.case.sku_id for each in decisions if each.case.buy and each.case.buy.supplier_id in trucks]
    rows = Sku.objects.filter(pk__in=sku_ids).values_list("pk", "weight_kg", "volume_l")
    return {pk: Size(_number(weight) or 0.0, _number(volume) or 0.0) for pk, weight, volume in rows}
