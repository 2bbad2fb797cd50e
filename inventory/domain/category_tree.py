"""The assortment tree as rules, overrides and promotions read it: what a category lies in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class CategoryTree:
    """`parents` and `names` by category id. A category that is not among them lies in nothing."""

    parents: Mapping[int, int | None] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)

    def chain(self, category_id: int) -> tuple[int, ...]:
        """The category and all that it lies in, the nearest first. A ring, which nobody should have made, ends where it
        closes."""
        found: list[int] = []
        node: int | None = category_id
        while node is not None and node not in found:
            found.append(node)
            node = self.parents.get(node)
        return tuple(found)

    def below(self, category_id: int) -> frozenset[int]:
        """The category and all that lies in it."""
        found, ahead = {category_id}, [category_id]
        while ahead:
            inside = [node for node in self._children.get(ahead.pop(), ()) if node not in found]
            found.update(inside)
            ahead += inside
        return frozenset(found)

    @cached_property
    def _children(self) -> Mapping[int, list[int]]:
        children: dict[int, list[int]] = {}
        for node, parent in self.parents.items():
            if parent is not None:
                children.setdefault(parent, []).append(node)
        return children

    def path(self, category_id: int, ancestor_id: int) -> str:
        """From the ancestor down to it, in names: "Drinks › Tea › Green tea"; empty for the category itself."""
        if category_id == ancestor_id:
            return ""
        chain = self.chain(category_id)
        steps = chain[: chain.index(ancestor_id) + 1] if ancestor_id in chain else ()
        return " › ".join(self.names.get(step, str(step)) for step in reversed(steps))


NO_TREE = CategoryTree()
