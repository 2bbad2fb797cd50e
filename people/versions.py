"""The row of a person that others edit."""

from accounts.versions import Versioned
from people.locks import lock_person

# Signing in and choosing a password change the row too, but nothing that an administrator looks at.
PERSON = Versioned(
    "accounts_user",
    lock=lock_person,
    parts=[("inventory_locationaccess", "user_id")],
    without=("last_login", "password"),
)
