"""Inputs of forms that every app shares."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """A day in the browser's own calendar, which reads nothing but 2026-11-27, whatever the language of the page.

    Django writes the value as the language does, for example 2026/11/27: then the browser shows an empty field,
    and whoever saves the form clears the day without having touched it.
    """

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
