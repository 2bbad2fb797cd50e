"""The page of a digest says what its text says, in the reader's language, and fits a phone."""

import html
import re
from datetime import date
from decimal import Decimal

import pytest

from alerts.mails import digest_page, mail_digests
from alerts.models import Alert
from alerts.services.digests import Digest, Row
from alerts.services.evaluate import evaluate_location
from orders.models import Emergency, EmergencyState
from outbox.models import Message
from outbox.services.send_email import build_email
from suppliers.models import Supplier
from tests.alerts.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(shop):
    """The one digest to a manager in `language`, of an empty shelf that express would fill and of another one."""

    def make(language="en"):
        mia = shop.user("mia")
        mia.language = language
        mia.save()
        Emergency.objects.create(
            sku=shop.stock("a", 0), location=shop.location, kind="express", state=EmergencyState.OPEN,
            supplier=Supplier.objects.create(code="BEST", name="Best & Co", currency="EUR"), quantity=24,
            runs_out_on=date(2026, 3, 2), relief_on=date(2026, 3, 12), expected_on=date(2026, 3, 3),
            saving=Decimal("31.5"), stockout_cost=40, ways=[], reason={"lines": []}, created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        shop.stock("b", 0)
        evaluate_location(location_id=shop.location.pk, now=NOW)
        Alert.objects.filter(sku__code="a").update(value_at_risk=5)
        mail_digests(now=NOW)
        return build_email(Message.objects.get(event_type="alert.digest"))

    return make


def words_of(page):
    """The words of a page without its marks."""
    body = page[page.index("<body") :]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_page_is_beside_the_text_and_says_each_of_its_lines(mail):
    made = mail()
    (page, kind), *others = made.alternatives
    assert (kind, others, made.message().get_content_type()) == ("text/html", [], "multipart/alternative")
    words = words_of(page)
    for line in made.body.splitlines()[:-2]:
        said, _decide, url = line.strip().partition(" Decide: ")
        assert said in words and url in page, line
    assert made.body.splitlines()[-1] in page
    assert "$5.00" in words and "Best & Co" in words and "Best &amp; Co" in page


def test_it_is_in_the_language_of_its_reader(mail):
    ((page, _kind),) = mail("zh-hans").alternatives
    assert '<html lang="zh-hans">' in page
    for words in ("发生了什么", "风险金额", "去处理", "查看全部预警", "缺货"):
        assert words in page


def test_what_people_typed_is_text_on_it():
    row = Row("out", "Out", '<script>alert("1")</script>', "", "", "")
    page = digest_page(Digest("S", "", [row], "", "https://example.com/alerts/"))
    assert "<script" not in page and "&lt;script&gt;" in page
