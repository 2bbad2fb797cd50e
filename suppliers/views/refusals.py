"""What a service refuses, beside the fields that it names."""

from django import forms

from accounts.errors import DomainError


def show(form: forms.Form, error: DomainError) -> None:
    """What names no field of the form stands above it."""
    for problem in error.details or [{"field": None, "message": error.message}]:
        name = problem.get("field")
        form.add_error(name if name in form.fields else None, str(problem.get("message", error.message)))
