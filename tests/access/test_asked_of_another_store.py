"""Words in an address that name what is another store's change nothing: no list, export, panel or page tells of it."""

import pytest
from django.urls import reverse

from imports.selectors.exports import EXPORTS
from tests.access.addresses import ALL
from tests.access.test_every_address import GUARDED
from tests.access.world import MARK, client_of, make_world

# Readable by its role whatever the store; the objects of one store do not exist for others, as another test shows.
READABLE = [address for address in GUARDED if "GET" in address.allowed and not address.is_store]
# Places are named by many words; the rest names one object each.
PLACES = ("location", "place", "store", "source", "destination", "sent_to", "bins_of", "parent", "from", "to")
NAMED = {
    "posting": "posting", "lot": "lot", "bin": "bin", "count": "count", "transfer": "transfer", "draft": "draft",
    "order": "order", "reservation": "reservation", "proposal": "proposal", "alert": "alert", "person": "person",
    "emergency": "emergency", "line": "count_line", "receipt": "receipt", "override": "override", "rule": "rule",
}  # fmt: skip


@pytest.fixture
def world(db):
    return make_world()


def words_of(world):
    """As ids, since a code that was typed may be shown as it was typed."""
    words = dict.fromkeys(PLACES, str(world.alpha.pk)) | {
        word: str(world.objects[name]["pk"]) for word, name in NAMED.items()
    }
    keys = [f"bin-{words['bin']}", f"lot-{words['lot']}", f"b{words['bin']}", f"l{words['lot']}"]
    return words | {"sku": str(world.sku.pk), "item": keys, "as_of": "2026-03-10", "at": "2026-03-10T12:00:00Z"}


def text_of(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8", "replace")


def ask(world, user, url, words, **headers):
    """The status, and whether the answer tells of ALPHA."""
    answer = client_of(world, user).get(url, words, headers=headers)
    return answer.status_code, MARK in text_of(answer)


def address_of(world, address):
    ids = {"pk": 0} if address.object == "own_api_key" else world.objects.get(address.object, {})
    return reverse(address.name, kwargs={"sku_id": ids["pk"]} if address.name == "dashboards:sku" else ids)


@pytest.mark.parametrize("letter", ALL)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_no_answer_tells_of_what_its_address_names(world, letter, headers):
    user, told = world.users["BETA"][letter], []
    for address in READABLE:
        if letter in address.allowed["GET"] and not (headers and address.name.startswith("api:")):
            status, is_told = ask(world, user, address_of(world, address), words_of(world), **headers)
            if is_told or status >= 500:
                told.append((address.name, status))
    assert told == []


@pytest.mark.parametrize("letter", ALL)
def test_no_export_tells_of_it(world, letter):
    user, told = world.users["BETA"][letter], []
    for name in EXPORTS:
        for words in ({}, {"location": world.alpha.pk}, {"location": MARK}, words_of(world)):
            status, is_told = ask(world, user, reverse("imports:export", args=[name, "csv"]), words)
            if is_told or status >= 500:
                told.append((name, words, status))
    assert told == []


def test_those_of_the_store_are_told(world):
    """Shows that the tests above can fail."""
    url = reverse("imports:export", args=["movements", "csv"])
    assert ask(world, world.users[MARK]["M"], url, {"location": world.alpha.pk}) == (200, True)
