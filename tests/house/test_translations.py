"""Every string has its Chinese, and the check that says so does find what is missing."""

import pytest
from babel.messages.catalog import Catalog

from script.lib.messages import (
    CATALOGUE,
    LOCALE,
    ROOT,
    found_messages,
    hidden_messages,
    known_translations,
    problems,
)

PAGE = "{% load i18n %}{% translate 'Stock' %}{% blocktranslate %}{{ left }} there{% endblocktranslate %}"


def sample(**translations):
    catalog = Catalog(locale=LOCALE)
    for text, translation in translations.items():
        catalog.add(text, translation)
    return catalog


def shop(tmp_path):
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    return found_messages(tmp_path)


def test_every_string_of_the_project_is_translated_and_no_translation_is_left_over():
    assert problems(found_messages(ROOT), known_translations(CATALOGUE)) == []


def test_no_string_hides_where_the_collector_does_not_see_it():
    assert hidden_messages(ROOT) == []


def test_a_string_inside_an_f_string_is_found_with_its_file(tmp_path):
    (tmp_path / "said.py").write_text("text = f\"{first} {_('Try again.')}\"\n")
    assert hidden_messages(tmp_path) == ["inside an f-string, where it is not found: _('Try again.') (said.py)"]


def test_a_complete_sample_has_no_problem(tmp_path):
    known = sample(**{"Stock": "库存", "%(left)s there": "现有 %(left)s"})
    assert problems(shop(tmp_path), known) == []


def test_an_untranslated_string_is_found_with_its_file(tmp_path):
    known = sample(**{"%(left)s there": "现有 %(left)s"})
    assert problems(shop(tmp_path), known) == ["not translated: 'Stock' (page.html)"]


@pytest.mark.parametrize(("translation", "name"), [("现有", "left"), ("现有 %(left)s / %(all)s", "all")])
def test_a_placeholder_that_is_lost_or_unknown_is_found(tmp_path, translation, name):
    known = sample(**{"Stock": "库存", "%(left)s there": translation})
    assert f"placeholder %({name})s lost or unknown: '%(left)s there'" in problems(shop(tmp_path), known)


def test_a_plural_form_needs_the_placeholders_of_many(tmp_path):
    (tmp_path / "days.py").write_text("text = ngettext('%(n)s day', '%(n)s days', n)\n")
    known = Catalog(locale=LOCALE)
    known.add(("%(n)s day", "%(n)s days"), ("天",))
    assert problems(found_messages(tmp_path), known)[0].startswith("placeholder %(n)s lost or unknown")


def test_a_translation_that_nothing_uses_is_found(tmp_path):
    known = sample(**{"Stock": "库存", "%(left)s there": "现有 %(left)s", "Warehouse": "仓库"})
    assert problems(shop(tmp_path), known) == ["no longer used: 'Warehouse'"]


def test_strings_behind_every_name_that_the_code_gives_gettext_are_found(tmp_path):
    (tmp_path / "labels.py").write_text("a = _('Receipt')\nb = lazy('Transfer')\nc = ngettext('A day', 'Days', n)\n")
    ids = [message.id for message in found_messages(tmp_path) if message.id]
    assert ids == ["Receipt", "Transfer", ("A day", "Days")]


@pytest.mark.parametrize(("word", "other"), [("店长", "经理"), ("补货点", "订货点")])
def test_chinese_has_one_word_for_one_thing(word, other):
    texts = [text for each in chinese() for text in (each.string if isinstance(each.string, tuple) else (each.string,))]
    assert any(word in text for text in texts)
    assert [text for text in texts if other in text] == []


def chinese():
    return [each for each in known_translations(CATALOGUE) if each.id and each.string]
