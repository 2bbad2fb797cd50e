"""A planner or a program names the SKU whose place a new one takes."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import InvalidInput
from accounts.models import AuditEvent, Role
from forecasting.models import Predecessor
from forecasting.services.predecessors import set_predecessor
from inventory.models import Sku
from tests.pages.conftest import make_user, signed_in


def page_of(sku):
    return reverse("forecasting:predecessor", args=[sku.pk])


def name(sku, before, share="1"):
    return set_predecessor(
        sku_id=sku.pk, predecessor_id=before.pk, share=Decimal(share), actor=None, now=timezone.now()
    )


def test_it_is_named_shown_changed_and_removed(manager, shop):
    shown = manager.post(page_of(shop.bread), {"predecessor": "R1", "percent": "80"}, follow=True).content.decode()
    row = Predecessor.objects.get()
    assert (row.sku, row.predecessor, row.share) == (shop.bread, shop.rice, Decimal("0.8"))
    assert "It takes the place of" in shown and "Long rice" in shown and "× 0.8" in shown
    form = manager.get(page_of(shop.bread)).content.decode()
    assert 'value="R1"' in form and 'value="80"' in form
    manager.post(page_of(shop.bread), {"predecessor": "R1", "percent": "120"})
    assert Predecessor.objects.get().share == Decimal("1.2")
    manager.post(reverse("forecasting:drop_predecessor", args=[shop.bread.pk]))
    assert not Predecessor.objects.exists()
    assert list(AuditEvent.objects.filter(action__startswith="predecessor").values_list("action", flat=True)) in (
        ["predecessor.named", "predecessor.named", "predecessor.dropped"],
        ["predecessor.dropped", "predecessor.named", "predecessor.named"],
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"predecessor": ""}, "Type the code of the SKU whose place it takes"),
        ({"predecessor": "NONE"}, "No SKU has the code NONE"),
        ({"predecessor": "B1"}, "cannot take its own place"),
        ({"percent": "much"}, "Type a number"),
        ({"percent": "0"}, "at most 1000 per cent"),
        ({"percent": "1000.1"}, "at most 1000 per cent"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(manager, shop, wrong, said):
    answer = manager.post(page_of(shop.bread), {"predecessor": "R1", "percent": "100", **wrong})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Predecessor.objects.exists()


def test_two_skus_do_not_take_each_others_place(shop):
    name(shop.bread, shop.rice)
    with pytest.raises(InvalidInput, match="B1 already takes the place"):
        name(shop.rice, shop.bread)


def test_a_kit_has_no_demand_to_lend(shop):
    Sku.objects.filter(pk=shop.rice.pk).update(is_kit=True)
    with pytest.raises(InvalidInput, match="kit"):
        name(shop.bread, shop.rice)


def test_a_repeat_changes_nothing_and_is_written_down_once(shop):
    for _ in range(2):
        name(shop.bread, shop.rice, "0.5")
    assert AuditEvent.objects.filter(action="predecessor.named").count() == 1


def test_staff_see_it_and_do_not_change_it(shop, staff):
    name(shop.bread, shop.rice)
    shown = staff.get(reverse("dashboards:sku", args=[shop.bread.pk])).content.decode()
    assert "It takes the place of" in shown and page_of(shop.bread) not in shown
    assert staff.post(page_of(shop.bread), {"predecessor": "R1", "percent": "50"}).status_code == 403


def test_a_program_names_it(manager, shop):
    one = reverse("api:predecessor-detail", args=[shop.bread.pk])

    def put(**body):
        return manager.put(one, body, content_type="application/json")

    assert manager.get(one).status_code == 404
    assert put(predecessor=shop.rice.pk).json() == {
        "sku": shop.bread.pk, "sku_code": "B1", "predecessor": shop.rice.pk, "predecessor_code": "R1", "share": "1.000",
    }  # fmt: skip
    assert put(predecessor=shop.rice.pk, share="0.25").json()["share"] == manager.get(one).json()["share"] == "0.250"
    for wrong in ({"predecessor": 999999}, {"predecessor": shop.rice.pk, "share": "x"}, {}):
        assert put(**wrong).status_code == 400
    for wrong in ({"predecessor": shop.bread.pk}, {"predecessor": shop.rice.pk, "share": "-1"}):
        assert put(**wrong).status_code == 422
    listed = manager.get(reverse("api:predecessor-list"), {"predecessor": shop.rice.pk}).json()["results"]
    assert [row["sku_code"] for row in listed] == ["B1"]
    for _ in range(2):
        assert manager.delete(one).status_code == 204
    assert manager.get(one).status_code == 404
    assert manager.delete(reverse("api:predecessor-detail", args=[999999])).status_code == 404


def test_a_program_of_staff_may_not(shop):
    client = signed_in(make_user("sam", Role.STAFF, shop.here))
    assert client.get(reverse("api:predecessor-list")).status_code == 403
