"""Shapes of scheduled work in the API."""

from rest_framework import serializers

from jobs.models import JobRun, JobShard
from jobs.selectors.health import JobHealth


class JobHealthSerializer(serializers.Serializer[JobHealth]):
    """Whether a job does what it should."""

    name = serializers.CharField()
    title = serializers.CharField()
    last_success = serializers.DateTimeField(allow_null=True)
    age_seconds = serializers.IntegerField()
    expected_every_seconds = serializers.IntegerField()
    is_late = serializers.BooleanField()
    last_error = serializers.CharField(help_text="Of the newest run, when that run failed.")


class JobShardSerializer(serializers.ModelSerializer[JobShard]):
    """A piece of one step of a run."""

    class Meta:
        model = JobShard
        fields = (
            "id",
            "step",
            "number",
            "arguments",
            "state",
            "attempts",
            "due_at",
            "started_at",
            "finished_at",
            "result",
            "error",
        )
        read_only_fields = fields


class JobRunSerializer(serializers.ModelSerializer[JobRun]):
    """A run of a job for one slot."""

    class Meta:
        model = JobRun
        fields = (
            "id",
            "job",
            "slot",
            "business_date",
            "time_zone",
            "state",
            "created_at",
            "started_at",
            "finished_at",
            "parameters",
            "result",
            "error",
        )
        read_only_fields = fields
