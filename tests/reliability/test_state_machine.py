"""R6: thousands of steps of every act in any order; the seed is printed, and DEEP_SEED plays the same once more."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from inventory.domain import movements
from tests.reliability.machine import Stock
from tests.sizes import report, seed, size


@pytest.fixture
def machine(house, tools):
    house.milk = tools.make_sku("milk", is_lot_tracked=True)
    return type("ThisStock", (Stock,), {"house": house})


# What fails is made smaller, but not explained: that would take minutes.
pytestmark = pytest.mark.django_db(transaction=True)
PHASES = (Phase.generate, Phase.shrink)


def run(machine, examples, chosen):
    options = settings(
        max_examples=examples, stateful_step_count=size("machine_steps"), deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=PHASES,
    )  # fmt: skip
    seeded(chosen)(machine)
    run_state_machine_as_test(machine, settings=options)


def test_acts_in_any_order(machine):
    chosen = seed()
    print(f"DEEP_SEED={chosen}")
    run(machine, size("machine_examples"), chosen)
    reached = f"{size('machine_examples')} x {size('machine_steps')} steps"
    report("R6", "acts in any order against a model, 20 invariants after each", reached, "0 differences", chosen)


def test_a_shortage_that_nobody_sees_is_found(machine, monkeypatch):
    """The control: without the check of what is available the machine must stumble."""
    monkeypatch.setattr("inventory.services.posting.find_shortages", lambda lines, balances: [])
    with pytest.raises(BaseException):  # noqa: B017 (an assertion of ours, or one of the database)
        run(machine, 20, 1)
    assert movements.find_shortages
