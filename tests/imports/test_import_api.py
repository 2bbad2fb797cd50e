"""Files brought by programs: once, asked after, refused with rows and columns."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.api_keys import create_api_key
from imports.models import FileImport, FilePiece
from imports.services.files import forget_old_files
from inventory.models import Location, Movement

HEAD = "date,kind,sku,location,quantity\n"


@pytest.fixture
def shop(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\n")
    take_in("skus", "code,name,unit\nA,Apple,each\n")
    return Location.objects.get(code="MAIN")


def caller(role, *places):
    user = User.objects.create_user(f"{role}{User.objects.count()}", role=role, sees_all_locations=not places)
    for place in places:
        user.location_access.create(location=place)
    _key, token = create_api_key(user=user, name="till", now=timezone.now())
    return Client(headers={"Authorization": f"Api-Key {token}"})


@pytest.fixture
def till(shop):
    return caller("manager", shop)


def bring(client, text, key="k1", **fields):
    file = SimpleUploadedFile("m.csv", text.encode())
    body = {"kind": "movements", "file": file, **fields}
    return client.post("/api/v1/imports/", body, headers={"Idempotency-Key": key} if key else {})


ROW = "2026-02-01,receipt,A,MAIN,5\n"


def test_a_file_is_taken_in_and_a_repeat_of_the_call_gets_the_first_answer(till):
    first = bring(till, HEAD + ROW)
    assert first.status_code == 202
    assert bring(till, HEAD + ROW).json() == first.json()
    found = till.get(f"/api/v1/imports/{first.json()['id']}/").json()
    assert (found["state"], found["rows"], found["changed"], found["percent"]) == ("done", 1, 1, 100)
    assert FileImport.objects.filter(kind="movements").count() == 1
    assert [row["id"] for row in till.get("/api/v1/imports/").json()["results"]] == [found["id"]]


def test_the_same_key_with_another_file_is_refused_and_no_key_too(till):
    bring(till, HEAD + ROW)
    assert bring(till, HEAD + ROW.replace("5", "6")).status_code == 422
    assert bring(till, HEAD + ROW, key="").status_code == 400
    assert Movement.objects.count() == 1


def test_the_same_file_with_another_key_changes_nothing(till):
    bring(till, HEAD + ROW)
    again = bring(till, HEAD + ROW, key="k2").json()
    assert till.get(f"/api/v1/imports/{again['id']}/").json()["changed"] == 0
    assert Movement.objects.count() == 1


def test_faults_are_told_with_row_and_column(till):
    number = bring(till, HEAD + "2026-02-01,receipt,NO,MAIN,5\n").json()["id"]
    found = till.get(f"/api/v1/imports/{number}/").json()
    assert (found["state"], found["error_count"]) == ("refused", 1)
    (error,) = till.get(f"/api/v1/imports/{number}/errors/").json()
    assert (error["row"], error["column"], error["code"], error["value"]) == (2, "sku", "unknown_sku", "NO")
    assert b"unknown" not in till.get(f"/api/v1/imports/{number}/errors.csv").content
    assert till.get(f"/api/v1/imports/{number}/errors.pdf").status_code == 404


def test_columns_are_named_by_their_headings(till):
    mapping = json.dumps({"date": "Tag", "kind": "Art", "sku": "Artikel", "location": "Ort", "quantity": "Stk"})
    answer = bring(till, "Tag,Art,Artikel,Ort,Stk\n" + ROW, mapping=mapping)
    assert till.get(f"/api/v1/imports/{answer.json()['id']}/").json()["state"] == "done"


@pytest.mark.parametrize(
    "fields", [{"mapping": '{"date": "No"}'}, {"mapping": "[1]"}, {"kind": "gifts"}, {"encoding": "klingon"}]
)
def test_a_call_that_makes_no_sense_is_refused(till, fields):
    assert bring(till, HEAD + ROW, **fields).status_code in (400, 422)
    assert not FileImport.objects.filter(kind="movements").exists()


def test_what_is_no_table_is_refused_at_once(till):
    answer = till.post(
        "/api/v1/imports/",
        {"kind": "movements", "file": SimpleUploadedFile("m.xlsx", b"PK\x03\x04nonsense")},
        headers={"Idempotency-Key": "k"},
    )
    assert answer.status_code == 422
    assert "cannot be read" in answer.json()["title"]


def test_staff_and_strangers(till, shop):
    number = bring(till, HEAD + ROW).json()["id"]
    staff = caller("staff", shop)
    assert bring(staff, HEAD + ROW).status_code == 403
    for path in ("", "errors/", "errors.csv"):
        assert staff.get(f"/api/v1/imports/{number}/{path}").status_code == 404
    assert bring(caller("purchaser"), HEAD + ROW).status_code == 403


def test_lists_leave_by_the_api_as_by_the_page(till):
    bring(till, HEAD + ROW)
    text = b"".join(till.get("/api/v1/exports/movements.csv?location=MAIN").streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 2
    assert till.get("/api/v1/exports/movements.csv?since=x").status_code == 422
    assert till.get("/api/v1/exports/secrets.csv").status_code == 404


def test_bytes_are_forgotten_after_a_week_and_what_was_found_stays(till):
    bring(till, HEAD + "2026-02-01,receipt,NO,MAIN,5\n")
    assert forget_old_files(now=timezone.now() + timedelta(days=6)) == 0
    assert forget_old_files(now=timezone.now() + timedelta(days=8)) == 1
    assert not FilePiece.objects.exists()
    assert FileImport.objects.get(kind="movements").error_count == 1


def test_however_many_files_came_in_a_day_the_bytes_of_all_are_forgotten(till, monkeypatch):
    monkeypatch.setattr("imports.services.files.PRUNED_AT_ONCE", 1)
    for number in range(3):
        bring(till, HEAD + f"2026-02-0{number + 1},receipt,NO,MAIN,5\n", key=f"k{number}")
    assert forget_old_files(now=timezone.now() + timedelta(days=8)) == 3
    assert not FilePiece.objects.exists()


@pytest.mark.parametrize("text", [HEAD + "2026-02-01,receipt,A\0,MAIN,5\n", "da\0te\n1\n", "\0" * 100])
def test_a_file_with_a_nul_is_refused_in_words_that_show_it(till, text):
    number = bring(till, text).json()["id"]
    assert till.get(f"/api/v1/imports/{number}/").json()["state"] == "refused"
    shown = [f"{fault['heading']} {fault['value']}" for fault in till.get(f"/api/v1/imports/{number}/errors/").json()]
    assert any("\N{SYMBOL FOR NULL}" in words for words in shown)


@pytest.mark.parametrize("mapping", ["[" * 100_000, '{"date":' * 100_000, '{"date": "\\ud800"}', '{"date": "\\u0000"}'])
def test_headings_that_cannot_be_kept_or_walked_are_refused(till, mapping):
    till.raise_request_exception = False
    answer = bring(till, HEAD + ROW, mapping=mapping)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
