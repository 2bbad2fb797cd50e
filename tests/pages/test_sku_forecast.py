"""The page of a SKU says what its demand is made of, how it is forecast, and what planners made of it."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from dashboards.templatetags.shop import money
from forecasting.engine import Config, Panel, forecast
from forecasting.models import ChoiceRun, Promotion
from forecasting.selectors.overrides import Level
from forecasting.services.overrides import Change, make_override
from forecasting.services.runs import open_run, publish_run, write_series
from inventory.domain.blocks import block_start
from inventory.models import Category, DemandBlock, PriceBlock

DAYS = 128


@pytest.fixture
def foreseen(shop):
    """Four bread a day until yesterday, out of stock on ten days of the last block; forecast as of yesterday."""
    today = timezone.now().date()
    start = today - timedelta(days=today.toordinal() % DAYS + DAYS)
    length = (today - start).days
    share = np.ones(length)
    share[20:30] = 0
    sold = np.where(share > 0, 4.0, 0.0)
    for begin in range(0, length, DAYS):
        part = slice(begin, min(begin + DAYS, length))
        DemandBlock.objects.create(
            sku=shop.bread, location=shop.here, starts_on=start + timedelta(days=begin), sold=sold[part].tolist(),
            lost=np.zeros(length)[part].tolist(), in_stock=share[part].tolist(),
        )  # fmt: skip
    config, as_of = Config(horizon_days=14), today - timedelta(days=1)
    panel = Panel(sold[None, :].astype(np.float32), start=start, in_stock_share=share[None, :].astype(np.float32))
    run = open_run(slot="x", as_of=as_of, time_zone="UTC", config=config, now=timezone.now())
    ids = {"location_ids": shop.here.pk, "sku_ids": np.array([shop.bread.pk])}
    write_series(run_id=run.pk, forecast=forecast(panel, config), **ids)
    publish_run(run_id=run.pk, now=timezone.now())
    return today


def page_of(client, shop):
    return client.get(reverse("dashboards:sku", args=[shop.bread.pk]), {"location": shop.here.pk})


def test_the_fan_has_several_bands_inside_one_another(manager, shop, foreseen):
    fan = page_of(manager, shop).context["chart"]["fan"]
    assert [(band["low_level"], band["high_level"]) for band in fan] == [(0.05, 0.95), (0.25, 0.75)]
    wide, narrow = fan
    assert all(a <= b for a, b in zip(wide["low"], narrow["low"], strict=True))
    assert all(a >= b for a, b in zip(wide["high"], narrow["high"], strict=True))


def test_what_empty_shelves_hid_is_one_number_everywhere(manager, shop, foreseen):
    page = page_of(manager, shop)
    recovered = page.context["forecast"].recovered_units
    assert recovered == pytest.approx(40, rel=0.1)
    assert sum(page.context["chart"]["recovered"]) == pytest.approx(recovered, abs=0.1)
    assert page.context["recovered"]["units"] == pytest.approx(recovered, abs=0.1)
    assert "Recovered from stockouts" in page.content.decode()


def test_the_parts_and_the_method_stand_there(manager, shop, foreseen):
    page = page_of(manager, shop)
    text = page.content.decode()
    assert page.context["level_now"] == pytest.approx(4, rel=0.05)
    assert "Monday" in text and "How it is forecast" in text and "less pinball loss" in text
    assert [factor for _name, factor, _part in page.context["week"]] == pytest.approx([1] * 7, abs=0.1)


def test_what_customers_paid_stands_there_where_a_model_knows_it(manager, shop, foreseen):
    yesterday = foreseen - timedelta(days=1)
    start, prices = block_start(yesterday), [0.0] * DAYS
    prices[(yesterday - start).days] = 3.0
    PriceBlock.objects.create(sku=shop.bread, starts_on=start, price=prices)
    assert "Customers paid" not in page_of(manager, shop).content.decode()
    run = ChoiceRun.objects.create(
        slot="x", as_of=yesterday, time_zone=shop.here.time_zone, sum_days=[1], candidate_labels=["average of 28"],
        model_series=9, state="published", started_at=timezone.now(),
    )  # fmt: skip
    run.series.create(
        sku=shop.bread, location=shop.here, candidates=[0], weights=[1.0], ratios=[1.0], unit=1, gain=0, origins=1
    )
    text = page_of(manager, shop).content.decode()
    assert f"<dd>{money(3)} lately, {money(3)} usually</dd>" in text


def test_promotions_are_bands_with_their_strength(manager, shop, foreseen):
    promotion = Promotion.objects.create(name="P", starts_on=foreseen, ends_on=foreseen + timedelta(days=1))
    promotion.skus.create(sku=shop.bread, share=Decimal("0.5"))
    elsewhere = Promotion.objects.create(name="Q", starts_on=foreseen, ends_on=foreseen, location=shop.there)
    elsewhere.skus.create(sku=shop.bread)
    ((begin, end, strength, name),) = page_of(manager, shop).context["chart"]["promotions"]
    assert (end - begin, strength, name) == (2 * 86400, 0.5, "P")


def test_promotions_of_its_category_its_store_and_everything_are_bands_too(manager, shop, foreseen):
    def promote(name, scope, **fields):
        return Promotion.objects.create(name=name, scope=scope, starts_on=foreseen, ends_on=foreseen, **fields)

    drinks, other = (Category.objects.create(code=code, name=code) for code in ("drinks", "other"))
    Category.objects.filter(pk=shop.food.pk).update(parent=drinks)
    above = promote("Category week", "categories", share=Decimal("0.3"))
    for category in (drinks, shop.food):
        above.categories.create(category=category)
    promote("Others", "categories").categories.create(category=other)
    promote("Singles' Day", "all")
    promote("Opening", "all", location=shop.here)
    promote("Far away", "all", location=shop.there)
    promote("Other SKUs", "skus").skus.create(sku=shop.rice)
    bands = page_of(manager, shop).context["chart"]["promotions"]
    assert {(name, strength) for _begin, _end, strength, name in bands} == {
        ("Category week", 0.3), ("Singles' Day", 1.0), ("Opening", 1.0),
    } and len(bands) == 3  # fmt: skip


def test_what_the_whole_firm_promotes_is_drawn_and_told_apart_from_promotions(manager, shop, foreseen):
    """As the forecast learns the two apart, the usual day on promotion is that of the SKU's own."""
    before = page_of(manager, shop).context["parts"]
    day = foreseen - timedelta(days=30)
    whole = Promotion.objects.create(name="618", scope="all", starts_on=day, ends_on=day + timedelta(days=9))
    page = page_of(manager, shop)
    assert [band[-1] for band in page.context["chart"]["promotions"]] == ["618"]
    assert page.context["parts"].promotion is before.promotion is None
    Promotion.objects.filter(pk=whole.pk).update(location=shop.here)
    assert page_of(manager, shop).context["parts"].promotion == pytest.approx(1, abs=0.05)


