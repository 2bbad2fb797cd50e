"""The guide calls things as the screen does, and what is told in Chinese has the same parts as in English."""

import re
from pathlib import Path

import pytest

from script.lib.messages import CATALOGUE, ROOT, known_translations

BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)
PAIRS = (("README.md", "README.zh-CN.md"), ("docs/guide.md", "docs/guide.zh-CN.md"))


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def words_of_the_screen(name):
    """Each bold text without its closing stop: as it stands in the catalogue."""
    return {re.sub(r"\s+", " ", text).rstrip(".") for text in BOLD.findall(read(name))}


def texts(value):
    return value if isinstance(value, tuple) else (value,)


def catalogue(side):
    return {text for message in known_translations(CATALOGUE) for text in texts(getattr(message, side))}


def sections(name):
    return [line.split(" ", 1)[0] for line in read(name).splitlines() if line.startswith("#")]


def links(name):
    found = re.findall(r"\]\(([^)#]+)", read(name))
    return {Path(link).name.replace(".zh-CN", "") for link in found if not link.startswith("http")}


def test_the_english_guide_uses_the_words_of_the_screen():
    assert words_of_the_screen("docs/guide.md") - catalogue("id") == set()


def test_the_chinese_guide_uses_the_words_of_the_screen():
    assert words_of_the_screen("docs/guide.zh-CN.md") - catalogue("string") == set()


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_have_the_same_sections_and_lead_to_the_same_pages(english, chinese):
    assert sections(english) == sections(chinese)
    assert links(english) == links(chinese)


@pytest.mark.parametrize("name", ["docs/guide.md", "docs/guide.zh-CN.md"])
def test_a_guide_is_short_and_has_ten_things_for_each_role(name):
    lines = read(name).splitlines()
    assert len(lines) <= 150
    assert sum(bool(re.match(r"\d+\. ", line)) for line in lines) == 4 * 10
