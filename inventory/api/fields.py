"""Fields that name SKUs and places by code, and only those that the caller may use."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from inventory.models import Location
from inventory.selectors.scope import locations_for

QUANTITY: dict[str, Any] = {"max_digits": 14, "decimal_places": 3}
MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 4, "min_value": 0}


class OwnLocationField(serializers.SlugRelatedField[Location]):
    """The code of a store or warehouse of the caller; another one is as if it did not exist."""

    default_error_messages = {"does_not_exist": _("There is no location {value}, or it is not yours.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", queryset=Location.objects.none(), **options)

    def get_queryset(self) -> Any:
        return locations_for(self.context["request"].user)


class AnyLocationField(serializers.SlugRelatedField[Location]):
    """The code of any store or warehouse: where a transfer goes to need not be the sender's own."""

    default_error_messages = {"does_not_exist": _("There is no location {value}.")}

    def __init__(self, **options: Any) -> None:
        places = Location.objects.filter(kind__in=("store", "warehouse"), is_active=True)
        super().__init__(slug_field="code", queryset=places, **options)
