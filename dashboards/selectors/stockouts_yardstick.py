"""A vendor's table of stockout rates and the churn said to go with them: to compare with, never a measurement."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """Stockout rates from `low` up to `high` (shares; None: no end) and the churn claimed for them, in percent."""

    low: float
    high: float | None
    churn: str

    @property
    def label(self) -> str:
        if self.high is None:
            return f"> {self.low:.0%}"
        return f"< {self.high:.0%}" if self.low == 0 else f"{self.low:.0%} – {self.high:.0%}"


BANDS = (
    Band(0.0, 0.03, "< 5%"),
    Band(0.03, 0.05, "5 – 8%"),
    Band(0.05, 0.10, "10 – 15%"),
    Band(0.10, None, "20 – 30%"),
)


def band_of(share: float) -> Band:
    """The band in which a stockout rate falls; the table says "over 10%", so exactly 10% is in the band before."""
    inner = (band for band in BANDS[:2] if band.high is not None and share < band.high)
    return next(inner, BANDS[2] if share <= 0.10 else BANDS[3])
