"""Who may do what to whom. Everything is read under the lock of people, so that nobody acts with a right just lost."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.errors import IllegalStateChange, NotAllowed, wrong_field
from accounts.models import Role, User
from accounts.roles import MANAGE_STAFF, is_permitted, roles_given_by
from inventory.models import Location
from inventory.selectors.scope import locations_for
from people.selectors.people import has_another_administrator, people_for


def fresh_actor(actor: User | None) -> User | None:
    """The actor as they stand now. None is the command line, which may do everything. Raises NotAllowed."""
    if actor is None:
        return None
    found = User.objects.filter(pk=actor.pk).first()
    if found is None or not is_permitted(found, MANAGE_STAFF):
        raise NotAllowed(_("You may no longer administer people. Ask another administrator."))
    return found


def require_theirs(actor: User | None, person: User) -> None:
    """Raises NotAllowed when the actor does not administer this person."""
    if actor is not None and not people_for(actor).filter(pk=person.pk).exists():
        raise NotAllowed(_("You do not administer this person. Ask an administrator of the whole firm."))


def require_other(actor: User | None, person: User, what: str) -> None:
    """Raises NotAllowed, saying `what`, when the two are one."""
    if actor is not None and actor.pk == person.pk:
        raise NotAllowed(what)


def require_role(actor: User | None, role: str) -> None:
    """Raises InvalidInput for a role that the actor does not give out."""
    if role not in Role.values:
        roles = ", ".join(Role.values)
        raise wrong_field("role", _("%(role)s is no role. Roles: %(roles)s.") % {"role": role, "roles": roles})
    if actor is not None and role not in roles_given_by(actor):
        raise wrong_field("role", _("You may only add and change store staff. Ask an administrator for other roles."))


def places_given_by(actor: User | None, place_ids: Collection[int], *, is_whole_firm: bool) -> list[Location]:
    """The chosen places, or none for the whole firm. Raises InvalidInput for what the actor cannot give."""
    if is_whole_firm:
        if actor is not None and not actor.sees_all_locations:
            raise wrong_field(
                "sees_all_locations", _("You do not work for the whole firm yourself. Choose among your locations.")
            )
        return []
    known = locations_for(actor if actor is not None else User(sees_all_locations=True))
    places = list(known.filter(pk__in=place_ids))
    if len(places) != len(set(place_ids)):
        raise wrong_field("locations", _("A chosen location is closed, or not yours. Choose it again from the list."))
    if not places:
        raise wrong_field("locations", _("Choose at least one location, or the whole firm."))
    return places


def require_an_administrator(*, without: User) -> None:
    """Raises IllegalStateChange when nobody else administers the whole firm."""
    if not has_another_administrator(than=[without.pk]):
        raise IllegalStateChange(
            _("%(name)s is the last administrator of the whole firm. Make somebody else one first.") % {"name": without}
        )


def is_whole_administrator(person: User) -> bool:
    return person.role == Role.ADMINISTRATOR and person.is_active and person.sees_all_locations
