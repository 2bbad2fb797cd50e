"""What the API shows of counts."""

from typing import Any

from rest_framework import serializers

from inventory.api.fields import QUANTITY
from inventory.models import ShelfPosition, StockCount, StockCountLine


class StockCountSerializer(serializers.ModelSerializer[StockCount]):
    location = serializers.CharField(source="location.code")

    class Meta:
        model = StockCount
        fields = (
            "id",
            "number",
            "location",
            "state",
            "scope",
            "scope_text",
            "is_blind",
            "note",
            "created_at",
            "started_at",
            "submitted_at",
            "finished_at",
        )


HIDDEN = ("expected", "variance", "hold")


class StockCountLineSerializer(serializers.ModelSerializer[StockCountLine]):
    """`expected`, `variance` and `hold` are null where a blind count hides them from the caller."""

    sku = serializers.CharField(source="sku.code")
    name = serializers.CharField(source="sku.name")
    round = serializers.IntegerField()
    counted_by = serializers.SlugRelatedField(slug_field="username", read_only=True)  # type: ignore[var-annotated]  # the stubs want the model of a read-only relation

    class Meta:
        model = StockCountLine
        fields = (
            "id",
            "sku",
            "name",
            "state",
            "round",
            "is_planned",
            "counted",
            "expected",
            "variance",
            "hold",
            "counted_at",
            "counted_by",
        )

    def to_representation(self, instance: StockCountLine) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return shown if self.context.get("may_see_expected") else {**shown, **dict.fromkeys(HIDDEN)}


class SheetLineOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    round = serializers.IntegerField()
    places = serializers.ListField(child=serializers.CharField())
    codes = serializers.ListField(child=serializers.ListField(child=serializers.CharField()), help_text="[code, pack]")
    counted = serializers.DecimalField(**QUANTITY, allow_null=True)
    is_for_others = serializers.BooleanField(help_text="Counted by the caller before: another person has to, now.")
    expected = serializers.DecimalField(**QUANTITY, required=False, help_text="Not there when the count is blind.")


class SheetOutput(serializers.Serializer[Any]):
    number = serializers.CharField()
    state = serializers.CharField()
    is_blind = serializers.BooleanField()
    location = serializers.CharField()
    user = serializers.CharField()
    now = serializers.DateTimeField()
    lines = SheetLineOutput(many=True)


class OutcomeOutput(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    outcome = serializers.ChoiceField(choices=["kept", "known", "refused", "wrong_person"])
    message = serializers.CharField(allow_blank=True)
    is_late = serializers.BooleanField()


class OutcomesOutput(serializers.Serializer[Any]):
    now = serializers.DateTimeField()
    entries = OutcomeOutput(many=True)


class DueOutput(serializers.Serializer[Any]):
    sku = serializers.CharField()
    name = serializers.CharField()
    count_class = serializers.CharField()
    last_counted_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)


class DueListOutput(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    results = DueOutput(many=True)


class ShelfPositionSerializer(serializers.ModelSerializer[ShelfPosition]):
    sku = serializers.CharField(source="sku.code")
    location = serializers.CharField(source="location.code")

    class Meta:
        model = ShelfPosition
        fields = ("id", "location", "sku", "aisle", "position")
