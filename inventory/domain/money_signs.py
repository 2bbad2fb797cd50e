"""Amounts as people write them, with the sign or the word of their currency: ￥5.00, 3.5元, US$ 12. Pure."""

import unicodedata

# Before or behind the figure; the code of the currency is taken as well. A wide sign (￥) is read as the narrow one.
SIGNS: dict[str, tuple[str, ...]] = {
    "CNY": ("人民币", "rmb", "元", "圆", "块", "¥"),
    "JPY": ("円", "¥"),
    "USD": ("us$", "$"),
    "HKD": ("hk$", "$"),
    "TWD": ("nt$", "$"),
    "SGD": ("s$", "$"),
    "AUD": ("a$", "$"),
    "CAD": ("c$", "$"),
    "EUR": ("€",),
    "GBP": ("£",),
    "KRW": ("₩",),
    "INR": ("₹",),
}


def without_sign(text: str, currency: str) -> str:
    """The figure alone, where a sign of this currency stands before or behind it. The sign of another currency stays,
    so that whoever reads the number refuses it: five dollars are not five yuan."""
    plain = unicodedata.normalize("NFKC", text).strip()
    signs = (*SIGNS.get(currency.upper(), ()), currency.casefold())
    for sign in signs:
        if sign and plain.casefold().startswith(sign):
            plain = plain[len(sign) :].strip()
            break
    for sign in signs:
        if sign and plain.casefold().endswith(sign):
            plain = plain[: -len(sign)].strip()
            break
    return plain
