"""A value that does not fit is answered in our words, in forms, bodies and parameters alike."""

import pytest
from django import forms
from django.utils import translation
from rest_framework import serializers

from accounts.models import User
from accounts.plain_words import OF_FORMS, OF_SERIALIZERS, not_a_choice
from config import urls  # noqa: F401  # so that all forms and serializers are there
from inventory.models import MovementKind

pytestmark = pytest.mark.django_db
THEIRS = ("Enter a ", "Ensure th", "Select a valid", "valid choice", "valid number", "valid integer", "valid boolean",
          "valid string", "wrong format", "pk ", "Object with", "E-")  # fmt: skip
ODD = ("abc", "-7", "9" * 30, "1.23456789", "{}", [], {}, True)


def below(base):
    for one in base.__subclasses__():
        yield one
        yield from below(one)


def of_ours(base):
    """The classes of the project, in an order that stays."""
    apps = ("accounts", "alerts", "dashboards", "forecasting", "imports", "inventory", "jobs", "orders", "outbox",
            "people", "suppliers")  # fmt: skip
    found = {one for one in below(base) if one.__module__.split(".")[0] in apps}
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def said_by_forms():
    known = tuple(OF_FORMS)
    for form in of_ours(forms.BaseForm):
        for name, field in getattr(form, "base_fields", {}).items():
            for odd in ODD[:5]:
                if isinstance(field, known):
                    try:
                        field.clean(odd)
                    except forms.ValidationError as refusal:
                        yield from ((f"{form.__name__}.{name}", message) for message in refusal.messages)


def said_by_serializers():
    known = (*OF_SERIALIZERS, serializers.ChoiceField)
    for serializer in of_ours(serializers.Serializer):
        for name, field in serializer().fields.items():
            for odd in ODD:
                if isinstance(field, known) and not field.read_only and "Location" not in type(field).__name__:
                    try:
                        field.run_validation(odd)
                    except serializers.ValidationError as refusal:
                        yield from ((f"{serializer.__name__}.{name}", str(one)) for one in refusal.detail)


def test_no_form_speaks_the_words_of_the_framework():
    said = list(said_by_forms())
    assert len(said) > 500
    assert [row for row in said if any(words in row[1] for words in THEIRS)] == []


LIMITS = ("Ensure this value", "Ensure that there are no more", "Ensure this field has ")


def test_no_serializer_speaks_the_words_of_the_framework():
    """Their words about limits say what would fit, and stay."""
    said = [row for row in said_by_serializers() if not row[1].startswith(LIMITS)]
    assert len(said) > 500
    assert [row for row in said if any(words in row[1] for words in THEIRS)] == []


def test_both_speak_chinese():
    with translation.override("zh-hans"):
        said = {message for _where, message in [*said_by_forms(), *said_by_serializers()]}
    assert [message for message in said if message.isascii()] == []


def test_a_long_list_of_choices_is_cut():
    message = not_a_choice("x" * 99, range(1, 99))
    assert message.startswith("x" * 60 + " is not known here. Choose one of: 1, 2,")
    assert message.endswith("39, 40, ….")


@pytest.fixture
def admin(client):
    client.force_login(User.objects.create_user("boss", role="administrator", sees_all_locations=True))
    return client


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("movements/?kind=gift", f"gift is not known here. Choose one of: {', '.join(MovementKind.values)}."),
        ("proposals/?location=NOWHERE", "There is nothing with the code or id NOWHERE here."),
        ("delegations/?giver=77", "There is nothing with the id 77 here."),
        ("alerts/?state=lost", "lost is not known here. Choose one of: "),
        ("movements/?since=soon", "Write the day like 2027-03-31."),
    ],
)  # fmt: skip
def test_a_parameter_is_told_what_it_may_be(admin, address, message):
    answer = admin.get(f"/api/v1/{address}")
    assert answer.status_code == 400
    (row,) = answer.json()["errors"]
    assert row["field"] == address.partition("?")[2].partition("=")[0]
    assert row["message"].startswith(message)


def test_the_title_of_a_refusal_is_in_the_language_of_its_reader(admin):
    answer = admin.get("/api/v1/movements/?kind=gift", headers={"Accept-Language": "zh-hans"}).json()
    assert answer["title"] == "请求无效。"
    assert answer["errors"][0]["message"].startswith("系统中没有 gift，请从以下选择：opening, ")
