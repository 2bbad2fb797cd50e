"""The way of a file through the pages: upload, columns, load, result or faults; only one's own, only what one may."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import User
from imports.domain.kinds import KINDS
from imports.models import FileImport, FilePiece
from inventory.models import Location, Movement, Sku

HEAD = "date,kind,sku,location,quantity\n"


@pytest.fixture
def shop(take_in):
    take_in("locations", "code,name,time_zone\nMAIN,Main,Asia/Shanghai\nSIDE,Side,Asia/Shanghai\n")
    take_in("skus", "code,name,unit\nA,Apple,each\n")
    return Location.objects.get(code="MAIN")


def client_of(role, *places):
    user = User.objects.create_user(f"{role}{User.objects.count()}", role=role, sees_all_locations=not places)
    for place in places:
        user.location_access.create(location=place)
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def manager(shop):
    return client_of("manager", shop)


def send(client, kind, text, name="file.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return client.post("/import/", {"kind": kind, "file": SimpleUploadedFile(name, data)})


def uploaded(client, kind, text, name="file.csv"):
    answer = send(client, kind, text, name)
    assert answer.status_code == 302, answer.content.decode()
    return FileImport.objects.get(pk=int(answer["Location"].rstrip("/").rsplit("/", 1)[1]))


def chosen(client, record):
    """The columns as the page proposes them."""
    form = client.get(f"/import/{record.pk}/").context["form"]
    return {field.name: field.initial or "" for field in form}


def load(client, record, **changes):
    return client.post(f"/import/{record.pk}/start/", {**chosen(client, record), **changes}, follow=True)


def test_a_file_is_shown_before_it_is_loaded_and_loaded_once(manager):
    record = uploaded(manager, "movements", HEAD + "2026-02-01,receipt,A,MAIN,5\n")
    page = manager.get(f"/import/{record.pk}/").content.decode()
    assert "2026-02-01" in page
    assert not Movement.objects.exists()
    assert "1 row read" in load(manager, record).content.decode()
    assert Movement.objects.count() == 1
    assert manager.post(f"/import/{record.pk}/start/", {}).status_code == 302
    assert Movement.objects.count() == 1


def test_columns_of_other_names_are_chosen_by_hand(manager):
    text = "Tag;Art;Artikel;Filiale;Stk;Bemerkung\n2026-02-01;receipt;A;MAIN;5;x\n"
    record = uploaded(manager, "movements", text)
    page = manager.get(f"/import/{record.pk}/")
    assert "Not used: Tag, Art, Artikel, Filiale, Stk, Bemerkung" in page.content.decode()
    load(manager, record, date="0", kind="1", sku="2", location="3", quantity="4")
    assert Movement.objects.get().quantity == 5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sku": ""}, "Say which column of the file this is."),
        ({"sku": "0"}, "taken for another thing already"),
        ({"sku": "99"}, "This is not in the list"),
        ({"sku": "-1"}, "This is not in the list"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(manager, changes, message):
    record = uploaded(manager, "movements", HEAD + "2026-02-01,receipt,A,MAIN,5\n")
    answer = load(manager, record, **changes)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert FileImport.objects.get(pk=record.pk).state == "uploaded"


def test_letters_that_look_wrong_are_mended_by_another_encoding(manager):
    record = uploaded(manager, "skus", "code,name\nE1,éé\n".encode("cp1252"))
    assert "éé" not in manager.get(f"/import/{record.pk}/").content.decode()
    assert "éé" in manager.get(f"/import/{record.pk}/?encoding=cp1252").content.decode()
    load(manager, record, encoding="cp1252")
    assert Sku.objects.get(code="E1").name == "éé"


def test_faults_are_listed_and_given_as_files(manager):
    rows = "2026-02-01,receipt,=A+1,MAIN,5\n2026-02-01,receipt,A,MAIN,x\n"
    record = uploaded(manager, "movements", HEAD + rows)
    page = load(manager, record).content.decode()
    assert "file.csv was not imported" in page
    assert "There is no SKU =A+1" in page
    answer = manager.get(f"/import/{record.pk}/errors.csv")
    found = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[:3] for row in found[1:]] == [["2", "sku", "'=A+1"], ["3", "quantity", "x"]]
    book = CalamineWorkbook.from_filelike(io.BytesIO(manager.get(f"/import/{record.pk}/errors.xlsx").content))
    assert book.get_sheet_by_index(0).to_python()[1][:3] == [2, "sku", "'=A+1"]
    assert not Movement.objects.exists()


def test_only_the_first_faults_are_kept_and_all_are_counted(manager):
    record = uploaded(manager, "movements", HEAD + "2026-02-01,receipt,A,MAIN,x\n" * 1_500)
    page = load(manager, record).content.decode()
    assert "Mend these 1,500 places" in page
    record.refresh_from_db()
    assert (record.error_count, len(record.errors), record.errors[0][0]) == (1_500, 1_000, 2)
    assert "500 more places like these." in manager.get(f"/import/{record.pk}/errors.csv").content.decode()


def test_a_workbook_goes_the_same_way(manager):
    template = manager.get("/import/templates/movements.xlsx").content
    assert template[:2] == b"PK"
    record = uploaded(manager, "movements", template, "file.xlsx")
    Sku.objects.create(code="TEA-001", name="Tea", created_at=record.uploaded_at)
    Location.objects.create(code="DEPOT", name="Depot", kind="warehouse")
    page = load(manager, record).content.decode()
    assert "There is no location DEPOT" in page


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_templates_have_the_headings_of_their_kind(manager, kind, ending):
    data = manager.get(f"/import/templates/{kind}.{ending}").content
    if ending == "csv":
        head = data.decode("utf-8-sig").splitlines()[0].split(",")
    else:
        head = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[0]
    assert head == KINDS[kind].headings


def test_staff_bring_counts_of_their_own_store_and_nothing_else(shop):
    staff = client_of("staff", shop)
    assert [card.name for card in staff.get("/import/").context["kinds"]] == ["counts"]
    assert send(staff, "movements", HEAD + "2026-02-01,receipt,A,MAIN,5\n").status_code == 422
    record = uploaded(staff, "counts", "sku,location,quantity\nA,SIDE,5\n")
    assert "There is no location SIDE that you may write to" in load(staff, record).content.decode()


def test_the_file_of_another_person_does_not_exist(manager, shop):
    record = uploaded(manager, "movements", HEAD + "2026-02-01,receipt,A,MAIN,x\n")
    other = client_of("manager", shop)
    for method, path in (("get", ""), ("post", "start/"), ("post", "discard/"), ("get", "errors.csv")):
        assert getattr(other, method)(f"/import/{record.pk}/{path}").status_code == 404
    assert record.file_name not in other.get("/import/").content.decode()
    assert client_of("administrator").get(f"/import/{record.pk}/").status_code == 200


def test_a_file_that_nobody_wants_is_gone(manager):
    record = uploaded(manager, "movements", HEAD + "2026-02-01,receipt,A,MAIN,5\n")
    manager.post(f"/import/{record.pk}/discard/")
    assert not FileImport.objects.filter(pk=record.pk).exists()
    assert not FilePiece.objects.exists()


def test_a_file_that_is_too_large_is_refused_and_not_kept(manager, monkeypatch):
    monkeypatch.setattr("imports.forms.MOST_BYTES", 10)
    before = FileImport.objects.count()
    answer = send(manager, "movements", HEAD)
    assert answer.status_code == 422
    assert FileImport.objects.count() == before


def test_who_may_make_no_stores_is_not_asked_for_their_time_zone(client, db):
    user = User.objects.create_user("sam", role="staff", sees_all_locations=True)
    client.force_login(user)
    page = client.get(reverse("imports:upload"))
    assert "time_zone" not in page.content.decode()
    file = SimpleUploadedFile("counts.csv", b"sku,location,quantity\nA,B,1\n")
    answer = client.post(reverse("imports:upload"), {"kind": "counts", "file": file})
    assert answer.status_code == 302
    user.role = "administrator"
    user.save()
    assert 'name="time_zone"' in client.get(reverse("imports:upload")).content.decode()


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("staff", {"counts"}),
        ("purchaser", {"suppliers", "terms", "closures", "promotions", "holidays", "predecessors"}),
        ("manager", set(KINDS)),
    ],
)
def test_each_role_brings_what_is_theirs_to_say(shop, role, kinds):
    page = client_of(role).get("/import/")
    assert {card.name for card in page.context["kinds"]} == kinds
    assert {name for name, _title in page.context["form"].fields["kind"].choices} == kinds


def test_a_purchaser_brings_suppliers_and_promotions_and_no_stock(shop):
    client = client_of("purchaser")
    assert "/import/" in client.get("/suppliers/").content.decode()
    uploaded(client, "suppliers", "code,name\nLEAF,Leaf\n")
    uploaded(client, "promotions", "name,starts_on,ends_on,location\nFair,2026-05-01,2026-05-02,MAIN\n")
    assert send(client, "movements", HEAD).status_code == 422
    assert client.post("/import/first-list/").status_code == 403


def test_files_of_kinds_that_are_not_theirs_are_not_there(shop, manager):
    record = uploaded(manager, "movements", HEAD + "2026-02-01,receipt,A,MAIN,5\n")
    purchaser = client_of("purchaser")
    assert purchaser.get(f"/import/{record.pk}/").status_code == 404
    assert purchaser.get(f"/api/v1/imports/{record.pk}/").status_code == 404
    assert list(purchaser.get("/import/").context["recent"]) == []
