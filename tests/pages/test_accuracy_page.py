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
    assert "+10%" in text(manager, location=shop.here.pk)


def test_a_store_that_is_not_ones_own_is_not_in_the_sum(weeks, shop):
    page = text(signed_in(make_user("max", Role.MANAGER, shop.here)), location=shop.there.pk)
    assert "+10%" in page and "-35%" not in page and shop.there.name not in page


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
