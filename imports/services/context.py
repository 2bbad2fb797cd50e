"""What a writer needs besides its rows, and the look-up of what rows refer to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model

from accounts.models import User
from imports.domain.columns import ParsedRow
from imports.domain.errors import CellError, ErrorList
from imports.services.progress import Progress
from inventory.models import Location
from inventory.models.location import STOCKING_KINDS
from inventory.selectors.scope import locations_for


@dataclass
class ImportContext:
    """`user` None means a command on the server, which may write everywhere. `time_zone` and `currency` serve
    where none is said. `sha256` is that of the file, `import_id` the number under which it is remembered.
    """

    user: User | None
    now: datetime
    time_zone: str
    currency: str
    sha256: str = ""
    import_id: int | None = None
    progress: Progress = field(default_factory=Progress)
    errors: ErrorList = field(default_factory=ErrorList)

    def own_location_ids(self) -> list[int]:
        """Stores and warehouses that the file may name; others are as unknown as those that do not exist."""
        if self.user is None:
            places = Location.objects.filter(kind__in=STOCKING_KINDS)
        else:
            places = locations_for(self.user).order_by()
        return list(places.values_list("pk", flat=True))

    def resolve(self, model: type[Model], rows: Sequence[ParsedRow], column: str) -> dict[str, int]:
        """Ids by code of what the rows name in `column`; a code that is not known becomes an error at each of its
        rows.
        """
        codes = {row.values[column] for row in rows if row.values[column]}
        found = dict(model._default_manager.filter(code__in=codes).values_list("code", "pk"))
        for row in rows:
            code = row.values[column]
            if code and code not in found:
                self.errors.add(CellError(row.number, column, f"unknown_{model._meta.model_name}", code))
        return found

    def resolve_locations(self, rows: Sequence[ParsedRow], column: str = "location") -> dict[str, Location]:
        """Stores and warehouses by code, of those that the user may write to."""
        codes = {row.values[column] for row in rows if row.values[column]}
        places = Location.objects.filter(pk__in=self.own_location_ids(), code__in=codes)
        found = {place.code: place for place in places}
        for row in rows:
            code = row.values[column]
            if code and code not in found:
                self.errors.add(CellError(row.number, column, "unknown_location", code))
        return found


def unique_rows(rows: Sequence[ParsedRow], key: tuple[str, ...], errors: ErrorList) -> None:
    """Two rows of one file with the same key contradict each other or are a slip; either way a person must choose."""
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        identity = tuple(row.values[name] for name in key)
        if identity in seen:
            errors.add(CellError(row.number, key[0], "doubled_row", str(identity[0]), str(seen[identity])))
        seen.setdefault(identity, row.number)
