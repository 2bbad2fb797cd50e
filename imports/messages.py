"""What is wrong with a cell, in the reader's words: what it is, and how to mend it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imports.domain.errors import CellError

MESSAGES: dict[str, Promise] = {
    "already_in_ledger": _("This SKU already has movements at this location. Correct its level with a count."),
    "barcode_taken": _("The barcode %(value)s belongs to SKU %(hint)s."),
    "broken_quotes": _("The quotation marks of this row do not close. (%(hint)s)"),
    "cell_too_long": _("A cell has more than %(hint)s characters."),
    "day_in_ledger": _("On %(value)s the stock ledger of this location was already kept; its sales stand there."),
    "day_in_future": _("%(value)s has not ended yet. Sales history ends yesterday at the latest."),
    "day_too_early": _("%(value)s is more than %(hint)s days before the last day of the file."),
    "doubled_column": _("The heading %(column)s stands there twice."),
    "doubled_row": _("%(value)s stands in row %(hint)s already. Keep one of the two rows."),
    "empty_cell": _("The cell is empty. This column is required."),
    "empty_file": _("The file is empty."),
    "file_too_large": _("The file has more than %(hint)s MB. Cut it in parts."),
    "missing_column": _("The column is missing. Compare the headings with the template."),
    "no_rows": _("The file has headings but no rows."),
    "not_a_date": _("%(value)s is not a date. Write it as 2026-03-31."),
    "not_a_number": _("%(value)s is not a number. Write it as 12 or 12.5, without thousands separators."),
    "not_an_email": _("%(value)s is not an e-mail address."),
    "not_one_of": _("%(value)s is not known here. Choose one of: %(hint)s."),
    "not_text": _("The file is not a text file. Save it as CSV UTF-8."),
    "not_whole": _("%(value)s is not a whole number in the range %(hint)s."),
    "not_whole_units": _("%(value)s is not a whole number, but this SKU is counted in whole units."),
    "number_too_small": _("%(value)s is too small: it must be %(hint)s or more."),
    "opening_differs": _("The opening stock was posted as %(hint)s, not %(value)s. Correct it with a count."),
    "row_differs": _("%(value)s is not what row %(hint)s says of the same SKU."),
    "supplies_itself": _("A location cannot be supplied by itself."),
    "text_too_long": _("The text has more than %(hint)s characters."),
    "too_many_cells": _(
        "The row has %(value)s cells, the header only %(hint)s. Put quotation marks around a comma inside a cell."
    ),
    "too_many_columns": _("The file has %(value)s columns; at most %(hint)s are read."),
    "too_many_decimals": _("%(value)s has more than %(hint)s decimal places."),
    "unknown_column": _("This heading is not known. Known ones: %(hint)s."),
    "unknown_location": _("There is no location %(value)s that you may write to. Import or add it first."),
    "unknown_sku": _("There is no SKU %(value)s. Import the SKUs first."),
    "unknown_supplier": _("There is no supplier %(value)s. Import the suppliers first."),
    "unknown_time_zone": _("%(value)s is not a time zone. Write it as Asia/Shanghai."),
    "workbook": _(
        "This is a workbook, not a CSV file. In your spreadsheet program choose “Save as”, then “CSV UTF-8”."
    ),
}


def message_of(error: CellError) -> str:
    """The sentence for an error, in the active language."""
    return str(MESSAGES[error.code]) % {"value": error.value, "hint": error.hint, "column": error.column}
