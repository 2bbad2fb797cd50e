"""Rules in the browser: who sees and edits them, what a preview shows, and what is refused."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from inventory.models import Sku
from orders.models import PolicyRule, ReorderLevel
from tests.pages.buying import planned_firm, text_of
from tests.pages.conftest import make_user, signed_in

pytestmark = pytest.mark.django_db
TYPED = {
    "target": "cycle", "cycle_service_level": "0.99", "fill_rate": "0.98", "disappointment": "0", "ordering_cost": "0",
    "holding_rate": "0.25", "review_period_days": "1", "lot_days": "7", "phase": "active", "presentation": "0",
}  # fmt: skip


@pytest.fixture
def world():
    return planned_firm()


def post(client, typed, act="keep", pk=None):
    url = reverse("orders:policy", args=[pk]) if pk else reverse("orders:new_policy")
    return client.post(url, {**TYPED, **typed, act: "1"})


def test_a_preview_shows_what_changes_and_writes_nothing(world):
    before = list(ReorderLevel.objects.order_by("pk").values())
    page = text_of(post(world.buyer, {"sku": "tea"}, act="preview"))
    assert "It would rule 1 SKU." in page
    assert "10 → 12" in page
    assert not PolicyRule.objects.exists()
    assert list(ReorderLevel.objects.order_by("pk").values()) == before


def test_a_rule_is_kept_listed_changed_and_dropped(world):
    assert post(world.buyer, {"category": world.firm.category.pk}).status_code == 302
    rule = PolicyRule.objects.get()
    assert "99% certain not to run out" in text_of(world.buyer.get(reverse("orders:policies")))
    post(world.buyer, {"target": "min_max", "minimum": "3", "maximum": "9"}, pk=rule.pk)
    rule.refresh_from_db()
    assert (rule.category, rule.minimum, rule.maximum) == (world.firm.category, 3, 9)
    world.buyer.post(reverse("orders:drop_policy", args=[rule.pk]))
    assert not PolicyRule.objects.exists()


def test_who_sees_all_places_sees_the_rules_of_each(world):
    post(world.buyer, {"sku": "tea", "location": world.firm.shop.pk})
    PolicyRule.objects.create()
    assert world.firm.buyer.sees_all_locations
    assert len(world.buyer.get(reverse("orders:policies")).context["page"].object_list) == 2


def test_a_rule_of_each_of_many_skus_is_found_by_its_code_and_the_page_stays_short(
    world, django_assert_max_num_queries
):
    skus = Sku.objects.bulk_create(
        Sku(code=f"K{n:03}", name=f"Kettle {n:03}", created_at=timezone.now()) for n in range(60)
    )
    PolicyRule.objects.bulk_create(PolicyRule(sku=sku, location=world.firm.shop) for sku in skus)
    with django_assert_max_num_queries(6):
        first = text_of(world.buyer.get(reverse("orders:policies")))
    assert "Kettle 049" in first and "Kettle 050" not in first and "1 to 50 of 60" in first
    assert "Everything else" not in first
    second = text_of(world.buyer.get(reverse("orders:policies"), {"page": 2}))
    assert "Kettle 059" in second and "Everything else" in second
    found = text_of(world.buyer.get(reverse("orders:policies"), {"search": "k007"}))
    assert "Kettle 007" in found and "Kettle 008" not in found
    assert "No rule names it." in text_of(world.buyer.get(reverse("orders:policies"), {"search": "teapot"}))


def test_a_last_day_of_sale_stays_in_the_form_of_a_chinese_reader(world):
    post(world.buyer, {"sku": "tea", "phase": "phase_out", "ends_on": "2126-11-27"})
    edit = reverse("orders:policy", args=[PolicyRule.objects.get().pk])
    field = world.buyer.get(edit, headers={"Accept-Language": "zh-hans"}).context["form"]["ends_on"]
    assert 'value="2126-11-27"' in str(field)


def test_what_is_wrong_is_said_beside_the_field_and_kept_as_typed(world):
    answer = post(world.buyer, {"sku": "no such", "target": "min_max", "minimum": "9", "maximum": "3"})
    assert answer.status_code == 422
    assert "There is no SKU with this code." in text_of(answer)
    answer = post(world.buyer, {"target": "min_max", "minimum": "9", "maximum": "3"})
    assert "Type the maximum" in text_of(answer)
    assert not PolicyRule.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"), [("cycle_service_level", "95"), ("fill_rate", "98"), ("holding_rate", "25")]
)
def test_who_types_per_cent_is_told_of_shares(world, field, typed):
    answer = post(world.buyer, {"category": world.firm.category.pk, field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field] == ["Type it as a share: 0.95 stands for 95 in 100."]


def test_a_preview_of_one_place_says_whether_the_rule_holds_elsewhere(world):
    said = "holds at all the others too"
    assert said in text_of(post(world.buyer, {"sku": "tea"}, act="preview"))
    assert said not in text_of(post(world.buyer, {"sku": "tea", "location": world.firm.shop.pk}, act="preview"))


def test_the_same_scope_twice_is_refused(world):
    post(world.buyer, {"sku": "tea"})
    answer = post(world.buyer, {"sku": "tea", "cycle_service_level": "0.6"})
    assert answer.status_code == 422
    assert PolicyRule.objects.get().cycle_service_level == Decimal("0.99")


def test_local_people_rule_their_own_places_only(world):
    assert post(world.stranger, {}).status_code == 422
    assert post(world.stranger, {"location": world.firm.shop.pk}).status_code == 422
    assert post(world.stranger, {"location": world.firm.other.pk}).status_code == 302
    everywhere = PolicyRule.objects.create()
    assert post(world.stranger, {}, pk=everywhere.pk).status_code == 404
    assert "All SKUs" in text_of(world.stranger.get(reverse("orders:policies")))


def test_staff_see_rules_and_managers_edit_them(world):
    assert world.staff.get(reverse("orders:policies")).status_code == 200
    assert post(world.staff, {"sku": "tea"}).status_code == 403
    manager = signed_in(make_user("max", Role.MANAGER, world.firm.shop))
    assert post(manager, {"sku": "tea", "location": world.firm.shop.pk}).status_code == 302
