"""Shapes of people and keys in the API."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.models import ApiKey, User
from accounts.roles import permissions_of


class MeSerializer(serializers.ModelSerializer[User]):
    """Who the caller is and what the role permits."""

    permissions = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = (
            "id",
            "username",
            "first_name",
            "last_name",
            "email",
            "role",
            "language",
            "sees_all_locations",
            "permissions",
        )
        read_only_fields = fields

    def get_permissions(self, user: User) -> list[str]:
        return sorted(permissions_of(user))


class ApiKeySerializer(serializers.ModelSerializer[ApiKey]):
    """A key of the caller; its token is shown by the answer that made it, and never again."""

    class Meta:
        model = ApiKey
        fields = (
            "id",
            "name",
            "prefix",
            "is_read_only",
            "created_at",
            "expires_at",
            "revoked_at",
            "last_used_at",
        )
        read_only_fields = ("id", "prefix", "created_at", "revoked_at", "last_used_at")
        extra_kwargs = {"is_read_only": {"default": False}}

    def validate_expires_at(self, expires_at: Any) -> Any:
        if expires_at is not None and expires_at <= timezone.now():
            raise serializers.ValidationError("Choose a time that is still to come, or leave it out.")
        return expires_at


class NewApiKeySerializer(ApiKeySerializer):
    """The answer to making a key."""

    token = serializers.CharField(read_only=True)

    class Meta(ApiKeySerializer.Meta):
        fields = (*ApiKeySerializer.Meta.fields, "token")  # type: ignore[assignment]  # one field more
