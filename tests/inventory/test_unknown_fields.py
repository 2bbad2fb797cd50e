"""A field that no call has is refused by name, beside what else is wrong; nothing is changed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from accounts.models import User
from inventory.api.batch import BatchLineInput
from inventory.api.batch_lines import FIELDS
from inventory.models import Posting, Sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(client, firm):
    client.force_login(User.objects.create_user("boss", role="administrator", sees_all_locations=True))

    def call(method, path, body, **headers):
        headers = {"Idempotency-Key": "k", "If-Match": "*", **headers}
        return getattr(client, method)(f"/api/v1/{path}", body, "application/json", headers=headers)

    return call


def told(answer):
    return {row["field"]: row["message"] for row in answer.json()["errors"]}


def test_a_misspelt_field_is_refused_with_the_right_one(firm, send):
    answer = send("patch", f"skus/{firm.apple.pk}/", {"pirce": "9", "name": "Pear"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert told(answer) == {"pirce": "There is no such field here. Did you mean price?"}
    assert Sku.objects.get(pk=firm.apple.pk).name == firm.apple.name


def test_one_that_resembles_none_is_told_which_there_are(firm, send):
    answer = send("patch", f"locations/{firm.shop.pk}/", {"zzz": 1})
    assert told(answer)["zzz"] == "There is no such field here. There are: address, contact, may_go_negative."


def test_it_is_told_beside_what_else_is_wrong(send):
    assert set(told(send("post", "suppliers/", {"code": "A", "nam": "B", "currency": "EUR"}))) == {"nam", "name"}


def test_a_line_is_told_by_its_number(firm, send):
    body = {
        "location": "SHOP",
        "lines": [{"sku": "apple", "quantity": "1"}, {"sku": "apple", "quantity": "1", "lott": "A"}],
    }
    assert set(told(send("post", "receipts/", body))) == {"lines[1].lott"}
    assert not Posting.objects.exists()


def test_a_line_of_many_movements_is_told_too(firm, send):
    line = {"kind": "receipt", "sku": "apple", "quantity": "5", "location": "SHOP"}
    answer = send("post", "movements/", {"lines": [line, {**line, "unitprice": "1", "customer": "Li"}]})
    assert set(told(answer)) == {"lines[1].unitprice", "lines[1].customer"}
    assert not Posting.objects.exists()
    assert set(BatchLineInput().fields) == FIELDS


def test_what_was_read_can_be_sent_back(firm, send):
    path = f"skus/{firm.apple.pk}/"
    read = send("get", path, {}).json()
    assert send("patch", path, read).status_code == 200


def test_a_part_of_a_form_with_a_file_is_a_field_as_well(client, send):
    body = {"kind": "skus", "file": SimpleUploadedFile("a.csv", b"code,name\nA,Apple\n"), "timezone": "Asia/Shanghai"}
    answer = client.post("/api/v1/imports/", body, headers={"Idempotency-Key": "k"})
    assert told(answer) == {"timezone": "There is no such field here. Did you mean time_zone?"}
    assert not Sku.objects.filter(code="A").exists()


def test_a_parameter_of_a_list_is_not_looked_at(send):
    assert send("get", "lot-levels/?nonsense=1", {}).status_code == 200


def test_it_is_said_in_chinese(firm, send):
    with translation.override("zh-hans"):
        answer = send("patch", f"skus/{firm.apple.pk}/", {"pirce": "9"}, **{"Accept-Language": "zh-hans"})
    assert told(answer)["pirce"] == "此处没有这个字段。您是否想写 price？"
