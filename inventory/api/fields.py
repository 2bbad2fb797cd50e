"""Fields that name SKUs and places, and only those that the caller may use."""

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.api.naming import CodeOrIdField
from accounts.api.permissions import caller_of
from accounts.models import User
from inventory.models import Location
from inventory.selectors.by_code import place_by_code
from inventory.selectors.scope import locations_for

QUANTITY: dict[str, Any] = {"max_digits": 14, "decimal_places": 3}
MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 4, "min_value": 0}


def customer_field() -> serializers.CharField:
    return serializers.CharField(
        max_length=120,
        required=False,
        default="",
        allow_blank=True,
        help_text="Who bought it: a name, the number of an order or a receipt. A recall finds them by it.",
    )


class LocationField(serializers.SlugRelatedField[Location]):
    """The code of a store or warehouse."""

    default_error_messages = {"does_not_exist": _("There is no location {value}.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", queryset=Location.objects.none(), **options)

    def to_internal_value(self, data: Any) -> Location:
        if not isinstance(data, str):
            self.fail("invalid")
        place = place_by_code(data, user=self.scope())
        if place is None:
            self.fail("does_not_exist", value=data)
        return place

    def scope(self) -> User | None:
        """Whose places they are; None for everybody's."""
        return None


class OwnLocationField(LocationField):
    """One of the caller's own; another one is as if it did not exist."""

    default_error_messages = {"does_not_exist": _("There is no location {value}, or it is not yours.")}

    def scope(self) -> User:
        return cast(User, self.context["request"].user)


class AnyLocationField(LocationField):
    """Any one: where a transfer goes to need not be the sender's own."""


class NamedLocationField(CodeOrIdField):
    """The code or id of one of the caller's own; another one is as if it did not exist."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Location.objects.none(), **options)

    def get_queryset(self) -> QuerySet[Location]:
        user = getattr(self.context.get("request"), "user", None)
        # Nobody is signed in while the schema is being written.
        return locations_for(user) if isinstance(user, User) else Location.objects.none()


class PlacedSerializer(serializers.Serializer[Any]):
    """What holds at one `location`, or at all of them where it names none: that is for those who see all. A change
    that leaves the location out leaves it as it is.
    """

    location = NamedLocationField(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_told = "location" in attrs or not self.partial
        if is_told and attrs.get("location") is None and not caller_of(self.context["request"]).sees_all_locations:
            raise serializers.ValidationError({"location": _("Name one of your locations.")})
        return attrs
