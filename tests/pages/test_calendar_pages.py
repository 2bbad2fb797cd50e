"""The promotion calendar: made, changed, deleted, filled from packs, and honest about what was learned."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Role
from forecasting.models import ChoiceRun, OccasionEffect, Promotion
from forecasting.services.promotions import Entry, load_pack, save_promotion
from inventory.models import Location
from tests.pages.conftest import make_user, signed_in

NEW, LIST, PACKS = (reverse(f"forecasting:{name}") for name in ("new_promotion", "calendar", "packs"))
COUNTRIES, EFFECTS = reverse("forecasting:countries"), reverse("forecasting:effects")


def form(**changed):
    return {
        "name": "Summer sale", "kind": "", "first": "2026-07-01", "last": "2026-07-14", "scope": "all", "skus": "",
        "percent": "100", **changed,
    }  # fmt: skip


def make(place=None, **fields):
    entry = Entry(
        **{"name": "Fair", "starts_on": date(2026, 5, 1), "ends_on": date(2026, 5, 2), **fields},
        location_id=place and place.pk,
    )
    return save_promotion(promotion_id=None, entry=entry, actor=None, now=timezone.now())


def test_an_entry_is_made_changed_and_deleted(manager, shop):
    skus = {"scope": "skus", "skus": "B1\nR1", "percent": "50", "location": shop.here.pk}
    assert manager.post(NEW, form(**skus)).status_code == 302
    row = Promotion.objects.get()
    assert (row.location, row.share, row.skus.count(), row.skus.first().share) == (
        shop.here,
        Decimal("0.5"),
        2,
        row.share,
    )
    url = reverse("forecasting:promotion", args=[row.pk])
    assert "R1" in manager.get(url).content.decode()
    assert manager.post(url, form(scope="categories", categories=[shop.food.pk])).status_code == 302
    row.refresh_from_db()
    assert (row.skus.count(), row.categories.get().category, row.location) == (0, shop.food, None)
    manager.post(reverse("forecasting:delete_promotion", args=[row.pk]))
    assert not Promotion.objects.exists()
    acts = list(AuditEvent.objects.filter(object_type="promotion").order_by("pk").values_list("action", flat=True))
    assert acts == ["promotion.made", "promotion.changed", "promotion.deleted"]


def test_an_entry_is_made_once_however_often_the_form_is_sent(manager, shop):
    for _ in range(2):
        answer = manager.post(NEW, form(key="k1"))
        assert answer.status_code == 302 and answer["Location"] == f"{LIST}?year=2026"
    refused = manager.post(NEW, form(key="k1", name="Winter sale"))
    assert refused.status_code == 422 and "This form made an entry before" in refused.content.decode()
    assert [row.name for row in Promotion.objects.all()] == ["Summer sale"]
    manager.post(NEW, form(key=refused.context["key"], name="Winter sale"))
    assert Promotion.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "required"),
        ({"first": "9999-12-30", "last": "9999-12-31"}, "Is the year right?"),
        ({"first": "0001-01-01", "last": "0001-01-02"}, "Is the year right?"),
        ({"percent": "101"}, "at most 100 per cent"),
        ({"percent": "0"}, "at most 100 per cent"),
        ({"last": "2026-06-30"}, "before the first one"),
        ({"last": "2026-12-31"}, "at most 92 days"),
        ({"scope": "skus"}, "at least one SKU"),
        ({"scope": "categories"}, "at least one category"),
        ({"scope": "skus", "skus": "B1 NONE"}, "No SKU has the code NONE"),
        ({"discount_percent": "-5"}, "at most 100 per cent"),
        ({"first": "soon"}, "Type a day"),
    ],
)
def test_a_wrong_entry_is_refused_with_the_reason(manager, shop, wrong, said):
    answer = manager.post(NEW, form(**wrong))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Promotion.objects.exists()


def test_a_kind_of_a_pack_is_known_by_its_name(manager, shop):
    manager.post(NEW, form(kind="Double 11 (Singles' Day)"))
    row = Promotion.objects.get()
    assert row.kind == "double_11"
    page = manager.get(reverse("forecasting:promotion", args=[row.pk])).content.decode()
    assert "Double 11 (Singles&#x27; Day)" in page


def test_a_manager_of_one_store_writes_for_that_store_alone(manager, shop):
    client, common = signed_in(make_user("max", Role.MANAGER, shop.here)), make()
    assert client.post(NEW, form()).status_code == 422
    assert client.post(NEW, form(location=shop.there.pk)).status_code == 422
    assert client.post(NEW, form(location=shop.here.pk)).status_code == 302
    url = reverse("forecasting:promotion", args=[common.pk])
    assert client.get(url).status_code == 200 and client.post(url, form(location=shop.here.pk)).status_code == 403
    assert client.post(reverse("forecasting:delete_promotion", args=[common.pk])).status_code == 404
    pack = {"pack": "china", "country": "CN", "year": "2026"}
    assert (
        "only those who see all" in client.get(PACKS).content.decode() and client.post(PACKS, pack).status_code == 422
    )
    assert client.get(reverse("forecasting:promotion", args=[make(shop.there).pk])).status_code == 404


def test_staff_do_not_plan(staff):
    assert {staff.get(url).status_code for url in (LIST, NEW, PACKS, EFFECTS, COUNTRIES)} == {403}


def test_a_pack_fills_three_years_once_and_leaves_what_was_edited(manager, shop):
    body = {"pack": "china", "country": "CN", "year": "2026", "with_past": "on"}
    manager.post(PACKS, body)
    assert set(Promotion.objects.filter(kind="618").values_list("starts_on__year", flat=True)) == {2024, 2025, 2026}
    Promotion.objects.filter(kind="618").update(name="Ours")
    count = Promotion.objects.count()
    assert "0 occasions added, 33 were there already" in manager.post(PACKS, body, follow=True).content.decode()
    assert Promotion.objects.count() == count == 33 and Promotion.objects.filter(name="Ours").count() == 3
    assert manager.post(PACKS, {**body, "year": "1900"}).status_code == 422


def test_the_year_shows_holidays_promotions_and_what_was_learned(manager, shop, django_assert_max_num_queries):
    Location.objects.update(time_zone="Europe/Paris")
    run = ChoiceRun.objects.create(
        slot="x", as_of=date(2026, 3, 8), time_zone="Europe/Paris", sum_days=[1], started_at=timezone.now(),
        state="published",
    )  # fmt: skip
    common = {"run": run, "error": 0.05, "times": 2, "days": 2}
    OccasionEffect.objects.create(key="holiday|FR|National Day", uplift=0.32, is_used=True, **common)
    OccasionEffect.objects.create(key="kind|Fair", uplift=0.02, is_used=False, **common)
    for _ in range(12):
        make()
    with django_assert_max_num_queries(14):
        text = manager.get(LIST, {"year": 2026}).content.decode()
    assert "National Day" in text and "+32%" in text and "no measurable effect, not used" in text
    assert "Fair" not in manager.get(LIST, {"year": 2025}, headers={"HX-Request": "true"}).content.decode()
    table = manager.get(EFFECTS).content.decode()
    assert "National Day (FR)" in table and "+2% ± 5%" in table


def test_a_store_keeps_the_holidays_of_the_country_it_names(manager, shop):
    assert manager.post(COUNTRIES, {"location": shop.here.pk, "country": "DE", "region": "by"}).status_code == 302
    shop.here.refresh_from_db()
    assert (shop.here.country, shop.here.region) == ("DE", "BY")
    assert "Epiphany" in manager.get(LIST, {"year": 2026, "location": shop.here.pk}).content.decode()
    for wrong in ({"country": "XX"}, {"country": "DE", "region": "ZZ"}):
        assert manager.post(COUNTRIES, {"location": shop.here.pk, **wrong}).status_code == 422
    client = signed_in(make_user("max", Role.MANAGER, shop.there))
    assert client.post(COUNTRIES, {"location": shop.here.pk, "country": "FR"}).status_code == 404


def test_the_chinese_page_names_holidays_in_chinese(manager, shop):
    Location.objects.update(time_zone="Asia/Shanghai")
    text = manager.get(LIST, {"year": 2026}, headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "春节" in text and 'lang="zh-hans"' in text


def test_a_long_year_opens_the_months_around_today(manager, shop):
    today = timezone.localdate()
    make(starts_on=today, ends_on=today)
    year = {"year": today.year}
    assert manager.get(LIST).context["form"]["year"].value() == today.year
    assert all(is_open for _month, _rows, is_open in manager.get(LIST, year).context["months"])
    for month in (1, 12):
        for _ in range(40):
            make(starts_on=date(today.year, month, 20), ends_on=date(today.year, month, 20))
    months = {day.month: is_open for day, _rows, is_open in manager.get(LIST, year).context["months"]}
    assert months[today.month] and not all(months.values())


def test_a_program_keeps_the_calendar(manager, shop):
    def send(method, url, body=None, **headers):
        headers = {"Idempotency-Key": str(uuid4()), **headers}
        return getattr(manager, method)(url, body, content_type="application/json", headers=headers)

    url = reverse("api:promotion-list")
    body = {
        "name": "Fair",
        "starts_on": "2026-05-01",
        "ends_on": "2026-05-02",
        "scope": "skus",
        "skus": [shop.bread.pk],
    }
    made = send("post", url, body)
    assert made.status_code == 201 and made.json()["skus"] == [shop.bread.pk]
    one = reverse("api:promotion-detail", args=[made.json()["id"]])
    written = send("put", one, {**body, "share": "0.5"}, **{"If-Match": made["ETag"]})
    assert written.json()["share"] == "0.500" and written["ETag"] == manager.get(one)["ETag"] != made["ETag"]
    assert send("post", url, {**body, "skus": [999999]}).status_code == 400
    assert send("post", url, {**body, "ends_on": "2026-04-01"}).status_code == 422
    assert manager.get(url, {"starts_until": "2026-05-01"}).json()["results"][0]["name"] == "Fair"
    assert send("delete", one, **{"If-Match": "*"}).status_code == 204 and not Promotion.objects.exists()
    pack = {"pack": "western", "country": "US", "years": [2026]}
    assert send("post", reverse("api:promotion-load-pack"), pack).json() == {"added": 12, "known": 0}
    assert manager.get(reverse("api:occasion-effect-list")).json() == []


def test_a_program_does_not_undo_what_another_one_wrote(manager, shop):
    """The SKUs of an entry belong to its version."""
    row = make(scope="skus", sku_ids=[shop.bread.pk])
    one = reverse("api:promotion-detail", args=[row.pk])
    body = {"name": "Mine", "starts_on": "2026-05-01", "ends_on": "2026-05-02", "scope": "skus", "skus": [shop.rice.pk]}

    def put(key, **headers):
        return manager.put(one, body, content_type="application/json", headers={"Idempotency-Key": key, **headers})

    seen = manager.get(one)["ETag"]
    assert put("a").status_code == 428
    entry = Entry("Fair", row.starts_on, row.ends_on, scope="skus", sku_ids=[shop.bread.pk, shop.rice.pk])
    save_promotion(promotion_id=row.pk, entry=entry, actor=None, now=timezone.now())
    assert put("b", **{"If-Match": seen}).status_code == 412
    assert manager.delete(one, headers={"If-Match": seen}).status_code == 412
    assert Promotion.objects.get().name == "Fair"
    fresh = {"If-Match": manager.get(one)["ETag"]}
    first, again = put("c", **fresh), put("c", **fresh)
    assert first.status_code == again.status_code == 200 and first.json() == again.json()


def test_shares_of_single_skus_stay_until_the_share_is_another(manager, shop):
    row = make(scope="skus", sku_ids=[shop.bread.pk])
    row.skus.update(share=Decimal("0.2"))
    entry = Entry("Fair", row.starts_on, row.ends_on, scope="skus", sku_ids=[shop.bread.pk, shop.rice.pk])
    save_promotion(promotion_id=row.pk, entry=entry, actor=None, now=timezone.now())
    assert sorted(row.skus.values_list("share", flat=True)) == [Decimal("0.2"), Decimal(1)]


def test_a_pack_may_be_loaded_by_several_at_once(shop):
    loads = [
        load_pack(pack="western", country="FR", years=[2026], names={}, actor=None, now=timezone.now())
        for _ in range(2)
    ]
    assert [(loaded.added, loaded.known) for loaded in loads] == [(11, 0), (0, 11)]


def test_the_same_promotion_of_several_stores_is_one_line_that_leads_to_each(manager, shop):
    rows = [make(place) for place in (shop.here, shop.there)]
    make(shop.here, name="Another fair")
    page = manager.get(f"{LIST}?year=2026").content.decode()
    assert page.count(">Fair<") == 1 and "2 stores" in page
    assert all(reverse("forecasting:promotion", args=[row.pk]) in page for row in rows)
    assert "1 store<" not in page


def test_what_differs_between_stores_is_not_one_line(manager, shop):
    make(shop.here)
    make(shop.there, discount_percent=Decimal(20))
    assert "2 stores" not in manager.get(f"{LIST}?year=2026").content.decode()


def test_a_page_does_not_undo_what_somebody_else_wrote(manager, shop):
    row = make(shop.here)
    url = reverse("forecasting:promotion", args=[row.pk])
    seen = manager.get(url).context["version"]
    sent = form(scope="categories", categories=[shop.food.pk], location=shop.here.pk, version=seen)
    assert manager.post(url, {**sent, "name": "First"}).status_code == 302
    answer = manager.post(url, {**sent, "name": "Second"})
    assert answer.status_code == 422
    assert Promotion.objects.get().name == "First"
    assert (
        manager.post(url, {**sent, "name": "Second", "version": manager.get(url).context["version"]}).status_code == 302
    )


def test_what_was_learned_of_holidays_is_named_in_chinese(manager, shop):
    Location.objects.filter(pk=shop.here.pk).update(country="CN")
    run = ChoiceRun.objects.create(
        slot="x", as_of=date(2026, 3, 8), time_zone=shop.here.time_zone, sum_days=[1], started_at=timezone.now(),
        state="published",
    )  # fmt: skip
    OccasionEffect.objects.create(
        run=run, key="holiday|CN|Labor Day", uplift=0.3, error=0.05, times=3, days=9, is_used=True
    )
    page = manager.get(EFFECTS, headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "劳动节 (CN)" in page
