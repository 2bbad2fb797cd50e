"""Each rule finds what it forbids, and leaves alone what is allowed."""

import pytest

from tests.house.sources import Source
from tests.house.test_rules import RULES, read_exceptions

TEST = "tests/orders/test_approval.py"
LONG_BODY = "\n".join(f"    x{number} = {number}" for number in range(60))
SERVICE, VIEW, DOMAIN = "orders/services/orders.py", "orders/views/orders.py", "orders/domain/levels.py"
HTML = "orders/templates/orders/list.html"

FORBIDDEN = {
    "long file": [(SERVICE, "x = 1\n" * 401)],
    "long template": [(HTML, "<p></p>\n" * 151)],
    "long function": [
        (SERVICE, f"def order():\n{LONG_BODY}"),
        (TEST, "def test_a():\n" + "    x = 1\n" * 25),
        ("forecasting/engine/kernels.py", f"@njit\ndef kernel():\n{LONG_BODY}\n{LONG_BODY}"),
    ],
    "signals": [(SERVICE, "@receiver(post_save)"), (SERVICE, "from django.db.models.signals import post_save")],
    "locks outside locks.py": [
        (SERVICE, "Level.objects.select_for_update()"),
        (SERVICE, "SQL = 'SELECT 1 FOR UPDATE'"),
        ("orders/services/locks.py", "Order.objects.select_for_update()"),
    ],
    "levels locked elsewhere": [("orders/locks.py", "StockLevel.objects.select_for_update()")],
    "skipped locks": [(SERVICE, "qs.select_for_update(skip_locked=True)"), (SERVICE, "FOR UPDATE SKIP LOCKED")],
    "naive clock": [(VIEW, "datetime.now()"), (VIEW, "date.today()")],
    "clock below the edge": [(SERVICE, "now = timezone.now()"), (DOMAIN, "time.time()")],
    "import inside a function": [(SERVICE, "def order():\n    import os")],
    "kernel across files": [
        (DOMAIN, "from orders.domain.waiting import at\n@kernel\ndef cost():\n    return at()"),
        (DOMAIN, "from orders.domain.curves import LEVELS\n@kernel\ndef cost():\n    return LEVELS"),
    ],
    "positional service": [(SERVICE, "@transaction.atomic\ndef approve_order(order, *, now): ...")],
    "save override": [("orders/models/order.py", "class Order(Model):\n    def save(self): ...")],
    "float of a quantity": [(SERVICE, "float(quantity)"), ("orders/models/order.py", "quantity = models.FloatField()")],
    "web in a service": [(SERVICE, "from django.http import HttpResponse"), (DOMAIN, "import celery")],
    "transaction in the interface": [(VIEW, "with transaction.atomic():"), (VIEW, "Order.objects.create(a=1)")],
    "hidden input of pure code": [
        (DOMAIN, "os.environ['A']"),
        (DOMAIN, "np.random.rand()"),
        (DOMAIN, "np.random.default_rng()"),
    ],
    "chord or delay": [("jobs/tasks.py", "chord(tasks)"), ("jobs/tasks.py", "task.apply_async(countdown=5)")],
    "unguarded form": [(VIEW, "@csrf_exempt"), (VIEW, "mark_safe(name)")],
    "day in the reader's way": [("orders/forms.py", 'forms.DateInput(attrs={"type": "date"})')],
    "exemption without reason": [(SERVICE, "x = 1  # noqa"), (SERVICE, "x = 1  # type: ignore[misc]")],
    "sleep in a test": [(TEST, "time.sleep(1)")],
    "inline code in a template": [
        (HTML, "<script>run()</script>"),
        (HTML, '<p style="color: red">'),
        (HTML, '<a onclick="go()">'),
    ],
    "loaded from elsewhere": [(HTML, '<script src="https://example.com/a.js"></script>')],
    "unescaped value": [(HTML, "{{ name|safe }}")],
    "registry host": [("README.md", "https://py" + "pi.org/simple")],
    "machine path": [("README.md", "cd /wo" + "rk/main"), ("README.md", "see ../sha" + "red/docs")],
    "workshop words": [("README.md", "closes issue 2"), (SERVICE, "# written by Cla" + "ude")],
}
ALLOWED = {
    "long function": [
        (SERVICE, "def order():\n" + "    x = 1\n" * 49),
        ("forecasting/engine/kernels.py", f"@njit\ndef kernel():\n{LONG_BODY}"),
    ],
    "locks outside locks.py": [
        ("inventory/locks.py", "select_for_update()"),
        ("orders/locks.py", "Order.objects.select_for_update()"),
        ("outbox/services/claim.py", "select_for_update()"),
    ],
    "levels locked elsewhere": [("inventory/locks.py", "StockLevel.objects.select_for_update()")],
    "skipped locks": [("jobs/services/claim.py", "skip_locked=True")],
    "clock below the edge": [(VIEW, "timezone.now()")],
    "kernel across files": [
        (DOMAIN, "from orders.domain.curves import F64\n@kernel\ndef cost(x: F64) -> F64:\n    return np.ones(1)"),
    ],
    "positional service": [
        (SERVICE, "@transaction.atomic\ndef approve_order(*, order, now): ..."),
        (SERVICE, "def helper(order): ..."),
    ],
    "float of a quantity": [("forecasting/engine/a.py", "float(x)")],
    "hidden input of pure code": [(DOMAIN, "np.random.default_rng(seed)")],
    "exemption without reason": [(SERVICE, "x = 1  # type: ignore[misc]  # the stubs lack this argument")],
    "inline code in a template": [
        (HTML, '<script src="a.js" defer></script>'),
        (HTML, '<script type="application/json">{}</script>'),
    ],
    "machine path": [("README.md", "the work/main folder")],
    "workshop words": [(SERVICE, "an issue of stock")],
}


def samples(table):
    return [
        pytest.param(name, Source(*sample), id=f"{name}: {sample[0]} {index}")
        for name, cases in table.items()
        for index, sample in enumerate(cases)
    ]


def test_every_rule_has_a_sample():
    assert set(FORBIDDEN) == set(RULES)


@pytest.mark.parametrize(("name", "source"), samples(FORBIDDEN))
def test_rule_finds_what_it_forbids(name, source):
    assert RULES[name].findings([source])


@pytest.mark.parametrize(("name", "source"), samples(ALLOWED))
def test_rule_leaves_alone_what_is_allowed(name, source):
    assert RULES[name].findings([source]) == []


def test_exceptions_need_a_known_rule_and_a_reason():
    line = "long file | a.py | 1 | it is a table that cannot be split"
    assert read_exceptions(line) == {("long file", "a.py"): 1}
    with pytest.raises(AssertionError, match="needs a reason"):
        read_exceptions("long file | a.py | 1 | because")
    with pytest.raises(AssertionError, match="is not a rule"):
        read_exceptions("no such rule | a.py | 1 | it is a table that cannot be split")
