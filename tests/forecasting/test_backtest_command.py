"""`manage.py backtest`: the shop's own past, beside simple methods."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from forecasting.management.commands import backtest as backtest_command
from forecasting.models import ChoiceRun, Promotion
from tests.forecasting.history import LAST, MORNING, ZONE

pytestmark = pytest.mark.django_db


def backtest(*options):
    out = StringIO()
    call_command("backtest", "--no-statsforecast", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_every_method_has_its_line(firm):
    lines = backtest("--horizon", "7", "--origins", "2", "--no-model").splitlines()
    assert lines[0].startswith("12 series of Europe/Paris through 2026-03-08")
    assert [line.split("  ")[0] for line in lines[2:]] == ["seasonal naive", "average of 28", "statistical methods"]


def test_numbers_for_programs(firm):
    rows = [json.loads(line) for line in backtest("--horizon", "7", "--origins", "2", "--json").splitlines()]
    ours = next(row for row in rows if row["name"] == "statistical methods")
    assert ours["loss"] < rows[0]["loss"] and ours["gain"] > 0
    assert rows[-1]["name"] == "with the global model" and set(rows[-1]["coverage"]) >= {"0.9", "0.98"}


@pytest.mark.parametrize(("options", "drivers"), [([], 2), (["--no-model"], None)])
def test_it_knows_the_promotions_that_a_night_would(firm, monkeypatch, options, drivers):
    seen = []
    monkeypatch.setattr(backtest_command, "run_backtest", lambda trial, *_: seen.append(trial.known(100)) or [])
    ChoiceRun.objects.create(
        slot="x", as_of=LAST, time_zone=ZONE, sum_days=[1], started_at=MORNING, state="published",
        promotion_kinds=["promotion|display", "promotion|mailer"],
    )  # fmt: skip
    begun = LAST - timedelta(days=15)  # column 104 of 120: four days after the origin
    Promotion.objects.create(name="A", kind="mailer", scope="all", location=firm[0][0], starts_on=begun, ends_on=begun)
    backtest("--horizon", "7", "--origins", "2", *options)
    [known] = seen
    assert known.n_days == 100 and known.knows_promotions_ahead and known.promotion[0, 103:106].tolist() == [0, 1, 0]
    assert (known.drivers is None) if drivers is None else (known.drivers[0, 104].tolist() == [0, 1])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--origins", "20"), "fewer origins"),
        (("--zone", "Asia/Tokyo"), "Europe/Paris"),
        (("--horizon", "0"), "at least 1"),
    ],
)
def test_nonsense_is_refused_in_words(firm, options, words):
    with pytest.raises(CommandError, match=words):
        backtest(*options)


def test_before_the_first_night_there_is_nothing_to_test(db):
    with pytest.raises(CommandError, match="first night"):
        backtest()
