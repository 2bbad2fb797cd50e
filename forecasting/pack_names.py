"""What people call the occasions of the packs."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PACK_NAMES: dict[str, Promise] = {
    "china": _("Chinese e-commerce (618, Double 11, Double 12 ...)"),
    "western": _("Western retail (Black Friday, Christmas, sales ...)"),
}
KIND_NAMES: dict[str, Promise] = {
    "new_year_goods": _("New year goods festival"),
    "valentine": _("Valentine's Day"),
    "queens_day": _("Queen's Day (8 March)"),
    "520": _("520 (20 May)"),
    "618": _("618 (18 June)"),
    "818": _("818 (18 August)"),
    "99": _("99 sale (9 September)"),
    "mid_autumn": _("Mid-Autumn presents"),
    "national_day": _("National Day week"),
    "double_11": _("Double 11 (Singles' Day)"),
    "double_12": _("Double 12"),
    "january_sales": _("January sales"),
    "easter": _("Easter shopping"),
    "mothers_day": _("Mother's Day"),
    "fathers_day": _("Father's Day"),
    "back_to_school": _("Back to school"),
    "halloween": _("Halloween"),
    "thanksgiving": _("Thanksgiving shopping"),
    "black_friday": _("Black Friday week"),
    "cyber_monday": _("Cyber Monday"),
    "christmas": _("Christmas shopping"),
    "after_christmas": _("After Christmas"),
}


def kind_name(kind: str) -> str:
    """In the reader's language; a kind that the firm named itself stays as it is."""
    return str(KIND_NAMES.get(kind, kind))
