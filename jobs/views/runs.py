"""The jobs pages: the health of each job, its runs, and what one run did."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError
from accounts.requests import UserRequest, requires
from accounts.roles import MANAGE_INTEGRATIONS, VIEW_JOBS, permissions_of
from jobs.models import JobRun, JobState
from jobs.selectors.health import job_health
from jobs.selectors.run_pages import figures_of, job_titles, list_runs, run_shards, run_steps, step_title
from jobs.services.runs import retry_run

RUNS_A_PAGE = 30
SHARDS_A_PAGE = 100


@require_safe
@requires(VIEW_JOBS)
def jobs(request: UserRequest) -> HttpResponse:
    """Whether each job works, and its runs."""
    job, state = request.GET.get("job", ""), request.GET.get("state", "")
    page = Paginator(list_runs(job=job, state=state), RUNS_A_PAGE).get_page(request.GET.get("page"))
    titles = job_titles()
    for run in page.object_list:
        run.title = titles.get(run.job, run.job)  # type: ignore[attr-defined]  # for the template only
    context = {"page": page, "job": job, "state": state, "titles": titles, "states": JobState.choices}
    if request.htmx and not request.htmx.boosted:
        return render(request, "jobs/_runs.html", context)
    return render(request, "jobs/jobs.html", {**context, "health": job_health(timezone.now())})


@require_safe
@requires(VIEW_JOBS)
def run(request: UserRequest, pk: int) -> HttpResponse:
    """One run: its steps, shards and errors."""
    row = get_object_or_404(JobRun, pk=pk)
    page = Paginator(run_shards(row), SHARDS_A_PAGE).get_page(request.GET.get("page"))
    for shard in page.object_list:
        shard.title = step_title(shard.step)  # type: ignore[attr-defined]  # for the template only
        shard.figures = figures_of(shard.result)  # type: ignore[attr-defined]  # for the template only
    context = {
        "run": row,
        "title": job_titles().get(row.job, row.job),
        "steps": run_steps(row),
        "page": page,
        "may_retry": row.state == JobState.FAILED and MANAGE_INTEGRATIONS in permissions_of(request.user),
    }
    return render(request, "jobs/run.html", context)


@require_POST
@requires(MANAGE_INTEGRATIONS)
def retry(request: UserRequest, pk: int) -> HttpResponse:
    """Takes up a failed run where it stopped."""
    get_object_or_404(JobRun, pk=pk)
    try:
        retry_run(run_id=pk, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The run goes on where it stopped. What was done stays done."))
    return redirect("jobs:run", pk)
