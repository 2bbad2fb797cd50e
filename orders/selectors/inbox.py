"""The purchaser's inbox: open proposals grouped by who delivers, the most money at risk first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from forecasting.models import PublishedForecast
from inventory.domain.days import local_date
from inventory.domain.movements import Pair
from inventory.selectors.scope import location_scope
from inventory.selectors.stock import category_tree
from inventory.selectors.substitutes import Offer, short_offers
from orders.domain.money import CENT
from orders.domain.risk import RiskStatus
from orders.domain.seen_terms import terms_seen
from orders.models import ProposalState, ReplenishmentProposal
from orders.selectors.risk import RiskRow, load_risk

LINES_SHOWN = 8
# The job whose plans write the proposals, by the name that it has in the schedule.
NIGHT = "nightly"
SHORT = (RiskStatus.OUT, RiskStatus.PROJECTED)
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
    """A proposal with today's reading of its listing; `risk` is None when the SKU is no longer on sale there."""

    proposal: ReplenishmentProposal
    risk: RiskRow | None

    @property
    def cost(self) -> Decimal:
        return (self.proposal.quantity * self.proposal.unit_price).quantize(CENT)

    @property
    def is_edited(self) -> bool:
        return self.proposal.quantity != self.proposal.suggested_quantity and self.proposal.cut_quantity is None

    @property
    def runs_out_on(self) -> date | None:
        """The day on which the shelf is expected to be empty; None when that is unknown or beyond the forecast."""
        return self.risk.projected_out_on if self.risk else None

    @property
    def is_short(self) -> bool:
        """Whether customers will meet an empty shelf: it is empty, or will be before the delivery comes."""
        return self.is_too_late or (self.risk is not None and self.risk.status in SHORT)

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
    # Of all its lines, shown or not, that no budget holds: what "approve all" approves is what the total counts. By id
    # the quantity of each, and who delivers at which price.
    offers: dict[int, str]
    held: int = 0
    lines: list[InboxLine] = field(default_factory=list)
    # Address of the inbox with this group alone and whole; given by the page.
    more_url: str = ""
    # In the firm's currency; see orders.selectors.inbox_sum.
    home_total: Decimal | None = None

    @property
    def is_foreign(self) -> bool:
        return self.currency != settings.DEFAULT_CURRENCY

    @property
    def key(self) -> str:
        return f"supplier-{self.supplier_id}" if self.supplier_id else f"source-{self.source_id}"

    @property
    def proposal_ids(self) -> list[int]:
        return list(self.offers)

    @property
    def is_below_minimum(self) -> bool:
        return self.total < self.minimum_order_value

    @property
    def hidden(self) -> int:
        return self.count - len(self.lines)


def proposals_for(user: User) -> QuerySet[ReplenishmentProposal]:
    """Proposals of any state for the user's places."""
    return ReplenishmentProposal.objects.filter(location_scope(user))


def open_proposals(user: User, wanted: InboxFilter) -> QuerySet[ReplenishmentProposal]:
    """Open proposals for the user's places that match the filter."""
    proposals = proposals_for(user).filter(state=ProposalState.OPEN)
    for name in ("location_id", "supplier_id", "source_id"):
        if getattr(wanted, name) is not None:
            proposals = proposals.filter(**{name: getattr(wanted, name)})
    if wanted.category_id is not None:
        proposals = proposals.filter(sku__category__in=category_tree(wanted.category_id))
    if wanted.search:
        proposals = proposals.filter(Q(sku__name__icontains=wanted.search) | Q(sku__code__icontains=wanted.search))
    return proposals


def has_forecast() -> bool:
    """Whether anything could be proposed at all."""
    return PublishedForecast.objects.exists()


def as_lines(proposals: Iterable[ReplenishmentProposal], *, now: datetime) -> list[InboxLine]:
    """Lines with the risk of each as of today in its own place; as many queries for a thousand lines as for one."""
    proposals = list(proposals)
    risks: dict[tuple[int, int], RiskRow] = {}
    for zone_name, here in _by_zone(proposals).items():
        rows = load_risk(
            location_ids={proposal.location_id for proposal in here},
            sku_ids={proposal.sku_id for proposal in here},
            today=local_date(now, zone_name),
        )
        risks |= {(row.sku_id, row.location_id): row for row in rows}
    return [InboxLine(proposal, risks.get((proposal.sku_id, proposal.location_id))) for proposal in proposals]


def offers_instead(lines: Iterable[InboxLine]) -> dict[Pair, list[Offer]]:
    """What may be had instead of what is short, where it is short; one statement for all lines."""
    return short_offers({(line.proposal.sku_id, line.proposal.location_id) for line in lines if line.is_short})


def _by_zone(proposals: Iterable[ReplenishmentProposal]) -> dict[str, list[ReplenishmentProposal]]:
    zones: dict[str, list[ReplenishmentProposal]] = {}
    for proposal in proposals:
        zones.setdefault(proposal.location.time_zone, []).append(proposal)
    return zones


def read_inbox(
    user: User, wanted: InboxFilter, *, now: datetime, lines_shown: int | None = LINES_SHOWN
) -> list[InboxGroup]:
    """Groups with totals over all their lines and the first `lines_shown` lines of each."""
    proposals = open_proposals(user, wanted)
    groups = {(group.supplier_id, group.source_id): group for group in _groups(proposals)}
    if lines_shown == 0:
        return list(groups.values())
    ranked = proposals.select_related("sku", "location", "supplier", "source", "cut_by").annotate(
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
    is_free = Q(cut_quantity__isnull=True) | Q(cut_quantity__gt=0)
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
            held=Count("pk", filter=Q(cut_quantity=0)),
            total=Sum(F("quantity") * F("unit_price"), filter=is_free, default=0, output_field=_MONEY),
            risk=Sum("value_at_risk"),
            ids=ArrayAgg("pk", filter=is_free, default=[], order_by="pk"),
            quantities=ArrayAgg("quantity", filter=is_free, default=[], order_by="pk"),
            prices=ArrayAgg("unit_price", filter=is_free, default=[], order_by="pk"),
        )
        .order_by("-risk", "supplier__name", "source__name")
    )
    return [
        InboxGroup(
            supplier_id=row["supplier_id"],
            source_id=row["source_id"],
            name=row["supplier__name"] or row["source__name"],
            currency=row["supplier__currency"] or settings.DEFAULT_CURRENCY,
            minimum_order_value=row["supplier__minimum_order_value"] or Decimal(0),
            count=row["count"],
            total=row["total"],
            value_at_risk=row["risk"],
            offers=_offers(row),
            held=row["held"],
        )
        for row in rows
    ]


def _offers(row: Mapping[str, Any]) -> dict[int, str]:
    found = zip(row["ids"], row["quantities"], row["prices"], strict=True)
    return {
        pk: f"{quantity} {terms_seen(row['supplier_id'], row['source_id'], price)}" for pk, quantity, price in found
    }
