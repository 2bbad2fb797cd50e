"""What came, changed or went among the proposals since the last night."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_ORDERS
from orders.selectors.changes import MOST_ROWS, changes_since_night


@require_safe
@requires(VIEW_ORDERS)
def changes(request: UserRequest) -> HttpResponse:
    """New, changed and withdrawn proposals of the user's places."""
    found = changes_since_night(request.user)
    return render(request, "orders/changes.html", {"found": found, "is_cut": len(found.rows) == MOST_ROWS})
