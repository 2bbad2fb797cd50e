"""The first page answers each role with what it may see and do."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from dashboards.navigation import MENU, TABS, navigation_for
from jobs.models import JobRun, JobState
from tests.pages.conftest import make_user, signed_in

HOME = reverse("dashboards:home")


def test_staff_begin_with_the_acts_at_the_shelf(staff):
    page = staff.get(HOME).content.decode()
    assert reverse("inventory:sell") in page
    assert reverse("orders:proposals") + '"' not in page.split("</nav>")[-1]


@pytest.mark.parametrize("role", Role.values)
def test_each_role_has_a_home(as_role, role):
    page = as_role(role).get(HOME)
    assert page.status_code == 200
    assert page.context["risk"].out == 2


def test_only_those_who_decide_see_the_inbox(as_role):
    assert "groups" in as_role(Role.PURCHASER).get(HOME).context
    assert "groups" not in as_role(Role.MANAGER).get(HOME).context


def test_an_administrator_sees_the_steps_that_are_left(as_role):
    steps = as_role(Role.ADMINISTRATOR).get(HOME).context["steps"]
    assert [step.is_done for step in steps] == [True, True, True, False, False]


def test_of_the_jobs_an_administrator_reads_those_in_trouble_and_a_number(as_role):
    """All of them, each with its state, stand on the page of the jobs. In a shop installed just now none has run."""
    MigrationRecorder(connection).migration_qs.update(applied=timezone.now())
    admin = as_role(Role.ADMINISTRATOR)
    fine = admin.get(HOME)
    count = fine.context["fine_jobs"]
    assert fine.context["jobs"] == [] and f"All {count} jobs are in time." in fine.content.decode()
    JobRun.objects.create(
        job="deliver", slot="a", state=JobState.FAILED, created_at=timezone.now(), finished_at=timezone.now(), error="E"
    )
    failed = admin.get(HOME)
    assert [job.name for job in failed.context["jobs"]] == ["deliver"]
    assert f"{count - 1} other jobs are in time." in failed.content.decode()


def test_staff_without_a_store_get_a_page(shop):
    user = make_user("new", Role.STAFF, shop.here)
    user.location_access.all().delete()
    assert signed_in(user).get(HOME).status_code == 200


@pytest.mark.parametrize("role", Role.values)
def test_the_menu_holds_only_what_the_role_may_open(as_role, role):
    client = as_role(role)
    menu = navigation_for(client.user, HOME)
    for group in menu.groups:
        for item in group.items:
            assert client.get(item.url).status_code == 200, item.url


def test_every_entry_of_the_menu_leads_somewhere():
    routes = [entry.route for _label, entries in MENU for entry in entries]
    assert all(reverse(route) for route in routes)
    assert set().union(*TABS.values()) <= set(routes)


@pytest.mark.parametrize("role", Role.values)
def test_the_tab_bar_holds_four(as_role, role):
    assert len(navigation_for(as_role(role).user, HOME).tabs) == 4
