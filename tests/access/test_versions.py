"""Edits of master data say which version they change: 428 without, 412 when it is another one by now."""

import pytest
from django.urls import reverse

from inventory.models import Category, Sku, Style
from orders.models import PolicyRule
from suppliers.models import Supplier, SupplierTerms
from tests.access.addresses import ADDRESSES
from tests.access.world import MARK, make_world

# Every address that changes a row that a person looked at, with a change that its form allows.
EDITS = {
    "api:sku": ("patch", "sku", {"name": "Pear"}),
    "api:location": ("patch", "place", {"may_go_negative": True}),
    "api:person-detail": ("patch", "person", {"display_name": "Samuel"}),
    "api:supplier-detail": ("patch", "supplier", {"name": "Garden"}),
    "api:supplier-closure-detail": ("patch", "closure", {"name": "Feast"}),
    "api:supplier-terms-detail": ("delete", "terms", None),
    "api:policy-rule-detail": ("delete", "rule", None),
    "api:promotion-detail": ("delete", "promotion", None),
    "api:auto-approval-rule-detail": ("patch", "auto_rule", {"daily_cap": "77.00"}),
    "api:budget-detail": ("patch", "budget", {"amount": "77.00"}),
    "api:approval-limit-detail": ("patch", "limit", {"alone_up_to": "77.00"}),
}
# Counted up by deliveries, one word that is written whole, a draft of its maker, or a switch that is on or off.
WITHOUT_VERSION = {
    "api:webhook_endpoint-detail",
    "api:predecessor-detail",
    "api:api_key-detail",
    "api:shelf_positions",
    "api:style",
    "api:kit",
    "api:transfer",
    "api:draft-order-detail",
    "api:shared-outlook-detail",
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def ask(world, client):
    client.force_login(world.users[MARK]["A"])

    def send(name, method, ids, body=None, **headers):
        headers = {key.replace("_", "-"): value for key, value in headers.items()}
        return getattr(client, method)(
            reverse(name, kwargs=ids),
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "k", **headers},
        )

    return send


def test_every_edit_through_the_api_is_here():
    edits = {address.name for address in ADDRESSES if {"PATCH", "PUT", "DELETE"} & set(address.allowed)}
    edits = {name for name in edits if name.startswith("api:")}
    assert edits - set(EDITS) - WITHOUT_VERSION == set()


@pytest.mark.parametrize("name", EDITS)
def test_the_version_is_asked_for_and_compared(world, ask, name):
    method, of, body = EDITS[name]
    ids = world.objects[of]
    tag = ask(name, "get", ids)["ETag"]
    assert ask(name, method, ids, body).status_code == 428
    for stale in ('"x"', f"W/{tag}", "x", tag.strip('"')):
        assert ask(name, method, ids, body, If_Match=stale).status_code == 412, stale
    assert ask(name, "get", ids)["ETag"] == tag
    done = ask(name, method, ids, body, If_Match=f'"x", {tag}')
    assert done.status_code in (200, 204), done.content
    if method == "patch":
        assert ask(name, method, ids, body, If_Match=tag).status_code == 412
        assert done["ETag"] == ask(name, "get", ids)["ETag"] != tag


def test_what_hangs_on_a_card_belongs_to_its_version(world, ask):
    ids = world.objects["sku"]
    tag = ask("api:sku", "get", ids)["ETag"]
    world.sku.barcodes.create(code="4711")
    assert ask("api:sku", "patch", ids, {"name": "Pear"}, If_Match=tag).status_code == 412
    assert ask("api:sku", "patch", ids, {"name": "Pear"}, If_Match="*").status_code == 200


def test_terms_and_rules_that_exist_are_not_replaced_unseen(world, ask):
    supplier, sku = Supplier.objects.get(), world.sku
    terms = {"supplier": supplier.pk, "sku": sku.pk, "price": "9"}
    rule = {"sku": sku.pk, "location": world.alpha.pk, "lot_days": 9}
    for name, body, one in (
        ("supplier-terms", terms, SupplierTerms.objects.get()),
        ("policy-rule", rule, PolicyRule.objects.get()),
    ):
        assert ask(f"api:{name}-list", "post", {}, body).status_code == 428
        tag = ask(f"api:{name}-detail", "get", {"pk": one.pk})["ETag"]
        assert ask(f"api:{name}-list", "post", {}, body, If_Match='"x"').status_code == 412
        assert ask(f"api:{name}-list", "post", {}, body, If_Match=tag).status_code == 201


def test_a_style_too(world, ask):
    style = Style.objects.create(code="shirt", name="Shirt", created_at=world.sku.created_at)
    ids = {"pk": style.pk}
    assert ask("api:style", "patch", ids, {"name": "Blouse"}).status_code == 428
    tag = ask("api:style", "get", ids)["ETag"]
    assert ask("api:style", "patch", ids, {"name": "Blouse"}, If_Match=tag).status_code == 200
    assert ask("api:style", "patch", ids, {"name": "Dress"}, If_Match=tag, Idempotency_Key="l").status_code == 412


def entry(page):
    form = page.context["form"]
    return {name: "" if form[name].value() is None else form[name].value() for name in form.fields} | {
        "version": page.context["version"], "parts": "1", "is_active": "on",
    }  # fmt: skip


def test_a_page_that_is_stale_shows_both_versions_and_saves_on_a_second_look(world, client):
    client.force_login(world.users[MARK]["A"])
    Category.objects.create(code="food", name="Food")
    address = reverse("inventory:sku_edit", kwargs=world.objects["sku"])
    mine = {**entry(client.get(address)), "name": "My apple"}
    Sku.objects.filter(pk=world.sku.pk).update(name="Their apple")
    refused = client.post(address, mine)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Their apple" in page
    assert 'value="My apple"' in page
    first = refused.context["differences"][0]
    assert (first.label, first.now, first.typed) == (
        "Name", "Their apple", "My apple",
    )  # fmt: skip
    assert Sku.objects.get(pk=world.sku.pk).name == "Their apple"
    assert client.post(address, {**mine, "version": refused.context["version"]}).status_code == 302
    assert Sku.objects.get(pk=world.sku.pk).name == "My apple"
