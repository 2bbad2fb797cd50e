"""Forms of the page of buying rules."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.widgets import DayInput
from inventory.money_field import MoneyField
from inventory.number_fields import NumberField, WholeField
from orders.domain.approval import Limit
from orders.selectors.approvals import approvers


class LimitForm(forms.Form):
    """Of one role; an empty amount is no limit."""

    alone_up_to = MoneyField(max_digits=14, decimal_places=2, min_value=0, required=False, label=_("Alone up to"))
    release_up_to = MoneyField(
        max_digits=14, decimal_places=2, min_value=0, required=False, label=_("As second person up to")
    )

    def as_limit(self) -> Limit:
        return Limit(self.cleaned_data["alone_up_to"], self.cleaned_data["release_up_to"])


class DaysForm(forms.Form):
    window_days = WholeField(
        min_value=1, max_value=90, label=_("Days that count together"),
        help_text=_("All that one person buys of one supplier within so many days counts as one order for the limit."),
    )  # fmt: skip
    approval_days = WholeField(
        min_value=1, max_value=90, label=_("Days to approve"),
        help_text=_("An order that nobody approved by then is void, and its need is proposed anew."),
    )  # fmt: skip
    proposal_days = WholeField(
        min_value=1, max_value=90, label=_("Days a proposal lasts"),
        help_text=_("A proposal whose figures are older than that is withdrawn."),
    )  # fmt: skip

    over_receipt_percent = NumberField(
        min_value=0, max_value=100, max_digits=5, decimal_places=2, label=_("Percent that may come too much"),
        help_text=_("Of a line, all its deliveries together. More than that is refused at receipt."),
    )  # fmt: skip
    under_receipt_percent = NumberField(
        min_value=0, max_value=100, max_digits=5, decimal_places=2, label=_("Percent that may be missing"),
        help_text=_("A line of which so little is missing is closed when it is received."),
    )  # fmt: skip


class RateForm(forms.Form):
    currency = forms.CharField(min_length=3, max_length=3, label=_("Currency"))
    rate = NumberField(
        max_digits=18, decimal_places=8, min_value=Decimal("0.00000001"), label=_("Worth of one unit"),
        help_text=_("In the firm's currency."), error_messages={"min_value": _("The rate must be above zero.")},
    )  # fmt: skip
    valid_from = forms.DateField(label=_("From"), widget=DayInput())


def told_apart(person: User) -> str:
    """Two people may have one name, and where somebody is chosen it matters which of them is meant."""
    return f"{person} ({person.username})" if str(person) != person.username else person.username


class DelegationForm(forms.Form):
    giver = forms.ModelChoiceField(User.objects.none(), label=_("Who is away"), empty_label=None)
    taker = forms.ModelChoiceField(User.objects.none(), label=_("Who approves instead"), empty_label=None)
    starts_on = forms.DateField(label=_("From"), widget=DayInput())
    ends_on = forms.DateField(label=_("To"), widget=DayInput())

    def __init__(self, *args: Any, user: User, is_for_others: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = approvers(user)
        giver = cast("forms.ModelChoiceField[User]", self.fields["giver"])
        giver.queryset = people if is_for_others else people.filter(pk=user.pk)
        taker = cast("forms.ModelChoiceField[User]", self.fields["taker"])
        for field in (giver, taker):
            field.label_from_instance = told_apart  # type: ignore[assignment]  # the other way, a class, cannot be given its type when it runs
        taker.queryset = people if is_for_others else people.exclude(pk=user.pk)
