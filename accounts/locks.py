"""The locks of accounts in one place."""

from accounts.models import PasswordLink, User


def lock_password_link(link_id: int) -> tuple[PasswordLink, User]:
    """The link and its person, who is locked before their links, here as everywhere. Call it inside a transaction.
    Raises User.DoesNotExist."""
    owner = PasswordLink.objects.filter(pk=link_id).values("user_id")
    person = User.objects.select_for_update(no_key=True).get(pk__in=owner)
    return PasswordLink.objects.select_for_update().get(pk=link_id), person


def lock_own_row(user: User) -> User:
    """The person of a request as they stand by now: between the request's first look and its act somebody may have
    switched them off. Comes before their keys and links."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)
