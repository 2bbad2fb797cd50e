"""Letting go, keeping longer, and reserving elsewhere or for somebody else."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.errors import IllegalStateChange, InvalidInput
from inventory.errors import OutOfStock
from inventory.models import Reservation, ReservationEvent
from inventory.selectors.ledger_check import check_ledger
from inventory.services.issuing import issue_reservation
from inventory.services.reservations import extend_reservation, reassign_reservation, release_reservation
from tests.inventory.holding import hold, reserved_of, state_of


@pytest.fixture
def held(firm, stock, tools):
    stock(firm.apple, firm.shop, 10)
    stock(firm.apple, firm.other, 5)
    return hold(firm.shop, (firm.apple, 6), now=tools.NOW, reference="order 7")[0]


@pytest.fixture
def act(held, tools):
    """act(service, ...) on the reservation, now."""
    return lambda service, **given: service(**{"reservation_id": held.pk, "user": None, "now": tools.NOW, **given})


def test_a_second_release_changes_nothing(held, act, firm):
    act(release_reservation)
    act(release_reservation)
    assert state_of(held) == "released"
    assert reserved_of(firm.apple, firm.shop) == 0
    assert ReservationEvent.objects.filter(kind="released").count() == 1


def test_what_was_handed_over_whole_is_not_released(held, act, tools):
    issue_reservation(reservation_id=held.pk, key=None, user=None, now=tools.NOW)
    with pytest.raises(IllegalStateChange, match="Handed over"):
        act(release_reservation)


def test_it_is_kept_longer_or_for_good(held, act, tools):
    later = tools.NOW + timedelta(days=1)
    assert act(extend_reservation, expires_at=later).expires_at == later
    assert act(extend_reservation, expires_at=None).expires_at is None
    with pytest.raises(InvalidInput, match="future"):
        act(extend_reservation, expires_at=tools.NOW)


def test_what_has_expired_is_not_kept_longer(held, act, tools, firm):
    act(extend_reservation, expires_at=tools.NOW + timedelta(minutes=1))
    late = tools.NOW + timedelta(minutes=2)
    with pytest.raises(IllegalStateChange, match="Expired"):
        act(extend_reservation, now=late, expires_at=late + timedelta(days=1))


def test_it_moves_to_another_place_whole(held, act, firm, tools):
    issue_reservation(reservation_id=held.pk, quantity=Decimal(2), key=None, user=None, now=tools.NOW)
    act(reassign_reservation, location=firm.other)
    assert (reserved_of(firm.apple, firm.shop), reserved_of(firm.apple, firm.other)) == (0, 4)
    moves = ReservationEvent.objects.filter(kind="moved").order_by("pk").values_list("location", "change")
    assert list(moves) == [(firm.shop.pk, -4), (firm.other.pk, 4)]
    assert not any(result.count for result in check_ledger(now=tools.NOW))


def test_a_place_with_too_little_refuses_and_all_stays(held, act, firm):
    with pytest.raises(OutOfStock) as refusal:
        act(reassign_reservation, location=firm.other)
    (row,) = refusal.value.details
    assert (row["sku"], row["location"], row["asked"], row["available"]) == ("apple", "OTHER", "6", "5")
    assert (reserved_of(firm.apple, firm.shop), Reservation.objects.get().location) == (6, firm.shop)


def test_it_changes_for_whom_it_is(held, act, firm):
    assert act(reassign_reservation, reference="order 8").reference == "order 8"
    assert reserved_of(firm.apple, firm.shop) == 6
    with pytest.raises(InvalidInput, match="another place or another reference"):
        act(reassign_reservation)


def test_a_closed_one_goes_nowhere(held, act, firm):
    act(release_reservation)
    with pytest.raises(IllegalStateChange, match="Released"):
        act(reassign_reservation, location=firm.other)
