"""How figures are written for people, in the language of the page."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date as write_date
from babel.dates import format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent, list_currencies
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

Figure = Decimal | float | int


def babel_locale() -> Locale:
    """Babel's locale of the active language."""
    return Locale.parse(to_locale(get_language() or settings.LANGUAGE_CODE))


def country_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Countries to choose from, by code: nobody knows all codes by heart, so `DE · Germany`."""
    names = babel_locale().territories
    return [(code, f"{code} · {names[code]}" if code in names else code) for code in sorted(codes)]


def format_quantity(value: Figure) -> str:
    """At most three decimals, none that are zero: 12, 1.5, 1,200."""
    # Adding nothing takes the sign off a zero, which would be remembered as "-0" for every other zero, too.
    return _quantity_in(value + 0, get_language())


# The same figures come again and again, in one list and in the next; to write one takes Babel a twentieth of the time
# that a whole row of a list does.
@lru_cache(maxsize=4096)
def _quantity_in(value: Figure, _language: str | None) -> str:
    return format_decimal(value, format="#,##0.###", locale=babel_locale())


@lru_cache(maxsize=1)
def known_currencies() -> frozenset[str]:
    """The three letters of every currency that there is."""
    return frozenset(list_currencies())


def format_money(value: Figure, currency: str = "") -> str:
    """An amount in the given currency, else the firm's own."""
    return format_currency(value, currency or settings.DEFAULT_CURRENCY, locale=babel_locale())


def _in_own_money(label: str | Promise) -> str:
    """The label of a field for an amount in the firm's own currency: Price (USD)."""
    return _("%(label)s (%(currency)s)") % {"label": label, "currency": settings.DEFAULT_CURRENCY}


own_money = lazy(_in_own_money, str)


def format_day(value: date) -> str:
    """Month and day, short: Nov 22. Of a moment, its day in the active time zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return format_skeleton("MMMd", value, locale=babel_locale())


def format_near_day(value: date) -> str:
    """Month and day, with the year where it is not this one: Nov 22, or Nov 22, 2028."""
    return format_day(value) if value.year == timezone.localdate().year else format_date(value)


def format_date(value: date) -> str:
    """With the year, as the language writes it out: Nov 22, 2026."""
    return write_date(value, locale=babel_locale())


def format_moment(value: datetime) -> str:
    """Day and time in the active time zone, on a clock of 24 hours: Nov 22 16:05."""
    here = timezone.localtime(value)
    return f"{format_day(here)} {format_skeleton('Hm', here, locale=babel_locale())}"


def format_share(value: Figure) -> str:
    """0.1234 as 12.3%."""
    return _share_in(value + 0, get_language())


@lru_cache(maxsize=4096)
def _share_in(value: Figure, _language: str | None) -> str:
    return format_percent(value, format="#,##0.#%", locale=babel_locale())


def unfinished_file() -> str:
    """The last line of a file that breaks off while it is sent."""
    return _("THIS FILE IS NOT WHOLE: its reading broke off here. Take it once more.")
