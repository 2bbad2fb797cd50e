"""How far the work is can be seen while its transaction is open, and never holds it up."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from imports.models import FileImport, ImportStage
from imports.services import progress as module
from imports.services.progress import Progress


@pytest.fixture
def record(transactional_db, monkeypatch):
    monkeypatch.setattr(module, "FIRST_AFTER_SECONDS", 0)
    monkeypatch.setattr(module, "EVERY_SECONDS", 0)
    return FileImport.objects.create(kind="movements", state="running", uploaded_at=timezone.now())


def seen_by_others(record):
    """Stage, percentage and rows as another connection reads them."""
    found = []

    def look():
        found.append(FileImport.objects.values_list("stage", "stage_percent", "row_count").get(pk=record.pk))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


def test_others_see_it_while_the_transaction_is_open(record):
    progress = Progress(record.pk)
    with transaction.atomic():
        progress.tell(ImportStage.READING, 0.421, 1000)
        assert seen_by_others(record) == ("reading", 42, 1000)
        progress.tell(ImportStage.WRITING, 2)
        assert seen_by_others(record) == ("writing", 100, 1000)
        transaction.set_rollback(True)
    progress.close()
    assert seen_by_others(record) == ("writing", 100, 1000)


def test_a_row_that_somebody_holds_is_not_waited_for(record):
    progress = Progress(record.pk)
    with transaction.atomic():
        FileImport.objects.filter(pk=record.pk).update(file_name="held")
        progress.tell(ImportStage.READING, 0.5, 1000)
    progress.close()
    assert seen_by_others(record) == ("", 0, 0)


def test_what_has_ended_is_not_told_any_more(record):
    FileImport.objects.update(state="done")
    progress = Progress(record.pk)
    progress.tell(ImportStage.READING, 0.5, 1000)
    progress.close()
    assert seen_by_others(record) == ("", 0, 0)


def test_nothing_is_told_in_the_first_moment(record, monkeypatch):
    monkeypatch.setattr(module, "FIRST_AFTER_SECONDS", 60)
    progress = Progress(record.pk)
    progress.tell(ImportStage.READING, 0.5, 1000)
    assert seen_by_others(record) == ("", 0, 0)
    assert progress.row_count == 1000
