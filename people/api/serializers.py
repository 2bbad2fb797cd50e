"""Shapes of people in the API."""

from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Role, User

LARGEST_ID = 2**63 - 1


class PersonSerializer(serializers.ModelSerializer[User]):
    """Read. The user name is given once and never changes."""

    display_name = serializers.CharField(source="get_full_name", read_only=True)
    locations = serializers.SerializerMethodField()
    has_password = serializers.SerializerMethodField(help_text="Without one the person needs a link first.")
    last_sign_in = serializers.DateTimeField(source="last_login", read_only=True, allow_null=True)

    class Meta:
        model = User
        fields: ClassVar[list[str]] = [
            "id", "username", "display_name", "email", "role", "language", "sees_all_locations", "locations",
            "is_active", "has_password", "last_sign_in",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(
        {"type": "array", "items": {"type": "integer"}, "description": "Ids; none for the whole firm."}
    )
    def get_locations(self, person: User) -> list[int]:
        return sorted(access.location_id for access in person.location_access.all())

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_has_password(self, person: User) -> bool:
        return person.has_usable_password()


class PersonChangeSerializer(serializers.Serializer[Any]):
    """Written fields of a person; those left out stay as they are."""

    display_name = serializers.CharField(max_length=150, required=False)
    email = serializers.EmailField(required=False, allow_blank=True)
    role = serializers.ChoiceField(choices=Role.choices, required=False)
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, allow_blank=True, help_text="Empty: as their browser says."
    )
    sees_all_locations = serializers.BooleanField(
        required=False, help_text="The whole firm, and locations that open later."
    )
    locations = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=1000, required=False,
        help_text="Ids, instead of those before. Naming some means these and not the whole firm.",
    )  # fmt: skip


class NewPersonSerializer(PersonChangeSerializer):
    """Somebody new, who cannot sign in before they have set a password by a link."""

    username = serializers.CharField(max_length=150)
    display_name = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=Role.choices)


class MadeLinkSerializer(serializers.Serializer[Any]):
    """`address` can be read this once only."""

    address = serializers.URLField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True)
    sent_to = serializers.CharField(read_only=True, help_text="Empty where no e-mail was left.")
