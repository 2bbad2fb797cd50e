"""Amounts of money: to the cent, and the one place where a reckoned float becomes one."""

from decimal import Decimal

CENT = Decimal("0.01")
# Decimals of a float that are kept before it meets a price: what lies behind them is noise of the arithmetic, and would
# decide which way half a cent goes.
KEPT_DECIMALS = 6


def to_money(amount: float) -> Decimal:
    """An amount that was reckoned in floats, to the cent."""
    return _exact(amount).quantize(CENT)


def worth(units: float, each: Decimal) -> Decimal:
    """What so many units are worth at so much each, to the cent."""
    return (_exact(units) * each).quantize(CENT)


def _exact(value: float) -> Decimal:
    return Decimal(str(round(float(value), KEPT_DECIMALS)))
