"""What is wrong with a cell, in the reader's words: what it is, and how to mend it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imports.domain.errors import CellError

MESSAGES: dict[str, Promise | str] = {
    "already_in_ledger": _("This SKU already has movements at this location. Correct its level with a count."),
    "ambiguous_number": _(
        "%(value)s can mean two numbers. Write %(hint)s, or use a point before decimals, or save the table as XLSX."
    ),
    "bad_workbook": _("The workbook cannot be read. Open it in your spreadsheet program and save it once more."),
    "barcode_taken": _("The barcode %(value)s belongs to SKU %(hint)s."),
    "break_above_price": _(
        "The price of %(value)s for more units is not below the price of %(hint)s. Write the price breaks anew."
    ),
    "breaks_not_falling": _("%(value)s: each price break needs more units and a lower price than the one before."),
    "broken_quotes": _("The quotation marks of this row do not close. (%(hint)s)"),
    "cell_too_long": _("A cell has more than %(hint)s characters."),
    "below_zero": _("This would take more than is there (%(hint)s). Bring the missing receipts first, or count."),
    "closed_too_long": _("A period has at most %(hint)s days. For longer, switch the supplier off."),
    "code_of_other_place": _("%(value)s is the code of a place that is no store or warehouse. Choose another code."),
    "counterpart_not_used": _("Only a transfer has a counterpart. Leave %(value)s away."),
    "day_in_ledger": _("On %(value)s the stock ledger of this location was already kept; its sales stand there."),
    "day_in_future": _("%(value)s has not ended yet. Sales history ends yesterday at the latest."),
    "day_too_early": _("%(value)s is more than %(hint)s days before the last day of the file."),
    "days_reversed": _("%(value)s lies before the first day, %(hint)s."),
    "doubled_column": _("The heading %(column)s stands there twice."),
    "doubled_row": _("%(value)s stands in row %(hint)s already. Keep one of the two rows."),
    "empty_cell": _("The cell is empty. This column is required."),
    "empty_file": _("The file is empty."),
    "file_too_large": _("The file has more than %(hint)s MB. Cut it in parts."),
    "formula_error": _("%(value)s is the error of a formula. Mend the formula, or type the value."),
    "kind_not_importable": _(
        "A reversal cannot be imported. Leave it out together with the movement that it takes back."
    ),
    "line_too_long": _("A line has more than %(hint)s characters. Are its line ends lost?"),
    "lot_missing": _("This SKU is tracked by lot. Say which lot it is."),
    "lot_untracked": _("This SKU is not tracked by lot. Leave the lot out."),
    "markup": _(
        "This is a web page under the name of a table. Open it in your spreadsheet program and save it as .xlsx or as "
        "CSV UTF-8."
    ),
    "missing_column": _("The column is missing. Compare the headings with the template."),
    "mixed_encodings": _(
        "The file is UTF-8, but a letter in this row is not. Write that cell anew and save the file as CSV UTF-8."
    ),
    "moment_in_future": _("%(value)s is in the future."),
    "most_below_least": _("%(value)s is less than what they deliver at all: %(hint)s."),
    "name_a_store": _("Name one of your stores: what holds everywhere is for those who see all stores."),
    "no_rows": _("The file has headings but no rows."),
    "not_above": _("%(value)s must be above %(hint)s."),
    "not_above_zero": _(
        "%(value)s: the quantity must be above zero. Only a sale or return may be below zero (a customer brought it "
        "back), or an adjustment or count (something was lost)."
    ),
    "not_a_country": _("%(value)s is not a country. Write its two letters, such as CN, DE or US."),
    "not_a_currency": _("%(value)s is not a currency. Write its three letters, such as CNY, EUR or USD."),
    "not_a_date": _("%(value)s is not a date. Write it with the year first, as 2026-03-31."),
    "not_an_hour": _("%(value)s is not an hour. Write it as 14:00."),
    "not_a_moment": _("%(value)s is not a date or time. Write it as 2026-03-31 or 2026-03-31 14:05."),
    "not_a_number": _("%(value)s is not a number. Write it as 12 or 12.5, without unit or currency."),
    "not_an_email": _("%(value)s is not an e-mail address."),
    "not_one_of": _("%(value)s is not known here. Choose one of: %(hint)s."),
    "not_price_breaks": _("%(value)s is not a list of price breaks. Write it as 60 = 1.80; 120 = 1.70."),
    "not_text": _("The file is not a text file. Save it as CSV UTF-8."),
    "not_weekdays": _("%(value)s are not days of the week. Write some of %(hint)s, for example mon wed fri."),
    "not_whole": _("%(value)s is not a whole number in the range %(hint)s."),
    "not_whole_units": _("%(value)s is not a whole number, but this SKU is counted in whole units."),
    "number_too_large": _("%(value)s is too large: it must be %(hint)s or less."),
    "number_too_small": _("%(value)s is too small: it must be %(hint)s or more."),
    "old_workbook": _("This is a workbook of an old kind (.xls). Save it as .xlsx or as CSV UTF-8."),
    "opening_differs": _("The opening stock was posted as %(hint)s, not %(value)s. Correct it with a count."),
    "other_scope": _(
        "Row %(hint)s of this promotion names something of another sort. It is of SKUs, of categories, or of all."
    ),
    "own_predecessor": _("A SKU cannot take its own place, nor that of one that takes its place."),
    "pack_above_most": _("A pack of %(value)s is more than what they deliver in a line: %(hint)s. Change that first."),
    "pallet_of_packs": _("A pallet of %(value)s does not hold whole packs of %(hint)s."),
    "pallet_without_size": _("Say what a pallet holds, where %(value)s percent of it may be missing."),
    "predecessor_kit": _("A kit has no demand of its own: name the predecessors of its parts."),
    "promotion_differs": _(
        "Row %(hint)s says something else of the same promotion. Make all of its rows say the same."
    ),
    "quantity_too_large": _("%(value)s is too large a quantity."),
    "reference_differs": _(
        "%(value)s was imported before and said something else. Use a new reference, or correct the stock by a count."
    ),
    # A sentence of the service that refused, in the reader's language already.
    "refused": "%(hint)s",
    "row_differs": _("%(value)s is not what row %(hint)s says of the same SKU."),
    "in_transit_of_transfers": _(
        "%(value)s would be taken from what is in transit, but all except %(hint)s belongs to transfers on their way. "
        "Receive them on their own pages."
    ),
    "same_place": _("A transfer must go to another place than %(value)s."),
    "sku_and_category": _("Name a SKU or a category in a row, not both."),
    "shortened_number": _(
        "%(value)s is a long code that the spreadsheet took for a number and cut off. Format the column as text, and "
        "type or scan the code anew."
    ),
    "supplies_itself": _("A location cannot be supplied by itself."),
    "text_too_long": _("The text has more than %(hint)s characters."),
    "too_many_cells": _(
        "The row has %(value)s cells, the header only %(hint)s. Put quotation marks around a comma inside a cell."
    ),
    "too_many_columns": _("The file has %(value)s columns; at most %(hint)s are read."),
    "too_many_days": _("%(value)s has more than %(hint)s days: what lasts so long is no exception from the usual."),
    "too_many_decimals": _("%(value)s has more than %(hint)s decimal places."),
    "too_many_lines": _("The text has more than %(hint)s lines."),
    "too_many_rows": _(
        "A file of this kind may have %(hint)s rows. Cut it in parts, or take the files for SKUs and stock."
    ),
    "too_many_skus": _("A promotion has at most %(hint)s SKUs. Name categories instead, or cut it in two."),
    "truck_without_size": _("Say what a truck holds: weight, space or value."),
    "unit_fixed": _("Stock of this SKU has moved in %(hint)s, so its unit cannot become %(value)s any more."),
    "unknown_category": _("There is no category %(value)s. Import the SKUs with it first."),
    "unit_of_kit": _("The unit cannot become %(value)s: the kit %(hint)s does not allow it. Change the kit first."),
    "unknown_column": _("This heading is not known. Known ones: %(hint)s."),
    "unknown_country": _("No public holidays are known for the country %(value)s."),
    "unknown_location": _("There is no location %(value)s that you may write to. Import or add it first."),
    "unknown_lot": _("This SKU has no lot %(value)s. A receipt brings it in."),
    "unknown_reason": _("There is no reason %(value)s. Known ones: %(hint)s."),
    "unknown_region": _("%(value)s is no region of %(hint)s."),
    "unknown_sku": _("There is no SKU %(value)s. Import the SKUs first."),
    "unknown_supplier": _("There is no supplier %(value)s. Import the suppliers first."),
    "unknown_time_zone": _("%(value)s is not a time zone. Write it as Asia/Shanghai."),
    "unprintable": _("%(value)s has a character that cannot be printed. Type the text anew."),
    "workbook_bomb": _("The workbook unpacks to far more than it should, and was not opened. Save it as CSV UTF-8."),
    "workbook_entities": _("The workbook has parts that no spreadsheet program writes. Save the sheet as CSV UTF-8."),
    "workbook_macros": _("The workbook has macros. Save it as .xlsx without macros, or as CSV UTF-8."),
    "workbook_nested": _(
        "The workbook has other files inside. Copy the table into a new one, or save it as CSV UTF-8."
    ),
    "workbook_too_large": _("The sheet has more than %(hint)s cells. Save it as CSV UTF-8, which may be much larger."),
}


def message_of(error: CellError) -> str:
    """The sentence for an error, in the active language."""
    return str(MESSAGES[error.code]) % {"value": error.value, "hint": error.hint, "column": error.column}
