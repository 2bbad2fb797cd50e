"""Scheduled work in the API, to be read."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.api.pagination import PagePagination
from accounts.api.permissions import RolePermits
from accounts.roles import VIEW_JOBS
from jobs.api.serializers import JobHealthSerializer, JobRunSerializer, JobShardSerializer
from jobs.models import JobRun, JobShard
from jobs.selectors.health import job_health


class JobHealthView(APIView):
    """Every job: its last success, and whether it is late."""

    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_JOBS}

    @extend_schema(responses=JobHealthSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response([JobHealthSerializer(health).data for health in job_health(timezone.now())])


class JobRunFilter(django_filters.FilterSet):
    """By job, state and business date."""

    class Meta:
        model = JobRun
        fields: ClassVar[list[str]] = ["job", "state", "business_date"]


class JobRunViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet[JobRun]):
    """Runs of jobs, the newest first."""

    serializer_class = JobRunSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {"GET": VIEW_JOBS}
    filterset_class = JobRunFilter
    queryset = JobRun.objects.order_by("-created_at", "-pk")

    @extend_schema(responses=JobShardSerializer(many=True), filters=False)
    @action(detail=True, filterset_class=None)
    def shards(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The pieces of a run in their order, page by page."""
        shards: QuerySet[JobShard] = JobShard.objects.filter(run=self.get_object()).order_by("step_index", "number")
        pages = PagePagination()
        page = pages.paginate_queryset(shards, request, view=self) or []
        return pages.get_paginated_response([JobShardSerializer(shard).data for shard in page])
