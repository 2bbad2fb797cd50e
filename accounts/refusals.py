"""What a service refuses, on the form that was sent."""

from collections.abc import Mapping
from types import MappingProxyType

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm

from accounts.errors import DomainError


def show_refusal(form: BaseForm, refusal: DomainError, names: Mapping[str, str] = MappingProxyType({})) -> None:
    """Each complaint at its field, which has another name in the form where `names` says so; what names no field of the
    form stands above it, once."""
    for detail in refusal.details or [{}]:
        said = str(detail.get("field", ""))
        field, message = names.get(said, said), str(detail.get("message") or refusal.message)
        place = field if field in form.fields else None
        if message not in form.errors.get(place or NON_FIELD_ERRORS, ()):
            form.add_error(place, message)
