"""A person brings a file: the bar moves by itself, the end is told, faults come as list and file; on a phone too."""

import csv

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from imports.models import FileImport
from inventory.models import Location, Movement, Sku
from tests.journeys.conftest import PASSWORD
from tests.journeys.steps import Person

HEAD = "Date,Type,Item,Shop,Units\n"


@pytest.fixture
def shop(transactional_db):
    boss = User.objects.create_user("boss", password=PASSWORD, role="administrator", sees_all_locations=True)
    Location.objects.create(code="MAIN", name="Main street", kind="store")
    Sku.objects.create(code="A", name="Apple", created_at=timezone.now())
    return boss


@pytest.fixture(params=[False, True], ids=["desk", "phone"])
def person(shop, new_context, live_server, request):
    return Person(new_context, live_server.url, "boss", phone=request.param)


def upload(person, text):
    person.open("/import/?kind=movements")
    person.page.locator("[name=file]").set_input_files(
        {"name": "till.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    person.page.get_by_role("button", name="Upload", exact=True).click()


def test_columns_are_chosen_and_the_file_is_loaded(person):
    upload(person, HEAD + "2026-02-01,receipt,A,MAIN,5\n")
    expect(person.page.locator("#preview")).to_contain_text("2026-02-01")
    for column, place in (("sku", "2"), ("quantity", "4")):
        person.page.locator(f"[name={column}]").select_option(place)
    person.page.get_by_role("button", name="Check and load").click()
    expect(person.page.locator("#import-status")).to_contain_text("1 row read")
    assert Movement.objects.get().quantity == 5
    assert person.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_faults_are_listed_and_can_be_taken_away(person):
    upload(person, "date,kind,sku,location,quantity\n2026-02-01,receipt,NO,MAIN,5\n")
    person.page.get_by_role("button", name="Check and load").click()
    expect(person.page.locator("#import-errors")).to_contain_text("There is no SKU NO")
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="List as CSV").click()
    with download.value.path().open(encoding="utf-8-sig") as file:
        assert [row[:3] for row in csv.reader(file)][1] == ["2", "sku", "NO"]
    assert person.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_bar_moves_by_itself_until_the_end(shop, person):
    record = FileImport.objects.create(
        kind="movements", state="running", stage="reading", stage_percent=50, row_count=1000, file_name="big.csv",
        uploaded_at=timezone.now(), imported_by=shop,
    )  # fmt: skip
    person.open(f"/import/{record.pk}/")
    bar = person.page.locator("progress.progress")
    expect(bar).to_have_attribute("value", "15")
    FileImport.objects.update(stage="writing", stage_percent=50, row_count=2000)
    expect(bar).to_have_attribute("value", "70")
    FileImport.objects.update(state="done", changed_count=2000)
    expect(person.page.locator("#import-status")).to_contain_text("2,000 entries added or changed.")
    expect(bar).to_have_count(0)
