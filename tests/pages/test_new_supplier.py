"""A supplier is added in the browser by who may edit suppliers, once under a code, and is then there to buy from."""

import pytest
from django.urls import reverse

from suppliers.models import Supplier
from tests.pages.buying import planned_firm, text_of

NEW, LIST = reverse("suppliers:new"), reverse("suppliers:list")
TYPED = {
    "code": "NORTH", "name": "North Mill", "email": "orders@north.example", "language": "en", "currency": "eur",
    "promised_lead_time_days": "4", "minimum_order_value": "50", "order_days": ["1", "4"], "delivery_days": ["2"],
    "is_active": "on",
}  # fmt: skip


@pytest.fixture
def world(db):
    return planned_firm()


def test_it_is_added_with_all_that_was_typed_and_can_be_chosen(world):
    answer = world.buyer.post(NEW, TYPED, follow=True)
    supplier = Supplier.objects.get(code="NORTH")
    assert answer.redirect_chain[-1][0] == reverse("dashboards:supplier", args=[supplier.pk])
    assert (supplier.currency, supplier.promised_lead_time_days, supplier.minimum_order_value) == ("EUR", 4, 50)
    assert "North Mill" in text_of(world.buyer.get(reverse("suppliers:new_terms", args=[world.firm.tea.pk])))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "ACME"}, "code"),
        ({"currency": "XXQ"}, "currency"),
        ({"order_days": []}, "order_days"),
        ({"email": "nobody"}, "email"),
        ({"truck_policy": "fill"}, None),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_written(world, wrong, field):
    Supplier.objects.filter(pk=world.firm.acme.pk).update(code="ACME")
    answer = world.buyer.post(NEW, {**TYPED, **wrong})
    assert answer.status_code == 422
    assert 'value="North Mill"' in text_of(answer)
    assert field is None or answer.context["form"].errors[field]
    assert not Supplier.objects.filter(name="North Mill").exists()


def test_the_list_leads_there_for_those_who_may(world):
    assert NEW in text_of(world.buyer.get(LIST))
    assert NEW not in text_of(world.staff.get(LIST))
    assert world.staff.get(NEW).status_code == 403
