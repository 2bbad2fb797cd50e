"""A file that was taken in becomes a piece of work that is waited for: states, progress, errors, and its bytes."""

import django.db.models.deletion
from django.db import migrations, models

STATES = [
    ("uploaded", "Not loaded yet"),
    ("waiting", "Waiting"),
    ("running", "Running"),
    ("done", "Loaded"),
    ("refused", "Refused"),
    ("failed", "Failed"),
]
STAGES = [("reading", "Reading"), ("checking", "Checking"), ("writing", "Writing")]


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial")]

    operations = [
        migrations.RenameModel("ImportRecord", "FileImport"),
        migrations.RenameField("fileimport", "imported_at", "uploaded_at"),
        migrations.AddField("fileimport", "state", models.CharField(choices=STATES, default="done", max_length=8)),
        migrations.AddField("fileimport", "byte_count", models.BigIntegerField(default=0)),
        migrations.AddField("fileimport", "encoding", models.CharField(blank=True, default="", max_length=12)),
        migrations.AddField("fileimport", "mapping", models.JSONField(blank=True, default=dict)),
        migrations.AddField("fileimport", "time_zone", models.CharField(default="UTC", max_length=40)),
        migrations.AddField(
            "fileimport", "stage", models.CharField(blank=True, choices=STAGES, default="", max_length=8)
        ),
        migrations.AddField("fileimport", "stage_percent", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("fileimport", "errors", models.JSONField(blank=True, default=list)),
        migrations.AddField("fileimport", "error_count", models.PositiveIntegerField(default=0)),
        migrations.AddField("fileimport", "finished_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField("fileimport", "row_count", models.PositiveIntegerField(default=0)),
        migrations.AlterField("fileimport", "changed_count", models.PositiveIntegerField(default=0)),
        # There is one row for each file that a person brought, so these tables are small enough to check at once.
        migrations.AddConstraint(
            "fileimport",
            models.CheckConstraint(
                condition=models.Q(state__in=["uploaded", "waiting", "running", "done", "refused", "failed"]),
                name="imports_state_known",
            ),
        ),
        migrations.AddConstraint(
            "fileimport",
            models.CheckConstraint(
                condition=models.Q(state="done") | models.Q(changed_count=0), name="imports_changed_only_when_done"
            ),
        ),
        migrations.AddIndex("fileimport", models.Index(fields=["sha256"], name="imports_by_content")),
        migrations.CreateModel(
            name="FilePiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("data", models.BinaryField()),
                (
                    "file_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="imports.fileimport",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("file_import", "number"), name="imports_piece_once")],
            },
        ),
    ]
