import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job", models.CharField(max_length=40)),
                ("slot", models.CharField(max_length=80)),
                ("business_date", models.DateField(blank=True, null=True)),
                ("time_zone", models.CharField(blank=True, default="", max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Due"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="due",
                        max_length=8,
                    ),
                ),
                ("step_index", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("parameters", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("error", models.TextField(blank=True, default="")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["due", "running"])),
                        fields=["created_at"],
                        name="jobs_run_unfinished",
                    ),
                    models.Index(fields=["job", "-finished_at"], name="jobs_run_last_success"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("job", "slot"), name="jobs_run_once_per_slot"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["due", "running", "done", "failed"])),
                        name="jobs_run_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JobShard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step_index", models.PositiveSmallIntegerField()),
                ("step", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                ("arguments", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("due", "Due"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="due",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_token", models.UUIDField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.JSONField(default=dict)),
                ("error", models.TextField(blank=True, default="")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shards", to="jobs.jobrun"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "step_index", "number"), name="jobs_shard_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["due", "running", "done", "failed"])),
                        name="jobs_shard_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            models.Q(("lease_token__isnull", False), ("leased_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="jobs_shard_running_has_lease",
                    ),
                ],
            },
        ),
    ]
