"""The tree of bins below the user's stores and warehouses."""

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from inventory.models import Location, LocationKind
from inventory.selectors.scope import locations_for

DEEPEST = 8


@dataclass(frozen=True)
class Node:
    """A place with its depth in the tree, the store or warehouse being 0."""

    place: Location
    depth: int


def bin_trees(user: User) -> list[list[Node]]:
    """For each of the user's places the place itself and the bins below it, each under its parent."""
    children: dict[int | None, list[Location]] = {}
    for place in Location.objects.filter(kind=LocationKind.BIN).order_by("code"):
        children.setdefault(place.parent_id, []).append(place)
    return [list(_walk(place, children, 0)) for place in locations_for(user)]


def bins_for(user: User) -> dict[int, Location]:
    """Bins of the user's places, open and closed, by id."""
    return {node.place.pk: node.place for tree in bin_trees(user) for node in tree if node.depth}


def _walk(place: Location, children: dict[int | None, list[Location]], depth: int) -> Iterator[Node]:
    yield Node(place, depth)
    # A tree that was tied into a knot by hand must not hang the page.
    if depth < DEEPEST:
        for child in children.get(place.pk, ()):
            yield from _walk(child, children, depth + 1)
