"""The demo's logins."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.models import Role, User
from inventory.models import Location, LocationAccess


@dataclass(frozen=True)
class Login:
    """`shops` are the codes of the shops that a person without sight of all works in."""

    username: str
    first_name: str
    last_name: str
    role: Role
    shops: tuple[str, ...] = ()


LOGINS = (
    Login("admin", "Alex", "Reed", Role.ADMINISTRATOR),
    Login("manager", "Maria", "Lindt", Role.MANAGER),
    Login("purchaser", "Paul", "Okafor", Role.PURCHASER),
    Login("anna", "Anna", "Wu", Role.STAFF, ("S1",)),
    Login("ben", "Ben", "Moreau", Role.STAFF, ("S2", "S3")),
)


def create_people(*, password: str, shops: dict[str, Location]) -> dict[str, User]:
    """Create the five demo users with the same password; returns them by username."""
    # Hashing is slow on purpose; the passwords are the same, so once is enough.
    secret = make_password(password)
    people = User.objects.bulk_create(
        User(
            username=login.username,
            first_name=login.first_name,
            last_name=login.last_name,
            email=f"{login.username}@example.com",
            password=secret,
            role=login.role,
            sees_all_locations=not login.shops,
        )
        for login in LOGINS
    )
    users = {user.username: user for user in people}
    LocationAccess.objects.bulk_create(
        LocationAccess(user=users[login.username], location=shops[code]) for login in LOGINS for code in login.shops
    )
    return users
