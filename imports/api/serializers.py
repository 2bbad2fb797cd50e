"""What the API takes and shows of imports."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.parsers import PlainJSONField
from accounts.unknown_fields import require_known
from imports.domain.kinds import KINDS
from imports.domain.text_file import ENCODINGS
from imports.models import ImportStage, ImportState


class ImportInput(serializers.Serializer[Any]):
    """`multipart/form-data`."""

    kind = serializers.ChoiceField(choices=list(KINDS), help_text="What is in the file.")
    file = serializers.FileField(allow_empty_file=True, help_text="CSV or XLSX.")
    mapping = PlainJSONField(
        required=False,
        default=dict,
        help_text='Columns and the headings that stand for them, as JSON: {"sku": "Artikel"}. Else headings decide.',
    )
    encoding = serializers.ChoiceField(choices=list(ENCODINGS), required=False, default="", help_text="If not UTF-8.")
    time_zone = serializers.CharField(required=False, default="", max_length=40, help_text="Of new stores.")

    def to_internal_value(self, data: Any) -> Any:
        require_known(self, data)
        return super().to_internal_value(data)

    def validate_mapping(self, value: Any) -> dict[str, str]:
        if not isinstance(value, dict) or not all(isinstance(text, str) for pair in value.items() for text in pair):
            raise serializers.ValidationError(_("Send an object of columns and headings."))
        return value


class ImportOutput(serializers.Serializer[Any]):
    """A file, how far the work on it is, and how it ended."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    file_name = serializers.CharField()
    state = serializers.ChoiceField(choices=ImportState.choices)
    stage = serializers.ChoiceField(choices=ImportStage.choices, allow_blank=True)
    percent = serializers.IntegerField()
    rows = serializers.IntegerField(help_text="Read so far.")
    changed = serializers.IntegerField(help_text="Entries added or changed; 0 for a file that was known already.")
    error_count = serializers.IntegerField(help_text="How many places are wrong; see `errors/`.")
    uploaded_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ImportErrorOutput(serializers.Serializer[Any]):
    """`row` counts as a spreadsheet does, the headings being row 1."""

    row = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True, help_text="Our name of it, as in the template.")
    heading = serializers.CharField(allow_blank=True, help_text="What the file calls it.")
    code = serializers.CharField()
    value = serializers.CharField(allow_blank=True)
    message = serializers.CharField()
