"""One English word of two meanings is two words in Chinese: a button is no column, an act in a history no date."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from inventory.models import MovementKind
from inventory.services.sales import GoodsLine
from inventory.services.stock_counts import Wanted, create_count
from inventory.services.transfers import create_transfer, ship_transfer
from orders.views.history_words import WORDS

CHINESE = {"Accept-Language": "zh-hans"}


@pytest.fixture
def draft(shop):
    lines = [GoodsLine(shop.bread.pk, Decimal(8))]
    return create_transfer(source=shop.here, destination=shop.there, lines=lines, user=None, now=timezone.now())


def text_of(client, name, *args):
    return client.get(reverse(name, args=args), headers=CHINESE).content.decode()


def test_the_button_of_a_draft_says_to_change_it_and_no_movement(staff, draft):
    page = text_of(staff, "orders:transfer", draft.pk)
    assert "修改</a>" in page and "变动</a>" not in page


def test_the_history_of_a_transfer_tells_an_act_and_its_facts_a_date(staff, draft):
    ship_transfer(transfer_id=draft.pk, user=None, now=timezone.now())
    page = text_of(staff, "orders:transfer", draft.pk)
    with translation.override("zh-hans"):
        assert str(WORDS["transfer.shipped"]) == "已发出"
    assert "<dt>发出日期</dt>" in page


def test_a_made_movement_is_no_date_of_making():
    with translation.override("zh-hans"):
        assert MovementKind.OUTPUT.label == "生产产出"


def test_next_on_a_count_sheet_is_the_next_sku_and_no_page(shop, staff):
    count = create_count(location=shop.here, wanted=Wanted("all"), user=None, now=timezone.now())
    page = text_of(staff, "inventory:count_sheet", count.pk)
    assert "下一个</button>" in page and 'data-found="找到的"' in page
    assert "到期应盘" in text_of(staff, "inventory:stock_counts")
