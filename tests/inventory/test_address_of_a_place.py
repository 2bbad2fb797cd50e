"""Where deliveries for a place go: typed on its page, sent by a program; tidied, and refused where it could not be
printed."""

import pytest
from django.urls import reverse

from accounts.errors import InvalidInput
from accounts.models import AuditEvent, User
from inventory.models import Location
from inventory.services.places import set_address
from inventory.versions import LOCATION

pytestmark = pytest.mark.django_db
TYPED = {"address": " 12  Main street \r\n\r\n Gate 3", "contact": "Ana,  030 1234"}


@pytest.fixture
def say(firm, tools):
    def do(place=firm.shop, **fields):
        return set_address(location_id=place.pk, **{**TYPED, **fields}, user=None, now=tools.NOW)

    return do


def test_lines_are_tidied_and_a_repeat_is_no_act(firm, say):
    say()
    say()
    assert Location.objects.get(pk=firm.shop.pk).delivery_text == "12 Main street\nGate 3\nAna, 030 1234"
    assert AuditEvent.objects.filter(action="change_place").count() == 1
    say(address="", contact="")
    assert Location.objects.get(pk=firm.shop.pk).delivery_text == ""


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"address": "x" * 401}, "address"),
        ({"address": "\n".join("123456789")}, "address"),
        ({"contact": "x" * 121}, "contact"),
        ({"contact": "a\x07b"}, "contact"),
    ],
)
def test_what_no_paper_holds_is_refused(firm, say, fields, field):
    with pytest.raises(InvalidInput) as refusal:
        say(**fields)
    assert [row["field"] for row in refusal.value.details] == [field]
    assert Location.objects.get(pk=firm.shop.pk).delivery_text == ""


def test_eight_lines_and_all_characters_fit(firm, say):
    say(address="\n".join("12345678"), contact="x" * 120)
    say(address="x" * 400)


def test_places_where_nothing_waits_have_none(firm, say):
    with pytest.raises(Location.DoesNotExist):
        say(firm.customer)


@pytest.fixture
def manager(client, firm):
    client.force_login(User.objects.create_user("mia", role="manager", sees_all_locations=True))
    return client


def test_the_page_takes_it_and_shows_it(firm, manager):
    page = reverse("inventory:address", args=[firm.shop.pk])
    assert manager.post(page, TYPED).status_code == 302
    assert "12 Main street<br>Gate 3<br>Ana, 030 1234" in manager.get(reverse("inventory:bins")).content.decode()


def test_a_page_that_came_too_late_changes_nothing(firm, manager, say):
    page = reverse("inventory:address", args=[firm.shop.pk])
    seen = manager.get(page).context["version"]
    say()
    answer = manager.post(page, {"address": "Elsewhere", "contact": "", "version": seen})
    assert answer.status_code == 422 and "12 Main street" in answer.content.decode()
    assert Location.objects.get(pk=firm.shop.pk).address == "12 Main street\nGate 3"


def test_too_many_lines_stand_beside_their_field(firm, manager):
    page = reverse("inventory:address", args=[firm.shop.pk])
    answer = manager.post(page, {"address": "\n".join("123456789"), "contact": ""})
    assert answer.status_code == 422 and "8 lines" in answer.content.decode()


def test_a_program_changes_what_it_names(firm, manager, say):
    say()
    address = reverse("api:location", args=[firm.shop.pk])

    def send(body):
        tag = f'"{LOCATION.version_of(firm.shop.pk)}"'
        return manager.patch(address, body, content_type="application/json", headers={"If-Match": tag})

    answer = send({"contact": "Ben"})
    assert (answer.json()["address"], answer.json()["contact"]) == ("12 Main street\nGate 3", "Ben")
    assert send({"address": "New road 1", "may_go_negative": True}).json()["contact"] == "Ben"
    place = Location.objects.get(pk=firm.shop.pk)
    assert (place.address, place.may_go_negative) == ("New road 1", True)
    assert send({}).status_code == 400
    assert send({"address": "\n".join("123456789")}).status_code == 422
