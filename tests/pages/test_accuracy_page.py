"""The accuracy page: whose numbers, from which weeks, and what it says when there are too few."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from forecasting.domain.scores import SUMS, WEEK, week_end
from forecasting.engine import Config
from forecasting.models import ScoreRun, ScoreSummary, SeriesScore
from tests.pages.conftest import make_user, signed_in

URL = reverse("forecasting:accuracy")
LEVELS = list(Config().levels)
NOTHING = [0.0] * len(LEVELS)


def sums(**known):
    return [float({"windows": 10, "judged": 10, **known}.get(name, 0)) for name in SUMS]


@pytest.fixture
def weeks(shop):
    """Five weeks: at `here` 100 were asked for where 110 were expected, at `there` 300 where 150 were."""
    end = week_end(timezone.localdate())
    runs = [
        ScoreRun.objects.create(
            slot=str(back), week_ends_on=end - timedelta(days=WEEK * back), time_zone="UTC", windows=[7, 14, 28],
            levels=LEVELS, state="published", started_at=timezone.now(), is_rebuilt=back > 2,
        )
        for back in range(5)
    ]  # fmt: skip
    for run in runs:
        for place, actual, mean in ((shop.here, 100, 110), (shop.there, 300, 150)):
            ScoreSummary.objects.create(
                run=run, part=0, location=place, category=shop.food, window_days=7, at_or_below=[10.0] * len(LEVELS),
                below=NOTHING,
                sums=sums(actual=actual, mean=mean, error=abs(actual - mean), naive_error=200, naive=actual),
            )  # fmt: skip
    return runs


def text(client, **query):
    answer = client.get(URL, query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_the_first_week_it_says_when_there_will_be_numbers(manager, shop):
    assert "Nothing is scored yet" in text(manager)


def test_numbers_of_all_stores_and_of_one(manager, weeks, shop):
    # 260 were expected and 400 asked for; errors are 10 and 150.
    page = text(manager)
    assert "-35%" in page and "40%" in page and "2 weeks were computed afterwards" in page
    assert "1,300 expected, 2,000 asked for" in page
    assert "+10%" in text(manager, location=shop.here.pk)


def test_a_place_where_nobody_asks_for_anything_has_nothing_to_compare(manager, weeks, shop):
    ScoreSummary.objects.filter(location=shop.there).update(sums=sums())
    page = text(manager, location=shop.there.pk)
    assert "Nothing to compare" in page and "Pinball" not in page and "data-weeks" not in page
    assert "Nothing to compare" not in text(manager)


@pytest.mark.parametrize(
    ("planned_error", "said"),
    [(150, "50 units of error more in 5 windows"), (60, "40 units of error less in 5 windows")],
)
def test_what_overrides_did_to_the_error_is_said_without_a_sign(manager, weeks, shop, planned_error, said):
    """Of five windows, in each of five weeks one, that overrides touched; without them the error was 100 in all."""
    touched = sums(actual=100, mean=110, error=10, touched=1, touched_error=20, touched_planned_error=planned_error / 5)
    ScoreSummary.objects.filter(location=shop.here).update(sums=touched)
    assert said in text(manager, location=shop.here.pk)


def test_a_store_that_is_not_ones_own_is_not_in_the_sum(weeks, shop):
    page = text(signed_in(make_user("max", Role.MANAGER, shop.here)), location=shop.there.pk)
    assert "+10%" in page and "-35%" not in page and shop.there.name not in page


def test_it_says_what_the_numbers_mean_and_what_to_do(manager, weeks, shop):
    page = text(manager)
    assert "What these numbers mean" in page and f'href="{reverse("forecasting:new_override")}"' in page


def test_of_a_sku_it_says_which_and_leads_to_it(manager, weeks, shop):
    path = reverse("dashboards:sku", args=[shop.bread.pk])
    assert f'href="{path}">Brown bread</a>' in text(manager, sku="B1")
    assert f'href="{path}">Brown bread</a>' in text(manager, sku="B1", location=shop.here.pk)
    figures = [1.0, 9.0, 3.0, 3.0, 5.0, 2.0, 1.0, 1.0, 0.0] * 3
    row = {"run": weeks[0], "sku": shop.bread, "location": shop.here, "drift": 0}
    SeriesScore.objects.create(**row, figures=figures, ranks=[0] * 6)
    assert f'href="{path}?location={shop.here.pk}">' in text(manager, sku="B1", location=shop.here.pk)
    assert "Brown bread" not in text(manager)
    assert "Brown bread" not in text(manager, sku="NONE")


def test_of_a_sku_with_too_few_windows_no_number_is_given(manager, weeks, shop):
    figures = [1.0, 9.0, 3.0, 3.0, 5.0, 2.0, 1.0, 1.0, 0.0] * 3
    for run in weeks[:3]:
        SeriesScore.objects.create(
            run=run, sku=shop.bread, location=shop.here, figures=figures, ranks=[11, 0] * 3, drift=1
        )
    page = text(manager, sku="B1")
    assert "Not enough data" in page and "3 comparisons so far" in page and "Pinball" not in page
    SeriesScore.objects.create(
        run=weeks[3], sku=shop.bread, location=shop.here, figures=figures, ranks=[11, 0] * 3, drift=1
    )
    page = text(manager, sku="B1")
    assert "-66.7%" in page and "36 asked for where 12 were expected, in 4 weeks" in page


def test_an_unknown_sku_is_named(manager, weeks):
    assert "No SKU has the code NONE" in text(manager, sku="NONE")


def test_the_number_of_queries_does_not_grow_with_stores(manager, weeks, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        manager.get(URL)


def test_staff_do_not_see_it(staff):
    assert staff.get(URL).status_code == 403


API = reverse("api:forecast-accuracy")


def ask(client, **query):
    answer = client.get(API, query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_program_gets_no_numbers_before_the_first_week(manager, shop):
    found = ask(manager)
    assert found["total"] is None and found["weeks"] == found["drifts"] == []


def test_a_program_gets_the_same_numbers_as_the_page(manager, weeks, shop):
    found = ask(manager)
    total = found["total"]
    assert (total["bias"], total["wape"], total["naive_wape"], total["gain"]) == (-0.35, 0.4, 1.0, 0.6)
    assert (total["state"], total["windows"], total["override_gain"]) == ("ok", 100, None)
    assert total["coverage"][0] == {"level": 0.05, "below": 0.0, "at_or_below": 1.0}
    assert [week["is_rebuilt"] for week in found["weeks"]] == [True, True, False, False, False]
    assert [(part["location"], part["bias"]) for part in found["locations"]] == [
        (shop.there.pk, -0.5), (shop.here.pk, 0.1),
    ]  # fmt: skip
    assert [part["category"] for part in found["categories"]] == [shop.food.pk]
    assert ask(manager, location=shop.here.pk, category=shop.food.pk)["total"]["bias"] == 0.1


def test_a_program_is_told_that_data_is_lacking_and_what_drifts(manager, weeks, shop):
    figures = [1.0, 9.0, 3.0, 3.0, 5.0, 2.0, 1.0, 1.0, 0.0] * 3
    SeriesScore.objects.create(
        run=weeks[0], sku=shop.bread, location=shop.here, figures=figures, ranks=[11, 0] * 3, drift=1
    )
    found = ask(manager, sku=shop.bread.pk)
    assert found["total"]["state"] == "not_enough_data" and found["total"]["bias"] is None
    assert found["locations"] == found["categories"] == [] and len(found["weeks"]) == 1
    [drift] = found["drifts"]
    assert (drift["sku_code"], drift["is_above"], drift["expected_units"], drift["actual_units"]) == ("B1", True, 3, 9)


def test_a_program_sees_its_own_stores_only(weeks, shop):
    client = signed_in(make_user("max", Role.MANAGER, shop.here))
    assert ask(client)["total"]["bias"] == 0.1
    assert client.get(API, {"location": shop.there.pk}).status_code == 400


@pytest.mark.parametrize("wrong", [{"window": "8"}, {"window": "x"}, {"sku": "999999"}, {"category": "x"}])
def test_a_program_is_told_which_word_is_wrong(manager, shop, wrong):
    answer = manager.get(API, wrong)
    assert answer.status_code == 400 and next(iter(wrong)) in answer.content.decode()


def test_the_number_of_queries_of_a_program_does_not_grow_with_stores(manager, weeks, django_assert_max_num_queries):
    with django_assert_max_num_queries(11):
        manager.get(API)
