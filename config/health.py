"""Whether this process lives, and whether it can work: for load balancers and monitors, so without sign-in."""

import logging
from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobs.selectors.health import JobHealth, job_health

logger = logging.getLogger(__name__)

REDIS_SECONDS = 2


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the process can serve; 503 when the database is away or migrations are missing.

    A late job does not stop the web tier, so it makes the answer "degraded" and leaves the status at 200. Neither does
    a lost Redis: taken from the load balancer, every web server at once, shops could not sell for lack of a queue.
    """
    checks = {"database": _checked(_check_database), "redis": _checked(_check_redis)}
    has_database = checks["database"] == "ok"
    checks["migrations"] = _checked(_check_migrations) if has_database else "unknown"
    jobs = job_health(timezone.now()) if has_database and checks["migrations"] == "ok" else []
    is_ready = has_database and checks["migrations"] == "ok"
    is_whole = checks["redis"] == "ok" and not any(job.is_late for job in jobs)
    status = "failed" if not is_ready else "ok" if is_whole else "degraded"
    body: dict[str, Any] = {"status": status, "checks": checks, "jobs": [_as_json(job) for job in jobs]}
    return JsonResponse(body, status=200 if is_ready else 503)


def _checked(check: Callable[[], str]) -> str:
    try:
        return check()
    except (DatabaseError, redis.RedisError, OSError) as error:
        # The text of the error can hold addresses and names of accounts.
        logger.warning("Readiness: %s", error)
        return "failed"


def _check_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _check_redis() -> str:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    try:
        client.ping()
    finally:
        client.close()
    return "ok"


def _check_migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} missing" if missing else "ok"


def _as_json(job: JobHealth) -> dict[str, Any]:
    return {
        "name": job.name,
        "last_success": job.last_success.isoformat() if job.last_success else None,
        "age_seconds": job.age_seconds,
        "expected_every_seconds": job.expected_every_seconds,
        "is_late": job.is_late,
    }
