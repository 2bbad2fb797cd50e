"""What a client sends to count."""

from typing import Any

from rest_framework import serializers

from inventory.api.fields import OwnLocationField
from inventory.models import CountClass, CountScope
from inventory.services.count_entries import MOST_ENTRIES, EntryGiven
from inventory.services.shelf_positions import LONGEST, MOST, Place
from inventory.services.stock_counts import MOST_LINES, Wanted

# Wider than any quantity: an entry that does not fit is refused by itself, and the others of its batch are kept.
LOOSE: dict[str, Any] = {"max_digits": 30, "decimal_places": 12}


class StockCountInput(serializers.Serializer[Any]):
    """Of the fields that choose, only the one that belongs to `scope` is read."""

    location = OwnLocationField()
    scope = serializers.ChoiceField(choices=CountScope.choices)
    count_class = serializers.ChoiceField(choices=CountClass.choices, required=False, default="")
    aisle = serializers.CharField(max_length=LONGEST, required=False, default="", allow_blank=True)
    category = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="Its id.")
    search = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    skus = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, default=list, max_length=MOST_LINES
    )
    is_blind = serializers.BooleanField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)

    def wanted(self) -> Wanted:
        values = self.validated_data
        return Wanted(
            scope=values["scope"],
            count_class=values["count_class"],
            aisle=values["aisle"],
            category_id=values["category"],
            search=values["search"],
            sku_codes=tuple(values["skus"]),
        )


class CountEntryInput(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by you, new for each entry: a repeat is known by it.")
    counted_at = serializers.DateTimeField(help_text="When somebody stood at the shelf, on your clock.")
    sku = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    barcode = serializers.CharField(
        max_length=100,
        required=False,
        default="",
        allow_blank=True,
        help_text="Instead of `sku`; may stand for a case.",
    )
    quantity = serializers.DecimalField(**LOOSE, required=False, allow_null=True, default=None)
    place = serializers.CharField(max_length=41, required=False, default="", allow_blank=True)
    round = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=32767,
        help_text="Of the line as you read it.",
    )
    voids = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Instead of a quantity: the entry that you take back."
    )
    by = serializers.CharField(
        max_length=150, required=False, default="", allow_blank=True, help_text="Username of who counted, if known."
    )


class CountEntriesInput(serializers.Serializer[Any]):
    sent_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="Your clock now: its error is taken off `counted_at`."
    )
    is_clock_set = serializers.BooleanField(
        required=False,
        default=False,
        help_text="You go by our clock (`now` of our answers). When you are off all the same, moments are in doubt.",
    )
    entries: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=CountEntryInput(), allow_empty=False, max_length=MOST_ENTRIES
    )

    def given(self) -> list[EntryGiven]:
        return [
            EntryGiven(
                uid=row["id"],
                told_at=row["counted_at"],
                sku=row["sku"],
                barcode=row["barcode"],
                quantity=row["quantity"],
                place=row["place"],
                round=row["round"],
                voids=row["voids"],
                by=row["by"],
            )
            for row in self.validated_data["entries"]
        ]


class LinesInput(serializers.Serializer[Any]):
    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), allow_empty=False, max_length=MOST_LINES
    )


class ShelfPositionInput(serializers.Serializer[Any]):
    sku = serializers.CharField(max_length=60)
    aisle = serializers.CharField(max_length=LONGEST, allow_blank=True, help_text="Empty takes the SKU off the map.")
    position = serializers.CharField(max_length=LONGEST, required=False, default="", allow_blank=True)


class ShelfPositionsInput(serializers.Serializer[Any]):
    location = OwnLocationField()
    positions: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=ShelfPositionInput(), allow_empty=False, max_length=MOST
    )

    def places(self) -> list[Place]:
        return [Place(row["sku"], row["aisle"], row["position"]) for row in self.validated_data["positions"]]
