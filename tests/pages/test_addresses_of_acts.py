"""Who opens the address of an act in a browser lands on the page that it belongs to, never on an empty one."""

import pytest
from django.urls import reverse

from config.leading_back import page_above


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/orders/5/approve/", "/orders/5/"),
        ("/orders/5/links/end/", "/orders/5/"),
        ("/suppliers/3/closures/8/drop/", "/suppliers/3/closures/8/"),
        ("/proposals/approve/", "/proposals/"),
        ("/sign-out/", "/"),
        ("/", "/"),
    ],
)
def test_the_page_above(path, page):
    assert page_above(path) == page


def test_an_act_that_found_one_signed_out_leads_on_after_the_sign_in(manager, client):
    act = reverse("orders:days")
    answer = client.post(act, {"expires_after_days": "3"})
    assert answer["Location"] == f"{reverse('accounts:sign_in')}?next={act}"
    answer = manager.get(act)
    assert (answer.status_code, answer["Location"]) == (302, reverse("orders:rules"))


def test_programs_and_other_methods_are_told_that_the_method_is_wrong(manager):
    assert manager.get("/api/v1/posting-batches/").status_code != 302
    assert manager.put(reverse("orders:days")).status_code == 405
    assert manager.get(reverse("accounts:sign_out"))["Location"] == "/"
    assert manager.get("/").status_code == 200
