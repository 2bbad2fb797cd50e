import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.AddField("jobrun", "attempts", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "jobshard",
            "due_at",
            models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField("jobshard", "nudged_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "jobshard", models.Index(fields=["run", "due_at"], condition=Q(state="due"), name="jobs_shard_due")
        ),
        migrations.AddIndex(
            "jobshard", models.Index(fields=["leased_until"], condition=Q(state="running"), name="jobs_shard_leased")
        ),
    ]
