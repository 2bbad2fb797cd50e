"""The rules by which a place counts; a place without its own has those that a new one would get."""

from inventory.models import CountPolicy, Location


def policy_of(location: Location) -> CountPolicy:
    """The policy of the location, or an unsaved one with the defaults."""
    return CountPolicy.objects.filter(location=location).first() or CountPolicy(location=location)
