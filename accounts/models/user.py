"""People who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does here; it decides what they may see and do."""

    STAFF = "staff", _("Store staff")
    MANAGER = "manager", _("Manager")
    PURCHASER = "purchaser", _("Purchaser")
    ADMINISTRATOR = "administrator", _("Administrator")


class User(AbstractUser):
    """A person. Which locations they may touch stands in `inventory.LocationAccess`, the lowest app that knows
    locations.
    """

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.STAFF)
    language = models.CharField(max_length=10, blank=True, default="")
    # Administrators and central roles work for the whole firm; staff never do unless somebody says so.
    sees_all_locations = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_user_role_known"),
        ]

    def __str__(self) -> str:
        """How people are told of this person, everywhere: the full name, the user name where there is none. Programs
        and audits know people by id or user name, which is unique."""
        return self.get_full_name() or self.get_username()
