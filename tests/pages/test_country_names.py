"""Wherever a country is chosen its name stands beside its two letters, in the language of the reader."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.text import country_choices


@pytest.mark.parametrize("name", ["forecasting:packs", "forecasting:countries"])
@pytest.mark.parametrize(("language", "germany"), [("en", "DE · Germany"), ("zh-hans", "DE · 德国")])
def test_pages_name_the_countries(manager, shop, name, language, germany):
    page = manager.get(reverse(name), headers={"Accept-Language": language}).content.decode()
    assert f"{germany}</option>" in page


def test_a_code_without_a_name_stands_alone_and_codes_are_in_order():
    with translation.override("en"):
        assert country_choices(["XQ", "FR"]) == [("FR", "FR · France"), ("XQ", "XQ")]
