"""How the methods of a forecast are named to people."""

import pytest
from django.utils import translation

from dashboards.templatetags.methods import method


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("average 28", "average of the last 28 days"),
        ("smoothing 0.05", "exponential smoothing: the newest day counts 5%"),
        ("trend 0.1 0.05 0.95", "trend that flattens out: the newest day counts 10% (0.1 0.05 0.95)"),
        ("tsb 0.01 0.05", "TSB, for what sells now and then (0.01 0.05)"),
        ("unheard 3", "unheard 3"),
        ("average", "average"),
    ],
)
def test_a_label_of_the_engine_is_said_in_words_and_keeps_its_figures(label, words):
    with translation.override("en"):
        assert method(label) == words
