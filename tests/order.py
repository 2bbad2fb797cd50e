"""In which order the files of tests are taken: the longest first, so that two processes end at about the same time.

A file is the unit that a process takes on; one of two minutes that is taken last is waited for by the other process.
"""

# Those of half a minute and more, the longest in front. What is not named here comes after them, in any order.
LONGEST = (
    "tests/platform/test_up.py",
    "tests/reliability/test_state_machine.py",
    "tests/journeys/test_killed_night.py",
    "tests/demo/test_loading.py",
    "tests/imports/test_import_at_size.py",
    "tests/access/test_every_address.py",
    "tests/platform/test_refusals.py",
    "tests/demo/test_till_ringing.py",
    "tests/pages/test_count_sheet.py",
    "tests/inventory/test_races_over_http.py",
    "tests/forecasting/engine/test_as_a_library.py",
    "tests/access/test_schema_fuzz.py",
    "tests/platform/test_embedded.py",
    "tests/pages/test_count_sheet_attacked.py",
    "tests/reliability/test_import_meets_a_kit.py",
    "tests/jobs/test_lost_workers.py",
    "tests/forecasting/engine/test_forecast_file_command.py",
    "tests/journeys/test_whole_loop.py",
)
_RANK = {file: rank for rank, file in enumerate(LONGEST)}


def longest_first(items):
    """Sorts by file where it is named above; the order within a file, and of all others, stays."""
    items.sort(key=lambda item: _RANK.get(item.nodeid.split("::", 1)[0], len(_RANK)))
