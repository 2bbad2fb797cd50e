"""The form of a replenishment rule."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text import own_money
from accounts.widgets import DayInput
from inventory.models import Category, Location, Sku
from inventory.models.location import STOCKING_KINDS
from inventory.number_fields import NumberField, WholeField
from inventory.selectors.scope import locations_for
from orders.models import PolicyRule
from orders.models.policy import Phase, Steadiness, TargetKind, ValueClass
from orders.services.policy import Scope, Targets
from suppliers.models import Supplier

ALL = ("", _("All"))
_AS_A_SHARE = _("Type it as a share: 0.95 stands for 95 in 100.")
# Who types 95 means per cent, and learns nothing from a number of digits.
SHARE_ERRORS = {"max_digits": _AS_A_SHARE, "max_whole_digits": _AS_A_SHARE}
SCOPE = ("sku", "category", "supplier", "value_class", "steadiness", "location")


def _amount(label: Any, digits: int = 3, help_text: Any = "", *, required: bool = False) -> NumberField:
    return NumberField(
        label=label, required=required, min_value=0, max_digits=14, decimal_places=digits, help_text=help_text
    )


class RuleForm(forms.Form):
    """Whom the rule holds for, and what it wants. The service checks what belongs together."""

    sku = forms.CharField(label=_("Code of one SKU"), required=False, max_length=60)
    category = forms.ModelChoiceField(
        Category.objects.order_by("name"), required=False, label=_("Category"), empty_label=_("All")
    )
    supplier = forms.ModelChoiceField(
        Supplier.objects.order_by("name"), required=False, label=_("Supplier"), empty_label=_("All")
    )
    value_class = forms.ChoiceField(label=_("Class by value"), required=False, choices=(ALL, *ValueClass.choices))
    steadiness = forms.ChoiceField(label=_("Class by steadiness"), required=False, choices=(ALL, *Steadiness.choices))
    location = forms.ModelChoiceField(Location.objects.none(), required=False, label=_("Store"), empty_label=_("All"))
    target = forms.ChoiceField(label=_("Made for"), choices=TargetKind.choices)
    cycle_service_level = NumberField(
        label=_("Certainty not to run out"), max_digits=4, decimal_places=3, help_text=_("0.95 is 95 in 100 cycles."),
        error_messages=SHARE_ERRORS,
    )  # fmt: skip
    fill_rate = NumberField(
        label=_("Share of units served at once"), max_digits=5, decimal_places=4, error_messages=SHARE_ERRORS
    )
    disappointment = _amount(
        own_money(_("A disappointed customer costs")), 4, _("Money per lost unit, beyond its margin."), required=True
    )
    ordering_cost = _amount(
        own_money(_("An order line costs")),
        4,
        _("In work and freight. Above 0 it sets the size of an order."),
        required=True,
    )
    holding_rate = NumberField(
        label=_("Holding stock costs a year"), max_digits=4, decimal_places=3, help_text=_("As a share of its cost."),
        error_messages=SHARE_ERRORS,
    )  # fmt: skip
    minimum = _amount(_("Minimum"), help_text=_("At or below it an order is proposed."))
    maximum = _amount(_("Maximum"), help_text=_("An order fills up to it."))
    review_period_days = WholeField(label=_("Days between two looks"), min_value=1, max_value=60)
    lot_days = WholeField(label=_("Days that one order lasts"), min_value=1, max_value=60)
    phase = forms.ChoiceField(label=_("Phase"), choices=Phase.choices)
    ends_on = forms.DateField(label=_("Last day of sale"), required=False, widget=DayInput())
    presentation = _amount(_("Always on the shelf"), help_text=_("Units that are to be shown."), required=True)
    capacity = _amount(_("Room on the shelf"), help_text=_("Units; empty is no limit."))
    is_stopped = forms.BooleanField(label=_("Stop: propose nothing"), required=False)

    def __init__(self, data: Any = None, *, user: User, rule: PolicyRule | None = None) -> None:
        super().__init__(data, initial=_initial(rule or PolicyRule()))
        self._user = user
        places = locations_for(user).filter(kind__in=STOCKING_KINDS).order_by("name")
        location = cast("forms.ModelChoiceField[Location]", self.fields["location"])
        location.queryset = places
        if not user.sees_all_locations:
            location.required, location.empty_label = True, None
        if rule is not None:
            for name in SCOPE:
                self.fields[name].disabled = True

    def clean_sku(self) -> Sku | None:
        code = self.cleaned_data["sku"].strip()
        if not code:
            return None
        sku = Sku.objects.filter(code=code).first()
        if sku is None:
            raise forms.ValidationError(_("There is no SKU with this code."))
        return sku

    def scope(self) -> Scope:
        data = self.cleaned_data
        rows = {name: data[name] for name in ("sku", "category", "supplier", "location")}
        ids: dict[str, Any] = {f"{name}_id": row.pk if row else None for name, row in rows.items()}
        return Scope(**ids, value_class=data["value_class"], steadiness=data["steadiness"])

    def targets(self) -> Targets:
        return Targets(**{name: value for name, value in self.cleaned_data.items() if name not in SCOPE})

    def as_rule(self) -> PolicyRule:
        """The rule as typed, not kept."""
        parts = {name: self.cleaned_data[name] for name in SCOPE}
        return PolicyRule(**parts, **vars(self.targets()))


def _initial(rule: PolicyRule) -> dict[str, Any]:
    names = [name for name in RuleForm.base_fields if name != "sku"]
    return {**{name: getattr(rule, name) for name in names}, "sku": rule.sku.code if rule.sku else ""}
