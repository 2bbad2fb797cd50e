"""Reading a body with a serializer that is built once per thread and language.

Building one copies every field of it, which takes longer than reading a body of one line. What a field says of a number
beyond its limits stays in the language in which it was first said.
"""

import threading
from typing import Any

from django.utils.translation import get_language
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.serializers import Serializer


class _Built(threading.local):
    def __init__(self) -> None:
        self.serializers: dict[tuple[type[Serializer[Any]], str | None], Serializer[Any]] = {}


_built = _Built()


def read_body(input_class: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    """What the body says, after `input_class`. Raises ValidationError.

    `input_class` must keep nothing of a body in its fields; the serializers of DRF do not.
    """
    # Taken out while it works, so that a body read inside the reading of another gets one of its own.
    key = (input_class, get_language())
    reader = _built.serializers.pop(key, None) or input_class(data=None)
    reader._context = {"request": request}
    try:
        values: dict[str, Any] = reader.run_validation(request.data)
    except ValidationError as error:
        if isinstance(error.detail, list):  # of the body as a whole
            raise ValidationError({"non_field_errors": error.detail}) from error
        raise
    finally:
        reader._context = {}
        _built.serializers[key] = reader
    return values
