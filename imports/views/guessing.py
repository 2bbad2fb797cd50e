"""Which column of a file means what, by its name or by what our pages call it."""

from collections.abc import Sequence

from django.conf import settings
from django.utils import translation

from imports.domain.columns import Column, Layout, guess_columns, plain_heading
from imports.titles import COLUMNS


def guess_by_titles(header: Sequence[str], columns: Sequence[Column]) -> Layout:
    """As `guess_columns`; what it leaves open is looked for under the words of our own pages, in every language.

    People copy the words that they see on the screen into their file, so no word of the screen may be unknown here.
    """
    layout = guess_columns(header, columns)
    taken = {place for place, _column in layout}
    free = {plain_heading(heading): place for place, heading in enumerate(header) if place not in taken}
    return [(_titled(column, free) if place is None else place, column) for place, column in layout]


def _titled(column: Column, free: dict[str, int]) -> int | None:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            title = plain_heading(str(COLUMNS.get(column.name, column.name)))
        if title in free:
            return free.pop(title)
    return None