def test_a_promotion_that_lasts_beyond_the_forecast_ends_with_it(manager, shop, foreseen):
    Promotion.objects.create(name="P", scope="all", starts_on=foreseen, ends_on=date.max)
    Promotion.objects.create(name="Q", scope="all", starts_on=date.max, ends_on=date.max)
    page = page_of(manager, shop)
    ((begin, end, _strength, _name),) = page.context["chart"]["promotions"]
    assert page.status_code == 200 and end - begin == 14 * 86400


def test_an_override_is_drawn_beside_the_forecast(manager, shop, foreseen):
    page = page_of(manager, shop)
    assert page.context["chart"]["planned"] == [] and "the one that stands first counts" not in page.content.decode()
    make_override(
        level=Level(sku_id=shop.bread.pk), change=Change(foreseen, foreseen, percent=Decimal(50)), reason="festival",
        actor=manager.user, now=timezone.now(),
    )  # fmt: skip
    page = page_of(manager, shop)
    chart = page.context["chart"]
    assert chart["planned"][0] == pytest.approx(chart["mean"][0] * 1.5, abs=0.02)
    assert "the one that stands first counts" in page.content.decode()
    assert chart["planned"][1:] == chart["mean"][1:]
    assert "festival" in page.content.decode() and "I know better" in page.content.decode()


def test_staff_see_the_forecast_but_plan_nothing(staff, shop, foreseen):
    text = page_of(staff, shop).content.decode()
    assert "How it is forecast" in text and "I know better" not in text and "How right it was" not in text


def test_the_level_of_a_slow_sku_is_not_nothing(manager, shop, foreseen):
    for block in DemandBlock.objects.all():
        block.sold = [1.0 if day % 10 == 0 else 0.0 for day in range(len(block.sold))]
        block.save()
    page = page_of(manager, shop)
    assert page.context["level_now"] == pytest.approx(0.1, abs=0.08) and page.context["level_now"] > 0
    assert f"<dd>{page.context['level_now']} units" in page.content.decode()
