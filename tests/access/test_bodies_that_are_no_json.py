"""What a program sends and nobody can read is refused in words that say where, in the language it asked for."""

import pytest

from accounts.models import Role, User

pytestmark = pytest.mark.django_db
NO_JSON = {
    b'{"code": "tea",\n "name": }': (
        "The body is no JSON: it cannot be read at line 2, column 10.",
        "请求内容不是 JSON：第 2 行第 10 列无法读取。",
    ),
    b'{"code": "\xff"}': ("The body is no JSON: send it in UTF-8.", "请求内容不是 JSON：请用 UTF-8 发送。"),
    b'{"price": NaN}': (
        "The body is no JSON: NaN and Infinity are no numbers there.",
        "请求内容不是 JSON：其中不能有 NaN 和 Infinity。",
    ),
}


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_user("ada", role=Role.ADMINISTRATOR, sees_all_locations=True))
    return client


@pytest.mark.parametrize("body", NO_JSON)
@pytest.mark.parametrize(("language", "place"), [("en", 0), ("zh-hans", 1)])
def test_it_says_where_it_cannot_be_read(admin, body, language, place):
    answer = admin.post(
        "/api/v1/skus/", body, "application/json", headers={"Accept-Language": language, "Idempotency-Key": "k"}
    )
    assert answer.status_code == 400
    assert answer.json()["title"] == NO_JSON[body][place]
