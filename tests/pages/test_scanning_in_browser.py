"""Scanners in a real browser: hand-held ones that type like lightning, and a phone's camera held before a barcode."""

import re
from decimal import Decimal

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import expect

from accounts.models import Role
from inventory.domain.label_pdf import Label, render_labels
from inventory.domain.label_sheets import SHEETS
from inventory.models import Pack, Sku, Transfer
from inventory.services.sales import GoodsLine
from inventory.services.sending import send_goods
from script.lib.browser import find_chromium
from tests.browsers import CHROMIUM_FLAGS
from tests.pages.conftest import PASSWORD, make_user
from tests.pages.scanner_gun import shoot

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 375, "height": 812}
WIDTH, HEIGHT = 640, 480


@pytest.fixture
def sign_in(live_server, shop):
    """sign_in(page, "/stock/sell/") as a manager; it fails on any complaint of the content security policy."""
    make_user("mia", Role.MANAGER)
    complaints = []

    def start(page, path):
        page.set_viewport_size(PHONE)
        page.on("console", lambda note: complaints.append(note.text) if "Security Policy" in note.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/sign-in/?next={path}")
        page.fill("[name=username]", "mia")
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"**{path}*")
        return page

    yield start
    assert complaints == []


def quantities(page):
    return [field.input_value() for field in page.locator("[name=line_quantity]").all()]


@pytest.mark.parametrize("end", ["Enter", "Tab"])
def test_a_scan_into_the_code_field_adds_a_line(page, sign_in, shop, end):
    sign_in(page, "/stock/sell/").locator("#code").focus()
    shoot(page, "4001", end)
    expect(page.locator("[name=line_code]")).to_have_value("B1")
    expect(page.locator("#code")).to_have_value("")


def test_a_scan_while_the_cursor_stands_elsewhere_spoils_nothing(page, sign_in, shop):
    sign_in(page, "/stock/sell/").locator("#code").focus()
    shoot(page, "4001")
    amount = page.locator("[name=line_quantity]")
    amount.fill("5")
    shoot(page, "4012")
    expect(amount).to_have_value("17")
    page.locator("h1").click()
    shoot(page, "4001")
    expect(amount).to_have_value("18")


def test_a_lot_is_scanned_into_its_empty_field_and_the_next_goods_onto_the_list(page, sign_in, shop):
    Sku.objects.filter(pk=shop.bread.pk).update(is_lot_tracked=True)
    sign_in(page, "/stock/receive/").locator("#code").focus()
    shoot(page, "4001")
    lot = page.locator("[name=line_lot]")
    lot.focus()
    shoot(page, "L-0815")
    expect(lot).to_have_value("L-0815")
    shoot(page, "4012")
    expect(page.locator("[name=line_quantity]")).to_have_value("13")
    expect(lot).to_have_value("L-0815")


def test_slow_keys_are_a_person_typing(page, sign_in, shop):
    sign_in(page, "/stock/receive/").locator("#code").focus()
    shoot(page, "4001")
    page.locator("[name=note]").focus()
    page.keyboard.type("4012", delay=90)
    expect(page.locator("[name=note]")).to_have_value("4012")
    assert quantities(page) == ["1"]


def test_a_case_counts_as_many_and_says_how_many_cases(page, sign_in, shop):
    Pack.objects.create(sku=shop.bread, name="case", quantity=12)
    sign_in(page, "/stock/receive/").locator("#code").focus()
    shoot(page, "4012")
    shoot(page, "4012")
    expect(page.locator("[name=line_quantity]")).to_have_value("24")
    expect(page.locator("output")).to_have_text("= 2 × case")
    page.locator("[name=line_pack]").select_option("case")
    expect(page.locator("output")).to_have_text("= 288")


def test_an_unknown_code_is_attached_on_the_spot(page, sign_in, shop):
    sign_in(page, "/stock/receive/").locator("#code").focus()
    shoot(page, "69012345")
    expect(page.get_by_role("heading", name="Which SKU is 69012345?")).to_be_visible()
    page.locator("#attach_sku").fill("B1")
    page.locator("#attach_sku").press("Enter")
    expect(page.locator("[name=line_code]")).to_have_value("B1")
    shoot(page, "69012345")
    expect(page.locator("[name=line_quantity]")).to_have_value("2")


