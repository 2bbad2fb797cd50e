"""The upload form."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from imports.titles import TITLES
from inventory.models import Location


class UploadForm(forms.Form):
    """A file, what is in it, and the time zone for stores that it makes."""

    kind = forms.ChoiceField(label=_("What is in the file"), choices=list(TITLES.items()))
    file = forms.FileField(
        label=_("CSV file"), allow_empty_file=True, widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"})
    )
    time_zone = forms.CharField(
        label=_("Time zone of new stores"),
        required=False,
        max_length=40,
        help_text=_("Only used when the file brings a store that is not known yet."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"]) or usual_time_zone()
        if name not in available_timezones():
            raise forms.ValidationError(
                _("%(name)s is not a time zone. Write it as Asia/Shanghai."), params={"name": name}
            )
        return name


def usual_time_zone() -> str:
    """That of the first store, since a firm's stores are mostly in one zone."""
    first = Location.objects.filter(kind="store").order_by("pk").values_list("time_zone", flat=True).first()
    return first or "UTC"
