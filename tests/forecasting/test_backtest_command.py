"""`manage.py backtest`: the shop's own past, beside simple methods."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

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
