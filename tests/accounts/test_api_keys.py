import pytest

from accounts.models import ApiKey, AuditEvent, Role, User

pytestmark = pytest.mark.django_db
JSON = "application/json"
KEYS = "/api/v1/api-keys/"


@pytest.fixture
def mia(client):
    user = User.objects.create_user("mia", role=Role.STAFF)
    client.force_login(user)
    return user


def with_key(client, token):
    client.logout()
    return {"headers": {"Authorization": f"Api-Key {token}"}}


def test_a_key_acts_as_its_user(client, mia):
    made = client.post(KEYS, {"name": "till"}, JSON)
    assert made.status_code == 201
    me = client.get("/api/v1/me/", **with_key(client, made.json()["token"])).json()
    assert (me["username"], me["role"]) == ("mia", "staff")
    assert "view_stock" in me["permissions"] and "manage_users" not in me["permissions"]


def test_the_token_is_shown_once_and_not_stored(client, mia):
    token = client.post(KEYS, {"name": "till"}, JSON).json()["token"]
    assert "token" not in client.get(KEYS).json()["results"][0]
    assert token.partition(".")[2] not in str(ApiKey.objects.values().get())


def test_a_revoked_key_is_refused_and_stays_in_the_list(client, mia):
    made = client.post(KEYS, {"name": "till"}, JSON).json()
    assert client.delete(f"{KEYS}{made['id']}/").status_code == 204
    assert client.delete(f"{KEYS}{made['id']}/").status_code == 404
    assert client.get(KEYS).json()["results"][0]["revoked_at"]
    assert client.get("/api/v1/me/", **with_key(client, made["token"])).status_code == 401


def test_who_made_and_revoked_a_key_stays_on_record_without_its_secret(client, mia):
    made = client.post(KEYS, {"name": "till"}, JSON).json()
    for _twice in range(2):
        client.delete(f"{KEYS}{made['id']}/")
    acts = AuditEvent.objects.filter(object_type="api_key", object_id=str(made["id"]), actor=mia).order_by("pk")
    assert [act.action for act in acts] == ["create", "revoke"]
    assert acts[0].data == {"name": "till", "prefix": made["prefix"], "is_read_only": False}


def test_a_reading_key_cannot_write(client, mia):
    token = client.post(KEYS, {"name": "report", "is_read_only": True}, JSON).json()["token"]
    signed = with_key(client, token)
    assert client.get(KEYS, **signed).status_code == 200
    refusal = client.post(KEYS, {"name": "more"}, JSON, **signed)
    assert (refusal.status_code, refusal.json()["title"]) == (403, "This API key may only read.")
    assert "WWW-Authenticate" not in refusal
    assert ApiKey.objects.count() == 1


def test_a_key_cannot_make_keys_that_would_outlive_it(client, mia):
    signed = with_key(client, client.post(KEYS, {"name": "till"}, JSON).json()["token"])
    assert client.post(KEYS, {"name": "more"}, JSON, **signed).status_code == 403
    assert ApiKey.objects.get().name == "till"


def test_a_key_cannot_have_expired_before_it_is_made(client, mia):
    assert client.post(KEYS, {"name": "till", "expires_at": "2020-01-01T00:00:00Z"}, JSON).status_code == 400


def test_keys_of_others_are_not_there(client, mia):
    other = ApiKey.objects.create(
        user=User.objects.create_user("ben"), name="b", prefix="b", secret_sha256="x", created_at=mia.date_joined
    )
    assert client.get(KEYS).json()["count"] == 0
    assert client.get(f"{KEYS}{other.pk}/").status_code == 404
    assert client.delete(f"{KEYS}{other.pk}/").status_code == 404
    assert ApiKey.objects.get().revoked_at is None


def test_a_key_cannot_be_given_to_somebody_else_or_set_by_hand(client, mia):
    ben = User.objects.create_user("ben")
    refused = client.post(KEYS, {"name": "till", "user": ben.pk}, JSON)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "user")
    made = client.post(KEYS, {"name": "till", "prefix": "mine", "revoked_at": None}, JSON).json()
    key = ApiKey.objects.get()
    assert (key.user, key.prefix == "mine", made["prefix"]) == (mia, False, key.prefix)


def test_nobody_is_nobody(client):
    assert client.get("/api/v1/me/").status_code in (401, 403)
    assert client.get(KEYS).status_code in (401, 403)
