"""What a person of each role does, and where: the guide of docs/ as a page."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.requests import UserRequest, requires
from accounts.roles import VIEW_STOCK
from dashboards.selectors.guide import read_guide

FILES = {"zh-hans": "guide.zh-CN.md"}


@require_safe
@requires(VIEW_STOCK)
def guide(request: UserRequest) -> HttpResponse:
    """The reader's own role first."""
    sections = read_guide(settings.BASE_DIR / "docs" / FILES.get(get_language() or "", "guide.md"))
    own_first = sorted(sections, key=lambda section: section.role != request.user.role)
    return render(request, "dashboards/guide.html", {"sections": own_first})
