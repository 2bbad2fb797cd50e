"""What was done to a person, and what they did to their own access."""

from django.db.models import QuerySet

from accounts.models import AuditEvent, User


def history_of(person: User) -> QuerySet[AuditEvent]:
    """The newest first, with who did it."""
    events = AuditEvent.objects.filter(object_type="user", object_id=str(person.pk))
    return events.select_related("actor").order_by("-at", "-pk")
