"""What an override was worth stands on its page, or why nobody can say, and the page leads to the accuracy of it."""

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from forecasting.domain.scores import WEEK, week_end
from forecasting.engine import Config
from forecasting.models import ForecastOverride, ScoreRun, SeriesScore
from forecasting.selectors.overrides import Level
from forecasting.services.overrides import Change, make_override
from tests.pages.conftest import make_user, signed_in


@pytest.fixture
def over(shop):
    """Half as much again of bread in the last closed week, said the week before."""
    last = week_end(timezone.localdate() - timedelta(days=1))
    said = datetime.combine(last - timedelta(days=WEEK), time(8), timezone.get_current_timezone())
    change = Change(last - timedelta(days=6), last, percent=Decimal(50))
    return make_override(level=Level(sku_id=shop.bread.pk), change=change, reason="fair", actor=None, now=said)


def score(shop, week, **places):
    """Of bread: what came, where 20 were expected and 30 planned."""
    run = ScoreRun.objects.create(
        slot=str(week), week_ends_on=week, time_zone="UTC", windows=[7, 14, 28], levels=list(Config().levels),
        state="published", started_at=timezone.now(),
    )  # fmt: skip
    for name, came in places.items():
        figures = [1.0, came, 20.0, 30.0, 20.0, 5.0, 1.0, 1.0, 1.0]
        SeriesScore.objects.create(
            run=run, sku=shop.bread, location=getattr(shop, name), figures=figures, ranks=[3, 0], drift=0
        )
    return run


def page(client, row):
    return client.get(reverse("forecasting:override", args=[row.pk])).content.decode()


def test_its_error_stands_beside_that_of_the_forecast_without_it(manager, shop, over):
    score(shop, over.ends_on, here=28.0, there=32.0)
    found = manager.get(reverse("forecasting:override", args=[over.pk]))
    one = found.context["score"]
    # 28 and 32 came: 2 and 2 off with it, 8 and 12 without.
    assert (one.weeks, one.error_with, one.error_without) == (1, 4, 20)
    assert "It took error away" in found.content.decode()
    assert f"{reverse('forecasting:accuracy')}?sku=B1" in found.content.decode()


def test_what_made_it_worse_is_said(manager, shop, over):
    score(shop, over.ends_on, here=18.0)
    assert "It made the forecast worse" in page(manager, over)


def test_of_other_stores_nothing_is_shown(shop, over):
    score(shop, over.ends_on, here=28.0, there=32.0)
    client = signed_in(make_user("max", Role.MANAGER, shop.here))
    assert client.get(reverse("forecasting:override", args=[over.pk])).context["score"].error_with == 2


def test_before_its_week_is_closed_it_says_so(manager, shop, over):
    assert "No closed week has days of it yet" in page(manager, over)
    score(shop, over.starts_on - timedelta(days=1), here=28.0)
    assert "No closed week has days of it yet" in page(manager, over)


def test_of_weeks_that_were_not_scored_or_kept_it_says_so(manager, shop, over):
    score(shop, over.ends_on + timedelta(days=WEEK), here=28.0)
    assert "Its weeks were not scored" in page(manager, over)


def test_where_nothing_could_be_compared_it_says_so(manager, shop, over):
    score(shop, over.ends_on)
    assert "nothing shows what it alone did" in page(manager, over)


def test_what_was_ended_before_it_began_has_nothing_to_score(manager, shop, over):
    ForecastOverride.objects.filter(pk=over.pk).update(ended_at=over.created_at)
    assert "nothing to score" in page(manager, over)


def test_what_has_not_begun_has_no_such_card(manager, shop, over):
    later = timezone.localdate() + timedelta(days=3)
    ForecastOverride.objects.filter(pk=over.pk).update(starts_on=later, ends_on=later, expires_on=later)
    assert "What it was worth" not in page(manager, over)
