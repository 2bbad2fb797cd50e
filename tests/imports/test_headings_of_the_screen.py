"""A heading that stands on our own pages is understood in a file, in every language of the pages."""

import pytest
from django.utils import translation

from imports.domain.kinds import KINDS
from imports.titles import COLUMNS
from imports.views.guessing import guess_by_titles

LANGUAGES = ("en", "zh-hans")


def titles(columns, language):
    with translation.override(language):
        return [str(COLUMNS.get(column.name, column.name)) for column in columns]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_found_under_its_title(kind, language):
    columns = KINDS[kind].columns
    layout = guess_by_titles(titles(columns, language), columns)
    assert [place for place, _column in layout] == list(range(len(columns)))


def test_the_name_of_a_column_goes_before_a_title_and_no_heading_is_used_twice():
    columns = KINDS["skus"].columns
    places = {column.name: place for place, column in guess_by_titles(["品类", "category", "类别"], columns)}
    assert places["category"] == 1
    places = {column.name: place for place, column in guess_by_titles(["编码", "商品", "nonsense"], columns)}
    assert (places["code"], places["name"], places["category"]) == (0, None, None)
