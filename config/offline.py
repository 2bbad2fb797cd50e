"""What a browser keeps for the time without a connection: one page that says so, the same for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.static_source import worker_script


@require_safe
@cache_control(no_cache=True)
def offline_page(request: HttpRequest) -> HttpResponse:
    """In the language of who asks; nothing else of theirs."""
    return render(request, "offline.html")


@require_safe
@cache_control(no_cache=True)
def offline_worker(request: HttpRequest) -> HttpResponse:
    """It stands at the root, since it answers for all pages."""
    return worker_script("js/offline-worker.js")
