"""The forms of an import: the upload, and what each column of the file means."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import is_permitted
from imports.domain.columns import Column, Layout
from imports.domain.kinds import Kind
from imports.domain.text_file import ENCODINGS
from imports.services.files import MOST_BYTES
from imports.titles import COLUMNS, PERMISSIONS, TITLES
from inventory.domain.days import known_zones
from inventory.models import Location

# Kinds of files that may bring a store which is not known yet.
MAKE_STORES = {"products", "locations"}
ENCODING_NAMES = {
    "utf-8-sig": "UTF-8",
    "gb18030": _("Chinese (GB 18030)"),
    "cp1252": _("Western (Windows-1252)"),
    "utf-16": "UTF-16",
}


class UploadForm(forms.Form):
    """A file, what is in it, and the time zone for stores that it makes."""

    kind = forms.ChoiceField(label=_("What is in the file"))
    file = forms.FileField(
        label=_("CSV or Excel file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )
    time_zone = forms.CharField(
        label=_("Time zone of new stores"),
        required=False,
        max_length=40,
        help_text=_("Only used when the file brings a store that is not known yet."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(name, title) for name, title in TITLES.items() if is_permitted(user, PERMISSIONS[name])]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a ChoiceField, declared above
        if not MAKE_STORES & {name for name, _title in kinds}:
            del self.fields["time_zone"]

    @property
    def zone_of_new_stores(self) -> str:
        """Of the stores that the file makes, if it may make any. Call it when the form is valid."""
        return str(self.cleaned_data.get("time_zone") or usual_time_zone())

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file has more than %(most)d MB. Cut it in parts."), params={"most": MOST_BYTES // 1024 // 1024}
            )
        return file

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"]) or usual_time_zone()
        if name not in known_zones():
            raise forms.ValidationError(
                _("%(name)s is not a time zone. Write it as Asia/Shanghai."), params={"name": name}
            )
        return name


class ColumnsForm(forms.Form):
    """For each thing that we want to know, the column of the file that says it."""

    encoding = forms.ChoiceField(
        label=_("Characters"),
        choices=[(name, ENCODING_NAMES[name]) for name in ENCODINGS],
        required=False,
        help_text=_("Change this when the letters above look wrong."),
    )

    def __init__(self, *args: Any, kind: Kind, header: Sequence[str], layout: Layout, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("not in the file")), *((str(place), name or "–") for place, name in enumerate(header))]
        guessed = {column.name: place for place, column in layout}
        for column in kind.columns:
            # Only exports of ours have the numbers of movements.
            if column.name == "id" and guessed["id"] is None:
                continue
            self.fields[column.name] = _column_field(column, choices, guessed[column.name])

    @property
    def mapping(self) -> dict[str, int]:
        """Column name -> place in the file."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "encoding"}
        return {name: int(place) for name, place in given.items() if place}

    def clean(self) -> dict[str, Any]:
        """Refuses one column of the file for two things."""
        cleaned = self.cleaned_data
        seen: dict[str, str] = {}
        for name, place in cleaned.items():
            if name == "encoding" or not place:
                continue
            if place in seen:
                self.add_error(name, _("This column is taken for another thing already."))
                break
            seen[place] = name
        return cleaned


def _column_field(column: Column, choices: Sequence[Any], guessed: int | None) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=COLUMNS[column.name],
        choices=choices,
        required=column.is_required,
        initial="" if guessed is None else str(guessed),
        error_messages={"required": _("Say which column of the file this is.")},
    )


def usual_time_zone() -> str:
    """That of the first store, since a firm's stores are mostly in one zone."""
    first = Location.objects.filter(kind="store").order_by("pk").values_list("time_zone", flat=True).first()
    return first or "UTC"
