"""What the filters of API lists share."""

from typing import Any

# Limits of a number that names a row. Without them `-1e9999999` would be written out digit by digit, for minutes.
ID_DIGITS: dict[str, Any] = {"min_value": 0, "max_digits": 19, "decimal_places": 0}
