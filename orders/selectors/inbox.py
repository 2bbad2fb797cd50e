"""The purchaser's inbox: open proposals grouped by who delivers, the most money at risk first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, DecimalField, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce, RowNumber

from accounts.models import User
from inventory.models import StockLevel
from inventory.selectors.scope import location_scope
from orders.models import ProposalState, ReorderLevel, ReplenishmentProposal

LINES_SHOWN = 30
# Beyond this a cover is only "long": a date years ahead would look more certain than it is.
LONGEST_COVER_DAYS = 730
_MONEY = DecimalField(max_digits=18, decimal_places=2)


@dataclass(frozen=True)
class InboxFilter:
    """What the purchaser wants to see; None and "" mean all."""

    location_id: int | None = None
    supplier_id: int | None = None
    source_id: int | None = None
    category_id: int | None = None
    search: str = ""

    @property
    def is_narrow(self) -> bool:
        return self != InboxFilter()


@dataclass(frozen=True)
class InboxLine:
    """A proposal with the stock it is about. `daily_demand` is the mean forecast in units a day, None when unknown."""

    proposal: ReplenishmentProposal
    on_hand: Decimal
    available: Decimal
    daily_demand: float | None
    today: date

    @property
    def cost(self) -> Decimal:
        return (self.proposal.quantity * self.proposal.unit_price).quantize(Decimal("0.01"))

    @property
    def is_edited(self) -> bool:
        return self.proposal.quantity != self.proposal.suggested_quantity

    @property
    def cover_days(self) -> Decimal | None:
        """Days that the available stock lasts at the mean forecast."""
        return cover_days(self.available, self.daily_demand)

    @property
    def runs_out_on(self) -> date | None:
        """The day on which the shelf is expected to be empty; None when that is unknown or far away."""
        cover = self.cover_days
        if cover is None or cover > LONGEST_COVER_DAYS:
            return None
        return self.today + timedelta(days=int(cover.to_integral_value(ROUND_FLOOR)))

    @property
    def is_too_late(self) -> bool:
        """Whether the shelf is empty before the delivery comes."""
        return self.runs_out_on is not None and self.runs_out_on < self.proposal.expected_on


@dataclass
class InboxGroup:
    """All lines of one supplier, or of one place that goods are moved from."""

    supplier_id: int | None
    source_id: int | None
    name: str
    currency: str
    minimum_order_value: Decimal
    count: int
    total: Decimal
    value_at_risk: Decimal
    lines: list[InboxLine] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"supplier-{self.supplier_id}" if self.supplier_id else f"source-{self.source_id}"

    @property
    def hidden(self) -> int:
        return self.count - len(self.lines)


def cover_days(quantity: Decimal, daily_demand: float | None) -> Decimal | None:
    """Days that `quantity` lasts, to one decimal; None when nobody buys it or nobody knows."""
    if not daily_demand or daily_demand <= 0:
        return None
    return (max(quantity, Decimal(0)) / Decimal(str(daily_demand))).quantize(Decimal("0.1"))


def open_proposals(user: User, wanted: InboxFilter) -> QuerySet[ReplenishmentProposal]:
    """Open proposals for the user's places that match the filter."""
    proposals = ReplenishmentProposal.objects.filter(location_scope(user), state=ProposalState.OPEN)
    for name in ("location_id", "supplier_id", "source_id"):
        if getattr(wanted, name) is not None:
            proposals = proposals.filter(**{name: getattr(wanted, name)})
    if wanted.category_id is not None:
        proposals = proposals.filter(sku__category_id=wanted.category_id)
    if wanted.search:
        proposals = proposals.filter(Q(sku__name__icontains=wanted.search) | Q(sku__code__icontains=wanted.search))
    return proposals


def with_stock(proposals: QuerySet[ReplenishmentProposal]) -> QuerySet[ReplenishmentProposal]:
    """Adds `on_hand`, `available_now` and `daily_demand` of the SKU at the place."""
    same = {"sku": OuterRef("sku"), "location": OuterRef("location")}
    level = StockLevel.objects.filter(**same)
    quantity = DecimalField(max_digits=14, decimal_places=3)
    return proposals.select_related("sku", "location", "supplier", "source").annotate(
        on_hand=Coalesce(Subquery(level.values("on_hand")[:1]), Decimal(0), output_field=quantity),
        available_now=Coalesce(
            Subquery(level.annotate(free=F("on_hand") - F("reserved")).values("free")[:1]),
            Decimal(0),
            output_field=quantity,
        ),
        daily_demand=Subquery(
            ReorderLevel.objects.filter(**same).values("mean_daily_demand")[:1], output_field=FloatField()
        ),
    )


def as_lines(proposals: QuerySet[ReplenishmentProposal], *, now: datetime) -> list[InboxLine]:
    """Lines of proposals that went through `with_stock`; the date is that of each place."""
    today: dict[str, date] = {}
    lines = []
    for proposal in proposals:
        zone = proposal.location.time_zone
        if zone not in today:
            today[zone] = now.astimezone(ZoneInfo(zone)).date()
        stock = vars(proposal)
        lines.append(InboxLine(proposal, stock["on_hand"], stock["available_now"], stock["daily_demand"], today[zone]))
    return lines


def read_inbox(
    user: User, wanted: InboxFilter, *, now: datetime, lines_shown: int | None = LINES_SHOWN
) -> list[InboxGroup]:
    """Groups with totals over all their lines and the first `lines_shown` lines of each; two queries."""
    proposals = open_proposals(user, wanted)
    groups = {(group.supplier_id, group.source_id): group for group in _groups(proposals)}
    ranked = with_stock(proposals).annotate(
        rank=Window(
            RowNumber(),
            partition_by=[F("supplier_id"), F("source_id")],
            order_by=[F("value_at_risk").desc(), F("id").asc()],
        )
    )
    if lines_shown is not None:
        ranked = ranked.filter(rank__lte=lines_shown)
    for line in as_lines(ranked.order_by("-value_at_risk", "pk"), now=now):
        group = groups.get((line.proposal.supplier_id, line.proposal.source_id))
        if group is not None:
            group.lines.append(line)
    return list(groups.values())


def _groups(proposals: QuerySet[ReplenishmentProposal]) -> Sequence[InboxGroup]:
    rows = (
        proposals.values(
            "supplier_id",
            "source_id",
            "supplier__name",
            "source__name",
            "supplier__currency",
            "supplier__minimum_order_value",
        )
        .annotate(
            count=Count("pk"),
            total=Sum(F("quantity") * F("unit_price"), output_field=_MONEY),
            risk=Sum("value_at_risk"),
        )
        .order_by("-risk", "supplier__name", "source__name")
    )
    return [
        InboxGroup(
            supplier_id=row["supplier_id"],
            source_id=row["source_id"],
            name=row["supplier__name"] or row["source__name"],
            currency=row["supplier__currency"] or "",
            minimum_order_value=row["supplier__minimum_order_value"] or Decimal(0),
            count=row["count"],
            total=row["total"],
            value_at_risk=row["risk"],
        )
        for row in rows
    ]
