"""The list of reasons: added to, renamed, switched off, never lost."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Role
from inventory.models import Reason

LIST = reverse("inventory:reasons")


def change(client, reason, **fields):
    return client.post(reverse("inventory:edit_reason", args=[reason.pk]), fields)


def test_a_new_reason_can_be_chosen_at_once(manager):
    assert manager.post(LIST, {"name": "Tasting"}).status_code == 302
    assert Reason.objects.get(name="Tasting").code == "tasting"
    assert "Tasting" in manager.get(reverse("inventory:adjust"), {"code": "B1"}).content.decode()
    assert AuditEvent.objects.get(action="add_reason").actor == manager.user


def test_a_chinese_name_gets_a_code_too(manager):
    manager.post(LIST, {"name": "试吃"})
    manager.post(LIST, {"name": "捐赠"})
    assert set(Reason.objects.filter(name__in=["试吃", "捐赠"]).values_list("code", flat=True)) == {
        "reason", "reason-2",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["", "  ", "damaged", "Damaged", "x" * 81])
def test_a_name_that_is_no_name_or_taken_is_refused(manager, name):
    before = Reason.objects.count()
    assert manager.post(LIST, {"name": name}).status_code == 422
    assert Reason.objects.count() == before


def test_renaming_keeps_the_code(manager):
    reason = Reason.objects.get(code="damage")
    assert change(manager, reason, name="Broken").status_code == 302
    reason.refresh_from_db()
    assert (reason.code, reason.name, reason.is_active) == ("damage", "Broken", True)


def test_one_that_is_switched_off_cannot_be_chosen_but_stays(manager):
    reason = Reason.objects.get(code="damage")
    change(manager, reason, switch="off")
    assert 'value="damage"' not in manager.get(reverse("inventory:adjust"), {"code": "B1"}).content.decode()
    change(manager, reason, switch="on")
    assert 'value="damage"' in manager.get(reverse("inventory:adjust"), {"code": "B1"}).content.decode()


@pytest.mark.parametrize("others", [[], ["found"]])
def test_the_last_one_for_what_is_gone_stays_on(manager, others):
    last = Reason.objects.get(code="damage")
    Reason.objects.exclude(code__in=[last.code, *others]).update(is_active=False)
    assert change(manager, last, switch="off").status_code == 422
    last.refresh_from_db()
    assert last.is_active


def test_the_shown_translation_is_no_new_name(manager):
    manager.cookies.load({"django_language": "zh-hans"})
    reason = Reason.objects.get(code="damage")
    shown = manager.get(LIST, headers={"Accept-Language": "zh-hans"}).context["reasons"].get(pk=reason.pk)
    change(manager, reason, name=shown.title)
    reason.refresh_from_db()
    assert reason.name == "Damaged"


@pytest.mark.parametrize("role", [Role.STAFF, Role.PURCHASER])
def test_others_may_not(as_role, role):
    client = as_role(role)
    reason = Reason.objects.first()
    assert client.get(LIST).status_code == change(client, reason, name="x").status_code == 403
