"""What Django and Django REST framework say of a value that does not fit, in our words: what would be right there.

Both keep their words in a dictionary of each class of fields, which a field reads when it is made; ours are put there
when the program starts, so that every form and serializer speaks alike and names only what it knows better.
"""

from collections.abc import Iterable
from typing import Any, NoReturn

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from rest_framework import serializers

# As the stubs of both frameworks have it.
Words = dict[str, Any]
SHOWN_CHARACTERS = 60
# Of a longer list, such as all countries, the first ones show what is meant.
MOST_NAMED = 40

_NUMBER_LIMITS: Words = {
    "min_value": lazy("Type %(limit_value)s or more."),
    "max_value": lazy("Type %(limit_value)s or less."),
    "max_digits": lazy("This number is too long: at most %(max)s digits are kept."),
    "max_decimal_places": lazy("Type at most %(max)s places after the point."),
    "max_whole_digits": lazy("This number is too large: at most %(max)s digits stand before the point."),
}
_NOT_IN_LIST: Words = {"invalid_choice": lazy("This is not in the list, or not any more. Choose from it.")}
OF_FORMS: dict[type[forms.Field], Words] = {
    forms.IntegerField: {"invalid": lazy("Type a whole number, for example 12."), **_NUMBER_LIMITS},
    forms.FloatField: {"invalid": lazy("Type a number, for example 12.5."), **_NUMBER_LIMITS},
    forms.DecimalField: {"invalid": lazy("Type a number, for example 12.5."), **_NUMBER_LIMITS},
    forms.DateField: {"invalid": lazy("Write the day like 2027-03-31.")},
    forms.TimeField: {"invalid": lazy("Write the time like 14:00.")},
    forms.EmailField: {"invalid": lazy("This is no e-mail address. Write it like anna@example.com.")},
    forms.ChoiceField: _NOT_IN_LIST,
    forms.ModelChoiceField: _NOT_IN_LIST,
    forms.MultipleChoiceField: {**_NOT_IN_LIST, "invalid_list": _NOT_IN_LIST["invalid_choice"]},
    forms.ModelMultipleChoiceField: {**_NOT_IN_LIST, "invalid_list": _NOT_IN_LIST["invalid_choice"]},
}
OF_SERIALIZERS: dict[type[serializers.Field[Any, Any, Any, Any]], Words] = {
    serializers.BooleanField: {"invalid": lazy("Send true or false.")},
    serializers.CharField: {"invalid": lazy("Send a text here, in quotation marks.")},
    serializers.IntegerField: {"invalid": lazy("Send a whole number, for example 12.")},
    serializers.FloatField: {"invalid": lazy("Send a number, for example 12.5.")},
    serializers.DecimalField: {"invalid": lazy('Send a number, for example "12.5", without unit or currency.')},
    serializers.DateField: {"invalid": lazy("Send a day like 2027-03-31.")},
    serializers.DateTimeField: {"invalid": lazy("Send a moment like 2027-03-31T14:05:00+08:00, or with Z for UTC.")},
    serializers.TimeField: {"invalid": lazy("Send a time of day like 14:00.")},
    serializers.EmailField: {"invalid": lazy("This is no e-mail address. Write it like anna@example.com.")},
    serializers.UUIDField: {"invalid": lazy("Send a UUID, 32 hexadecimal digits with or without hyphens.")},
    serializers.PrimaryKeyRelatedField: {
        "does_not_exist": lazy("There is nothing with the id {pk_value} here."),
        "incorrect_type": lazy("Send an id here, a whole number."),
    },
    serializers.SlugRelatedField: {
        "does_not_exist": lazy("There is nothing with the {slug_name} {value} here."),
        "invalid": lazy("Send a text here, in quotation marks."),
    },
}


def speak_plainly() -> None:
    fields: dict[Any, Words] = {**OF_FORMS, **OF_SERIALIZERS}
    for field, said in fields.items():
        # A class without words of its own would write into those of its parent.
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **said}
    # Its words are not told the choices.
    serializers.ChoiceField.fail = _name_choices  # type: ignore[method-assign,assignment]  # of this kind of field alone


def not_a_choice(value: object, choices: Iterable[object]) -> str:
    """A value that is none of a few words, and the words."""
    known = [str(choice) for choice in choices if choice not in ("", None)]
    named = ", ".join(known[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")
    return _("%(value)s is not known here. Choose one of: %(known)s.") % {
        "value": str(value)[:SHOWN_CHARACTERS] or '""',
        "known": named,
    }


def _name_choices(field: serializers.ChoiceField, key: str, **said: Any) -> NoReturn:
    if key == "invalid_choice":
        raise serializers.ValidationError(not_a_choice(said["input"], field.choices), code=key)
    serializers.Field.fail(field, key, **said)
    raise AssertionError(key)
