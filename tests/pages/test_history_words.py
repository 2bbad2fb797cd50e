"""Everything that is noted of an order, a transfer or a request has words of its own on its page."""

import re
from pathlib import Path

from orders.views.history_words import WORDS

ORDERS = Path(__file__).resolve().parents[2] / "orders"
# Suppliers are told of it by e-mail; in the history stands why it was closed.
ONLY_TOLD = {"supply_request.closed"}
NOTED = re.compile(r'"((?:purchase_order|transfer|supply_request)\.[a-z_]+)"')


def test_no_word_of_the_code_is_shown():
    noted = {
        event
        for folder in ("services", "domain")
        for path in (ORDERS / folder).glob("*.py")
        for event in NOTED.findall(path.read_text(encoding="utf-8"))
    }
    assert "purchase_order.drafted" in noted
    assert noted - set(WORDS) == ONLY_TOLD
