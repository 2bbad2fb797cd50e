"""Days of holidays and packs: by rule, for any year."""

from datetime import date

import pytest

from forecasting.domain.packs import CHINA, PACKS, WESTERN, easter_sunday, nth_weekday, pack_entries
from inventory.domain.countries import country_of
from inventory.domain.public_holidays import (
    BEFORE_LUNAR_NEW_YEAR,
    LUNAR_NEW_YEAR,
    lunar_new_year,
    lunar_start,
    names_in,
    public_holidays,
    supported_countries,
)


@pytest.mark.parametrize(
    ("year", "day"), [(1961, "04-02"), (2000, "04-23"), (2024, "03-31"), (2025, "04-20"), (2038, "04-25")]
)
def test_easter(year, day):
    assert easter_sunday(year).isoformat() == f"{year}-{day}"


@pytest.mark.parametrize(("year", "day"), [(2023, "01-22"), (2024, "02-10"), (2025, "01-29"), (2026, "02-17")])
def test_the_lunar_year_begins(year, day):
    assert lunar_start(year).isoformat() == f"{year}-{day}"


def test_a_lunar_year_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="2150"):
        lunar_start(2150)


def test_the_two_weeks_before_the_lunar_year_are_kept_where_they_lie_in_the_year_before():
    found = lunar_new_year(date(2022, 12, 1), date(2023, 1, 20))
    assert LUNAR_NEW_YEAR not in found
    assert (found[BEFORE_LUNAR_NEW_YEAR][0], len(found[BEFORE_LUNAR_NEW_YEAR])) == (date(2023, 1, 8), 13)


def dates_of(pack, country, year):
    return {entry.kind: (entry.starts_on, entry.ends_on) for entry in pack_entries(pack, country, year)}


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2031])
def test_the_chinese_pack(year):
    found = dates_of(CHINA, "CN", year)
    assert found["618"] == (date(year, 6, 1), date(year, 6, 18))
    assert found["double_11"][1] == date(year, 11, 11)
    assert found["new_year_goods"][1] < lunar_start(year)
    assert found["mid_autumn"][1].month in (9, 10)


def test_black_friday_follows_the_fourth_thursday():
    assert dates_of(WESTERN, "US", 2024)["black_friday"] == (date(2024, 11, 25), date(2024, 11, 29))
    assert dates_of(WESTERN, "US", 2029)["black_friday"][1] == date(2029, 11, 23)
    assert nth_weekday(2026, 11, 3, 4) == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("country", "year", "sunday"),
    [("US", 2026, "05-10"), ("GB", 2026, "03-15"), ("FR", 2026, "05-31"), ("FR", 2023, "06-04"), ("SE", 2025, "05-25")],
)
def test_mothers_day_is_where_the_country_has_it(country, year, sunday):
    assert dates_of(WESTERN, country, year)["mothers_day"][1].isoformat() == f"{year}-{sunday}"


def test_what_a_country_does_not_keep_is_left_out():
    assert "thanksgiving" not in dates_of(WESTERN, "FR", 2026)
    assert dates_of(WESTERN, "CA", 2026)["thanksgiving"][1] == date(2026, 10, 11)


def test_every_rule_gives_days_in_order_in_every_year():
    for pack in PACKS:
        for year in range(2020, 2040):
            entries = pack_entries(pack, "US", year)
            assert entries and all(entry.starts_on <= entry.ends_on for entry in entries)
            assert all(entry.ends_on.year == year for entry in entries)


def test_holidays_by_country_and_region():
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert public_holidays("FR", "", first, last)["National Day"] == (date(2026, 7, 14),)
    assert "Epiphany" in public_holidays("DE", "BY", first, last)
    assert "Epiphany" not in public_holidays("DE", "BE", first, last)
    assert public_holidays("XX", "", first, last) == {} == public_holidays("DE", "ZZ", first, last)


def test_an_observed_day_bears_the_name_of_its_holiday():
    days = public_holidays("GB", "ENG", date(2022, 1, 1), date(2022, 12, 31))["Christmas Day"]
    assert days == (date(2022, 12, 25), date(2022, 12, 27))


def test_names_in_the_language_of_the_reader():
    assert names_in("CN", "", 2026, "zh-hans")[date(2026, 2, 17)] == "春节"
    assert names_in("FR", "", 2026, "zh-hans")[date(2026, 7, 14)] == "National Day"


@pytest.mark.parametrize(
    ("said", "zone", "country"),
    [("", "Asia/Shanghai", "CN"), ("", "Europe/Paris", "FR"), ("AT", "Europe/Berlin", "AT"), ("", "UTC", "")],
)
def test_the_time_zone_tells_the_country_where_nobody_did(said, zone, country):
    assert country_of(said, zone) == country


def test_countries_have_their_regions():
    assert "BY" in supported_countries()["DE"] and "CN" in supported_countries()
