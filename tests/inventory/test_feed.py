"""The feed of movements: every movement once, also while others write, hold their transactions open, and give up."""

import random
import threading
from contextlib import suppress
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from inventory.domain.feed import START, FeedPosition, read_position
from inventory.errors import FeedMoved
from inventory.models import Movement
from inventory.selectors.feed import read_feed
from inventory.services.feed_anchor import TRANSACTION_BITS, anchor_feed
from inventory.services.posting import post_movements
from tests.sizes import size

WRITERS, POSTINGS = size("feed_writers"), size("feed_postings")


class ByFeed:
    """A reader as the documentation tells it to be."""

    def __init__(self, user, limit=7):
        self.user, self.limit, self.position, self.seen = user, limit, START, []

    def read(self):
        page = read_feed(self.user, after=self.position, limit=self.limit)
        self.position = page.position
        self.seen += [row.pk for row in page.rows]
        return page.has_more


class ById:
    """The reader that everybody writes first."""

    def __init__(self):
        self.last, self.seen = 0, []

    def read(self):
        found = list(Movement.objects.filter(pk__gt=self.last).order_by("pk").values_list("pk", flat=True)[:7])
        self.last = found[-1] if found else self.last
        self.seen += found
        return len(found) == 7


@pytest.fixture
def reader(db):
    return User.objects.create_user("copy", role="manager", sees_all_locations=True)


def write(firm, tools, number):
    """Postings of one to three lines; every transaction stays open for a while, some never commit."""
    dice = random.Random(number)
    with suppress(Exception):
        for step in range(POSTINGS):
            lines = [tools.line(firm.apple, firm.supplier, firm.shop, 1)] * dice.randint(1, 3)
            with transaction.atomic():
                post_movements(lines=lines, kind="receipt", key=f"{number}/{step}", now=tools.NOW)
                # The transaction stays open while others commit: that is the danger, not something to wait for.
                threading.Event().wait(dice.random() / 100)
                transaction.set_rollback(dice.random() < 0.2)
    connection.close()


def read_while(readers, work):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        for reader in readers:
            reader.read()
    for reader in readers:
        while reader.read():
            pass


@pytest.mark.django_db(transaction=True)
def test_every_movement_comes_once_while_others_write(firm, tools, reader):
    other = {number: tools.make_sku(f"of-{number}") for number in range(WRITERS)}

    def work(number):
        firm_of_writer = type("Firm", (), {**vars(firm), "apple": other[number]})
        write(firm_of_writer, tools, number)

    follower = ByFeed(reader)
    read_while([follower], work)
    assert len(follower.seen) == len(set(follower.seen)) > 0
    assert set(follower.seen) == set(Movement.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_reader_by_ids_loses_what_commits_late(firm, tools, reader):
    """The control: the same interleaving, with the feed and with plain ids."""
    is_open, may_commit = threading.Event(), threading.Event()
    one = partial(tools.line, source=firm.supplier, destination=firm.shop, quantity=1)

    def slow():
        with transaction.atomic():
            post_movements(lines=[one(firm.bread)], kind="receipt", key=None, now=tools.NOW)
            is_open.set()
            may_commit.wait(30)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    is_open.wait(30)
    post_movements(lines=[one(firm.apple)], kind="receipt", key=None, now=tools.NOW)
    by_id, by_feed = ById(), ByFeed(reader)
    by_id.read()
    by_feed.read()
    assert (len(by_id.seen), len(by_feed.seen)) == (1, 0)
    may_commit.set()
    thread.join()
    by_id.read()
    by_feed.read()
    assert (len(by_id.seen), len(by_feed.seen), Movement.objects.count()) == (1, 2, 2)


@pytest.mark.django_db(transaction=True)
def test_after_a_restore_positions_go_on_growing(firm, tools, reader):
    line = tools.line(firm.apple, firm.supplier, firm.shop, 1)
    post_movements(lines=[line], kind="receipt", key=None, now=tools.NOW)
    follower = ByFeed(reader)
    follower.read()
    assert not anchor_feed(now=timezone.now())
    set_cluster("'1'")
    try:
        assert anchor_feed(now=timezone.now())
        post_movements(lines=[line], kind="receipt", key=None, now=tools.NOW)
        follower.read()
        assert follower.seen == list(Movement.objects.order_by("pk").values_list("pk", flat=True))
        assert follower.position.recorded_in >> TRANSACTION_BITS > 50_000
    finally:
        with connection.cursor() as cursor:
            cursor.execute("CREATE OR REPLACE FUNCTION inventory_feed_base() RETURNS bigint LANGUAGE sql IMMUTABLE "
                           "AS 'SELECT 0::bigint'")  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_cursor_from_before_the_server_was_set_back_is_refused_until_it_is_told(firm, tools, reader):
    """The transactions of a server that was set back are counted from an earlier number: some would be left out."""
    line = tools.line(firm.apple, firm.supplier, firm.shop, 1)
    post_movements(lines=[line], kind="receipt", key=None, now=tools.NOW)
    follower = ByFeed(reader)
    follower.read()
    follower.position = FeedPosition(follower.position.recorded_in + 10_000, 1, 1)
    with pytest.raises(FeedMoved, match="ahead of the ledger"):
        follower.read()
    call_command("anchor_feed", "--restored")
    try:
        second = post_movements(lines=[line], kind="receipt", key=None, now=tools.NOW)
        follower.read()
        assert follower.seen[1:] == list(second.movements.values_list("pk", flat=True))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("CREATE OR REPLACE FUNCTION inventory_feed_base() RETURNS bigint LANGUAGE sql IMMUTABLE "
                           "AS 'SELECT 0::bigint'")  # fmt: skip


def set_cluster(value):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION inventory_feed_cluster() RETURNS text LANGUAGE sql IMMUTABLE "
            f"AS $$ SELECT {value}::text $$"
        )


