"""The guide by role is a page of the app: one's own role first and open, in the language of the page, text only."""

import pytest
from django.urls import reverse

from dashboards.selectors.guide import pieces

PAGE = "dashboards:guide"


def sections(client, **more):
    return client.get(reverse(PAGE), **more).context["sections"]


@pytest.mark.parametrize("role", ["staff", "manager", "purchaser", "administrator"])
def test_ones_own_role_stands_first_with_its_ten_things(as_role, role):
    found = sections(as_role(role))
    assert (found[0].role, len(found)) == (role, 4)
    assert [len(section.items) for section in found] == [10] * 4


def test_it_speaks_the_language_of_the_page(manager):
    assert sections(manager)[0].title == "Manager"
    assert sections(manager, headers={"Accept-Language": "zh-hans"})[0].title == "店长"


def test_no_mark_of_the_file_is_left(manager):
    for language in ("en", "zh-hans"):
        found = sections(manager, headers={"Accept-Language": language})
        texts = [piece.text for section in found for line in [*section.items, section.note] for piece in line]
        assert [text for text in texts if any(mark in text for mark in ("**", "](", "_", "\n"))] == []


def test_names_and_links_are_told_apart():
    found = pieces("_Sell._ Open **Sell**,\n   see [here](x.md).")
    assert [(piece.text, piece.kind) for piece in found] == [
        ("Sell.", "head"), (" Open ", ""), ("Sell", "name"), (", see ", ""), ("here", "link"), (".", ""),
    ]  # fmt: skip


def test_it_is_reached_from_the_menu_behind_ones_name(staff):
    assert f'href="{reverse(PAGE)}"' in staff.get(reverse("dashboards:home")).content.decode()
