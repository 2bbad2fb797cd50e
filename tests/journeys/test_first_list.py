"""The way of docs/start.md: two files, one press, the first list of what is at risk."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from jobs.models import JobRun
from tests.journeys.conftest import PASSWORD
from tests.journeys.steps import Person
from tests.waiting import wait_until


@pytest.fixture
def owner(transactional_db, monkeypatch, new_context, live_server):
    """The administrator that the first start makes, on a desk."""
    monkeypatch.setenv("NEW_PASSWORD", PASSWORD)
    call_command("create_user", "admin", "--role", "administrator", verbosity=0)
    return Person(new_context, live_server.url, "admin")


def upload(owner, kind, name, text):
    owner.open("/import/")
    owner.page.locator("[name=kind]").select_option(kind)
    owner.page.locator("[name=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    owner.page.get_by_role("button", name="Upload", exact=True).click()
    owner.page.get_by_role("button", name="Check and load").click()


def template(owner, kind):
    """The template as the page gives it."""
    owner.open("/import/")
    with owner.page.expect_download() as download:
        owner.page.locator(f"a[href*='/templates/{kind}.csv']").click()
    return download.value.path().read_text(encoding="utf-8-sig")


def sales_of_tea():
    today = timezone.now().date()
    days = [today - timedelta(days=back) for back in range(1, 91)]
    return "date,sku,location,quantity\n" + "".join(f"{day},TEA-001,MAIN,9\n{day},TEA-002,MAIN,1\n" for day in days)


def test_two_spreadsheets_give_the_first_list(owner, running):
    upload(owner, "products", "products.csv", template(owner, "products"))
    expect(owner.page.locator("main")).to_contain_text("2 rows read")
    upload(owner, "sales", "sales.csv", sales_of_tea())
    expect(owner.page.locator("main")).to_contain_text("180 rows read")
    owner.page.get_by_role("button", name="Forecast now").click()
    wait_until(lambda: JobRun.objects.filter(job="nightly", slot__contains="asked", state="done").exists(), 120)
    owner.sees("/stockouts/", "Green tea 100 g")
    owner.sees("/proposals/", "Green tea 100 g")


def test_a_file_with_mistakes_names_each_and_changes_nothing(owner):
    text = template(owner, "products").replace("42", "forty-two").replace("6901234567892", "").replace("4.90", "-1")
    upload(owner, "products", "products.csv", text)
    errors = owner.page.locator("#import-errors")
    expect(errors).to_contain_text("products.csv was not imported")
    expect(errors.locator("tbody tr")).to_have_count(2)
    expect(errors).to_contain_text("forty-two is not a number")
    owner.open("/stock/")
    expect(owner.page.locator("main")).not_to_contain_text("Green tea")


def test_a_workbook_that_is_none_is_refused_with_the_way_out(owner):
    owner.open("/import/")
    workbook = {"name": "products.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04rest"}
    owner.page.locator("[name=file]").set_input_files(workbook)
    owner.page.get_by_role("button", name="Upload", exact=True).click()
    expect(owner.page.locator("main")).to_contain_text("save it once more")
