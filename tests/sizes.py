"""How large the tests of reliability are: small at every change, large before a release (`script/deep`).

The environment variable DEEP holds a JSON object of sizes that replace those below, for example {"race_rounds": 500}.
"""

import json
import os
import random
from pathlib import Path

CI = {
    # Concurrent writers and the postings of each, while the feed is being read.
    "feed_writers": 6,
    "feed_postings": 15,
    # R1: buyers for so many units, over and over.
    "race_buyers": 50,
    "race_units": 10,
    "race_rounds": 20,
    # R2: rounds for each pair of writers.
    "pair_rounds": 1,
    # R3: clients, and baskets of each.
    "storm_clients": 8,
    "storm_baskets": 15,
    # R6: examples of so many steps.
    "machine_examples": 200,
    "machine_steps": 50,
    # R8: movements in the ledger that is told anew.
    "rebuild_movements": 20_000,
    # T1: random movements over all zones.
    "day_movements": 10_000,
    # I1: files of nonsense. I2: rows of a file that is refused, taken in, and killed so many times meanwhile.
    "fuzz_files": 300,
    "import_rows": 6_000,
    "import_kills": 5,
    # S4: examples for each operation and role.
    "schema_examples": 2,
    # S5: keys, each sent so many times at once.
    "repeat_keys": 2,
    "repeat_calls": 20,
}
CHOSEN = CI | json.loads(os.environ.get("DEEP", "{}"))


def size(name):
    return CHOSEN[name]


def seed():
    """The seed of a run: printed by the test that uses it, and given again by DEEP_SEED to see the same once more."""
    return int(os.environ.get("DEEP_SEED") or random.SystemRandom().randrange(2**32))


def report(test_id, what, reached, figure, used_seed=None):
    """Tells `script/deep` what a test has shown; does nothing in an ordinary run."""
    path = os.environ.get("DEEP_REPORT")
    if path:
        row = {"id": test_id, "what": what, "size": str(reached), "figure": str(figure), "seed": used_seed}
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
