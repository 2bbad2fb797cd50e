"""What a service refuses, on the form that was sent."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm

from accounts.errors import DomainError, Stale
from accounts.requests import UserRequest
from accounts.services.edits import ANY, edit_as_seen
from accounts.versions import Versioned


def show_refusal(form: BaseForm, refusal: DomainError, names: Mapping[str, str] = MappingProxyType({})) -> None:
    """Each complaint at its field, which has another name in the form where `names` says so; what names no field of the
    form stands above it, once."""
    for detail in refusal.details or [{}]:
        said = str(detail.get("field", ""))
        field, message = names.get(said, said), str(detail.get("message") or refusal.message)
        place = field if field in form.fields else None
        if message not in form.errors.get(place or NON_FIELD_ERRORS, ()):
            form.add_error(place, message)


def save_as_seen(request: UserRequest, form: BaseForm, *, kind: Versioned, pk: int, act: Callable[[], object]) -> bool:
    """Does `act` on the row of `kind` if it still is as the page showed it; whether it was done. A refusal stands on
    the form, and a page that came too late is told apart by the code of `Stale`."""
    try:
        edit_as_seen(kind=kind, pk=pk, seen=[request.POST.get("version", ANY)], act=act)
    except Stale as refusal:
        form.add_error(None, ValidationError(refusal.message, code=refusal.code))
        return False
    except DomainError as refusal:
        show_refusal(form, refusal)
        return False
    return True
