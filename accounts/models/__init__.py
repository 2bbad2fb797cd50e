"""Tables of people and programs that use the system."""

from accounts.models.api_key import ApiKey
from accounts.models.audit import AuditEvent
from accounts.models.idempotency import IdempotencyRecord
from accounts.models.password_link import PasswordLink
from accounts.models.user import Role, User

__all__ = ["ApiKey", "AuditEvent", "IdempotencyRecord", "PasswordLink", "Role", "User"]