def test_an_answer_that_settles_late_leaves_the_code_field_alone(page, sign_in, shop):
    """Once the next question is on its way, the code that nobody knew must not come back before the next scan."""
    sign_in(page, "/stock/receive/").locator("#code").focus()
    page.evaluate("htmx.config.defaultSettleDelay = 1500")
    shoot(page, "69012345")
    page.evaluate("document.body.addEventListener('htmx:afterSettle', () => (document.body.dataset.settled += 'x'))")
    page.locator("#attach_sku").fill("B1")
    page.locator("#attach_sku").press("Enter")
    expect(page.locator("body")).to_have_attribute("data-settled", re.compile("xx"))
    expect(page.locator("#code")).to_have_value("")
    shoot(page, "69012345")
    expect(page.locator("[name=line_quantity]")).to_have_value("2")


def test_what_arrives_is_counted_by_scanning_it(page, sign_in, shop):
    sent = send_goods(
        source=shop.here, destination=shop.there, lines=[GoodsLine(shop.bread.pk, shop.bread.cost * 5)],
        user=None, now=shop.bread.created_at,
    )  # fmt: skip
    assert Transfer.objects.get() == sent
    sign_in(page, f"/transfers/{sent.pk}/receive/")
    amount = page.locator(".stepper__input")
    expect(amount).to_have_value("6")
    shoot(page, "4001")
    expect(amount).to_have_value("1")
    shoot(page, "4001")
    expect(amount).to_have_value("2")
    shoot(page, "999999")
    expect(page.locator("#scan-note")).to_contain_text("999999 belongs to none of these lines")
    expect(amount).to_have_value("2")


def test_what_nobody_scanned_is_not_received(page, sign_in, shop):
    goods = [GoodsLine(shop.bread.pk, Decimal(5)), GoodsLine(shop.rice.pk, Decimal(3))]
    sent = send_goods(source=shop.here, destination=shop.there, lines=goods, user=None, now=shop.bread.created_at)
    sign_in(page, f"/transfers/{sent.pk}/receive/")
    bread, rice = (page.locator(f"[data-name='{name}'] .stepper__input") for name in ("Brown bread", "Long rice"))
    rice.fill("2")
    shoot(page, "4001")
    expect(page.locator("#scan-began")).to_be_visible()
    expect(rice).to_have_value("2")
    rice.fill("9")
    page.get_by_role("button", name="Receive", exact=True).click()
    expect(page.locator(".field__error")).to_be_visible()
    shoot(page, "4001")
    expect(bread).to_have_value("2")
    page.goto(page.url)
    expect(rice).to_have_value("3")
    shoot(page, "4001")
    expect(rice).to_have_value("0")


def video_of(code, path):
    """A film (Y4M, which Chromium shows instead of a camera) of a printed label."""
    page = pypdfium2.PdfDocument(render_labels([Label("Bread", code)], SHEETS["roll-60x40"]))[0]
    label = page.render(scale=3, grayscale=True).to_pil()
    frame = Image.new("L", (WIDTH, HEIGHT), 190)
    frame.paste(label, ((WIDTH - label.width) // 2, (HEIGHT - label.height) // 2))
    colour = bytes([128]) * (WIDTH * HEIGHT // 2)
    picture = b"FRAME\n" + np.asarray(frame).tobytes() + colour
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + picture * 5)
    return path


@pytest.fixture
def camera(playwright, tmp_path):
    """camera("4001") is a page of a browser whose camera sees that code."""
    opened = []

    def start(code):
        film = video_of(code, tmp_path / "camera.y4m")
        flags = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
        browser = playwright.chromium.launch(
            executable_path=str(find_chromium()),
            args=[*CHROMIUM_FLAGS, *flags, f"--use-file-for-fake-video-capture={film}"],
        )
        opened.append(browser)
        return browser.new_context(permissions=["camera"]).new_page()

    yield start
    for browser in opened:
        browser.close()


@pytest.mark.parametrize("code", ["4006381333931", "B1"])
def test_the_camera_reads_a_printed_label(camera, sign_in, shop, code):
    shop.bread.barcodes.create(code="4006381333931")
    page = sign_in(camera(code), "/stock/sell/")
    page.get_by_role("button", name="Scan with the camera").click()
    expect(page.locator("#scanner [data-read]")).to_have_text(code)
    expect(page.locator("[name=line_code]")).to_have_value("B1")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#scanner")).to_be_hidden()
    expect(page.locator("[name=line_quantity]")).to_have_value(re.compile("[1-9]"))
