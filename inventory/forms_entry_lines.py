"""Lines of an entry: put on by a code or a scan, taken off, exchanged for a substitute."""

from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext as _

from inventory.domain.movements import plain
from inventory.forms_entry import MAX_LINES, ONE, ZERO, Entry, Line, fill_lines, read_quantity
from inventory.forms_entry_grid import open_grid
from inventory.models import Sku, Unit
from inventory.selectors.lookup import find_by_code, suggest
from inventory.selectors.styles import find_style, suggest_styles
from inventory.selectors.substitutes import short_offers


def add_code(entry: Entry, text: str) -> None:
    """Adds what the text stands for; several that may be meant become suggestions."""
    found = find_by_code(text)
    if found is not None:
        add_sku(entry, found.sku, found.pack_quantity)
        return
    style = find_style(text)
    if style is not None:
        open_grid(entry, style)
        return
    entry.suggestions, entry.suggested_styles = suggest(text, entry.location), suggest_styles(text)
    if not entry.suggestions and not entry.suggested_styles:
        entry.unknown_code = text[:60]
        entry.problem = _("No SKU has the code, barcode or name “%(text)s”. Check it, or search by name.") % {
            "text": text
        }
    elif len(entry.suggestions) == 1 and not entry.suggested_styles:
        add_sku(entry, entry.suggestions.pop().sku, ONE)


def add_sku(entry: Entry, sku: Sku, quantity: Decimal) -> None:
    """So many more units of a SKU; a line that stands on the entry moves to the top."""
    entry.typed_code = ""
    line = next((line for line in entry.lines if line.sku.pk == sku.pk), None)
    if line is None and entry.is_full:
        entry.problem = _("An entry takes %(most)d lines. Post these first.") % {"most": MAX_LINES}
        return
    if line is None:
        line = Line(sku.code, plain(quantity), sku)
    else:
        _add_to(line, quantity)
        entry.lines.remove(line)
    entry.lines.insert(0, line)
    fill_lines(entry)


def _add_to(line: Line, quantity: Decimal) -> None:
    """Counts on in packs while packs come; else the line goes on in units."""
    if line.pack and line.size == quantity:
        line.typed = plain((read_quantity(line.typed) or ZERO) + 1)
    else:
        line.typed, line.pack = plain((line.quantity or ZERO) + quantity), ""


def remove_line(entry: Entry, code: str) -> None:
    entry.lines = [line for line in entry.lines if line.code != code]


def offer_substitutes(entry: Entry) -> None:
    """Puts beside each line that asks for too much what else is there."""
    short = [line for line in entry.lines if (line.quantity or ZERO) > line.available]
    offers = short_offers([(line.sku.pk, entry.location.pk) for line in short])
    for line in short:
        line.offers = offers.get((line.sku.pk, entry.location.pk), ())


def take_instead(entry: Entry, wish: str) -> None:
    """What a line asks too much of is asked of a substitute; `wish` is "id of the SKU-id of the substitute"."""
    line_id, _dash, substitute_id = wish.partition("-")
    line = next((line for line in entry.lines if str(line.sku.pk) == line_id), None)
    offers = [] if line is None else short_offers([(line.sku.pk, entry.location.pk)]).values()
    offer = next((offer for row in offers for offer in row if str(offer.sku_id) == substitute_id), None)
    if line is None or offer is None:
        entry.problem = _("That substitute is not there any more. Choose another one.")
        return
    left = max(line.available, ZERO)
    missing = max((line.quantity or ZERO) - left, ZERO)
    line.typed, line.pack, line.error = plain(left), "", ""
    if not left:
        remove_line(entry, line.code)
    whole = missing.to_integral_value(ROUND_CEILING) if offer.unit == Unit.EACH else missing
    add_sku(entry, Sku.objects.get(pk=offer.sku_id), whole or ONE)
