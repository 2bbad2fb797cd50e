"""Programs read the published forecast, its quantiles and its reason; where data is lacking there is no number."""

from datetime import date

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from forecasting.engine import Config, Panel, forecast
from forecasting.services.runs import open_run, publish_run, write_series
from inventory.models import LocationAccess
from tests.forecasting.conftest import NOW

URL = reverse("api:forecast-list")
CONFIG = Config(horizon_days=14)


@pytest.fixture
def published(shop):
    """Apples sell 2 a day but for ten days out of stock; bread was there for three days, and nothing is like it."""
    demand, share = np.zeros((2, 60), np.float32), np.ones((2, 60), np.float32)
    demand[0, :50], share[0, 50:] = 2, 0
    demand[1, 57:], share[1, :57] = 1, 0
    panel = Panel(demand, start=date(2026, 1, 9), in_stock_share=share, category=np.array([0, 1]))
    run = open_run(slot="9", as_of=date(2026, 3, 9), time_zone="Europe/Paris", config=CONFIG, now=NOW)
    write_series(run_id=run.pk, location_ids=shop.place.pk, sku_ids=shop.sku_ids, forecast=forecast(panel, CONFIG))
    publish_run(run_id=run.pk, now=NOW)
    return shop


def client_of(*places):
    user = User.objects.create_user("max", role=Role.MANAGER, sees_all_locations=not places)
    LocationAccess.objects.bulk_create(LocationAccess(user=user, location=place) for place in places)
    client = Client()
    client.force_login(user)
    return client


def test_a_series_with_a_past_has_its_quantiles_and_their_reason(published):
    [apple] = client_of().get(URL, {"sku": published.skus[0].pk}).json()["results"]
    assert (apple["state"], apple["as_of"], len(apple["days"]), len(apple["mean"])) == ("ok", "2026-03-09", 14, 14)
    assert sum(apple["mean"]) == pytest.approx(28, rel=0.1)
    assert apple["quantiles"]["0.5"][0] == 2 and apple["quantiles"]["0.05"][0] <= apple["quantiles"]["0.95"][0]
    assert apple["methods"] and apple["origins"] > 0 and 0 <= apple["gain"] < 1
    assert apple["recovered_units"] == pytest.approx(20, rel=0.1)


def test_where_there_is_not_enough_data_there_is_no_number(published):
    [bread] = client_of().get(URL, {"state": "not_enough_data"}).json()["results"]
    assert (bread["sku_code"], bread["state"]) == ("bread", "not_enough_data")
    assert bread["days"] == bread["mean"] == [] and not any(bread["quantiles"].values())


def test_another_stores_forecast_is_not_there(published):
    elsewhere = type(published.place).objects.create(code="ELSE", name="Else", kind="store")
    assert client_of(elsewhere).get(URL).json()["results"] == []


def test_only_the_published_run_is_read(published, filled_run):
    filled_run(10)
    assert {row["as_of"] for row in client_of().get(URL).json()["results"]} == {"2026-03-09"}


def test_states_are_asked_for_in_the_words_in_which_they_are_told(published):
    client = client_of()
    assert [row["state"] for row in client.get(URL, {"state": "ok"}).json()["results"]] == ["ok"]
    for wrong in ("2", "fine"):
        assert client.get(URL, {"state": wrong}).status_code == 400
