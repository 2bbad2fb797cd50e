"""What was tried is shown as good only where it leaves less out of stock than today's rules do."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import PolicyRule, Replay

FIGURES = {
    "out": 0.072,
    "fill": 0.937,
    "lost_margin": 155.74,
    "stock_value": 825.58,
    "lines": 431,
    "lines_per_week": 0.81,
}


@pytest.fixture
def page_with(as_role, shop):
    def page_with(out):
        client, now = as_role("manager"), timezone.now()
        tried = {**FIGURES, "out": out}
        result = {"today": FIGURES, "min_max": FIGURES, "curve": [{**tried, "level": 0.95}], "equal": {"today": tried}}
        record = Replay.objects.create(
            first_day=date(2026, 1, 1), last_day=date(2026, 3, 1), series_count=60, result=result,
            requested_by=client.user, requested_at=now, finished_at=now,
        )  # fmt: skip
        return client.get(reverse("orders:replay", args=[record.pk])).content.decode()

    return page_with


@pytest.mark.parametrize(("out", "tone"), [(0.05, "ok"), (0.074, "low"), (0.072, "low")])
def test_its_tone_says_whether_it_is_better(page_with, out, tone):
    card = page_with(out).split("Tried, at the same stock")[0].rsplit("kpi--", 1)[-1]
    assert card.startswith(tone)


def test_who_may_not_switch_it_on_is_told_who_may_and_the_days_have_their_year(page_with):
    shown = page_with(0.05)
    assert "A purchaser can open this replay" in shown and "Switch on" not in shown
    assert "Jan 29, 2026 to Mar 1, 2026" in shown, "the figures are of the days after the first 28"


def rule(level, **fields):
    return PolicyRule.objects.create(
        cycle_service_level=level, **{"review_period_days": 1, "lot_days": 7, "holding_rate": "0.25", **fields}
    )


def test_the_row_that_is_in_force_today_is_marked(page_with):
    rule("0.95")
    assert "Switched on" in page_with(0.05)


@pytest.mark.parametrize(
    ("level", "fields"), [("0.90", {}), ("0.95", {"lot_days": 14}), ("0.95", {"is_stopped": True})]
)
def test_a_rule_that_differs_from_what_was_tried_is_not_marked(page_with, level, fields):
    rule(level, **fields)
    assert "Switched on" not in page_with(0.05)
