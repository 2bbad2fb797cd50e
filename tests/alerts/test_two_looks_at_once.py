import pytest
from django.utils import timezone

from alerts.mails import mail_digests
from alerts.models import Alert
from alerts.services.evaluate import evaluate_jobs, evaluate_location
from outbox.models import Message, WebhookEndpoint
from tests.alerts.conftest import NOW
from tests.jobs.test_many_at_once import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_looks_at_one_place_open_each_alert_once_and_tell_it_once(shop):
    WebhookEndpoint.objects.create(url="https://a.example/", secret="whsec_YWJj", created_at=NOW)
    for code in "abcde":
        shop.stock(code, 0)
    assert all_at_once(4, lambda: evaluate_location(location_id=shop.location.pk, now=NOW)) == []
    assert Alert.objects.count() == 5
    assert Message.objects.count() == 5


def test_four_digests_at_once_are_one_mail(shop):
    shop.user("mia")
    shop.stock("a", 0)
    evaluate_location(location_id=shop.location.pk, now=NOW)
    assert all_at_once(4, lambda: mail_digests(now=NOW)) == []
    assert Message.objects.count() == 1


def test_four_looks_at_the_jobs_open_one_alert_each(settings):
    settings.JOB_SCHEDULE = "tests.jobs.schedule"
    later = timezone.now().replace(year=2100)
    assert all_at_once(4, lambda: evaluate_jobs(now=later)) == []
    subjects = list(Alert.objects.values_list("subject", flat=True))
    assert len(subjects) == len(set(subjects)) == 5