@pytest.mark.django_db
def test_until_it_is_told_of_the_move_the_feed_refuses(client, reader):
    set_cluster("'1'")
    client.force_login(reader)
    answer = client.get("/api/v1/movements/feed/")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:youhuo:problem:feed_moved")


@pytest.mark.django_db(transaction=True)
def test_it_is_read_through_the_api_page_by_page(client, firm, tools, reader, stock):
    for _posting in range(5):
        stock(firm.apple, firm.shop, 2)
    client.force_login(reader)
    cursor, seen, has_more = "", [], True
    while has_more:
        page = client.get("/api/v1/movements/feed/", {"cursor": cursor, "limit": 2}).json()
        seen += [row["id"] for row in page["movements"]]
        cursor, has_more = page["cursor"], page["has_more"]
    assert seen == list(Movement.objects.order_by("pk").values_list("pk", flat=True))
    again = client.get("/api/v1/movements/feed/", {"cursor": cursor}).json()
    assert again == {"movements": [], "cursor": cursor, "has_more": False}


@pytest.mark.django_db(transaction=True)
def test_it_holds_what_touches_a_store_of_the_reader_and_moves_on_over_the_rest(client, firm, tools, stock):
    clerk = User.objects.create_user("clerk", role="staff")
    clerk.location_access.create(location=firm.other)
    stock(firm.apple, firm.shop, 2)
    stock(firm.bread, firm.other, 3)
    client.force_login(clerk)
    first = client.get("/api/v1/movements/feed/", {"limit": 1}).json()
    assert (first["movements"], first["has_more"]) == ([], True)
    second = client.get("/api/v1/movements/feed/", {"limit": 5, "cursor": first["cursor"]}).json()
    assert [row["sku"] for row in second["movements"]] == ["bread"]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "1", "1-2", "1-2-3-4", "-1-2-3", "9" * 19 + "-1-1", "1-1-٣", "\x00"])
def test_a_cursor_that_is_not_ours_is_refused(client, reader, cursor):
    client.force_login(reader)
    answer = client.get("/api/v1/movements/feed/", {"cursor": cursor})
    assert answer.status_code in (400, 404)


def test_a_position_is_read_as_it_was_written():
    position = FeedPosition(12, 3, 4)
    assert read_position(str(position)) == position > START == read_position("")
