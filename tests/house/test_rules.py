"""The house rules hold everywhere, but for the exceptions that are written down with their reasons."""

import statistics
from collections import Counter

import pytest

from tests.house import code, sizes, texts
from tests.house.sources import ROOT, project_sources

RULES = {rule.name: rule for rule in (*sizes.RULES, *code.RULES, *texts.RULES)}
MEDIAN_FUNCTION_LINES = 10


@pytest.fixture(scope="module")
def sources():
    return project_sources()


def read_exceptions(text):
    """(rule, path) -> how many findings are accepted there. Each line has its reason."""
    accepted = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            rule, path, count, reason = (part.strip() for part in line.split("|"))
            assert rule in RULES, f"{rule!r} is not a rule"
            assert len(reason) >= 20, f"{line!r} needs a reason"
            accepted[rule, path] = int(count)
    return accepted


EXCEPTIONS = read_exceptions((ROOT / "tests" / "house" / "exceptions.txt").read_text())


@pytest.mark.parametrize("name", RULES)
def test_rule_holds(name, sources):
    findings = RULES[name].findings(sources)
    per_file = Counter(finding.split(":", 1)[0] for finding in findings)
    bad = [
        finding for finding in findings if per_file[path := finding.split(":", 1)[0]] > EXCEPTIONS.get((name, path), 0)
    ]
    assert not bad, "\n".join(["", *bad])


def test_no_exception_is_wider_than_needed(sources):
    stale = []
    for (name, path), count in EXCEPTIONS.items():
        found = len(RULES[name].findings([source for source in sources if source.path == path]))
        if found < count:
            stale.append(f"{name} | {path}: {found} found, {count} accepted")
    assert not stale, "\n".join(stale)


def test_median_function_is_short(sources):
    lengths = [
        sizes.length_of(function) for source in sources if source.is_app_code for function in sizes.functions_of(source)
    ]
    assert statistics.median(lengths) <= MEDIAN_FUNCTION_LINES
