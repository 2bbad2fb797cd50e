"""The page of what the forecast learned says which kinds of promotion are told apart, and what each is worth."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from forecasting.models import ChoiceRun, OccasionEffect

EFFECTS = reverse("forecasting:effects")
KINDS = ["promotion|display", "promotion|mailer"]


@pytest.fixture
def learn(shop):
    """learn(kinds, weights): a choice that measured displays, mailers and tastings."""

    def keep(kinds, weights):
        run = ChoiceRun.objects.create(
            slot="x", as_of=date(2026, 3, 8), time_zone=shop.here.time_zone, sum_days=[1], started_at=timezone.now(),
            state="published", promotion_kinds=kinds, kind_weights=weights,
        )  # fmt: skip
        for key, uplift in (*zip(KINDS, (2.0, 0.4), strict=True), ("promotion|tasting", 0.5)):
            OccasionEffect.objects.create(run=run, key=key, uplift=uplift, error=0.05, times=5, days=30, is_used=True)

    return keep


def test_each_kind_told_apart_is_measured_by_the_strongest(manager, learn, django_assert_max_num_queries):
    learn(KINDS, [0.15, 0.60, 0.0])
    with django_assert_max_num_queries(12):
        page = manager.get(EFFECTS).content.decode()
    assert "told apart: the strongest kind" in page and "told apart: moves demand 20% as much" in page
    assert page.count("told apart") == 2
    chinese = manager.get(EFFECTS, headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "单独区分：对需求的影响是最强类型的 20%" in chinese


@pytest.mark.parametrize(("kinds", "weights"), [([], []), (KINDS, [1.0, 0.0, 0.0])], ids=["none told", "no effect"])
def test_where_nothing_is_told_apart_nothing_is_said_of_it(manager, learn, kinds, weights):
    learn(kinds, weights)
    page = manager.get(EFFECTS).content.decode()
    assert "+200%" in page and "told apart" not in page
