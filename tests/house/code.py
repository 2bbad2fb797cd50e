"""What code may not do, and where."""

import ast
import re
from collections.abc import Callable, Iterator

from tests.house.sources import APPS, Rule, Source

# Claims of a queue take whichever row nobody else has; everywhere else a skipped lock is a lost update.
CLAIM_APPS = {"jobs", "outbox"}
QUANTITIES = "quantity|on_hand|reserved|available|on_order|in_transit|backordered|price|cost|amount|money"
Check = Callable[[Source], Iterator[tuple[int, str]]]


def pattern(expression: str, what: str) -> Check:
    """A check for each line that the expression is found in; comments count, since they teach."""
    compiled = re.compile(expression)

    def check(source: Source) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(source.lines, start=1):
            if compiled.search(line):
                yield number, what

    return check


def inner_imports(source: Source) -> Iterator[tuple[int, str]]:
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield (
                        node.lineno,
                        f"import inside {function.name}: move it to the top, or the code to where it belongs",
                    )


def positional_services(source: Source) -> Iterator[tuple[int, str]]:
    """An act opens a transaction; what only helps an act may take its arguments as it likes."""
    for function in source.tree.body:
        if (
            isinstance(function, ast.FunctionDef)
            and not function.name.startswith("_")
            and "transaction.atomic" in ast.unparse(function)
        ):
            taken = [*function.args.posonlyargs, *function.args.args]
            if taken:
                yield function.lineno, f"{function.name} takes {taken[0].arg} by position: put * before it"


def save_overrides(source: Source) -> Iterator[tuple[int, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name in {"save", "delete"}:
                    yield item.lineno, f"{node.name}.{item.name} is overridden: write a service"


def unexplained_exemptions(source: Source) -> Iterator[tuple[int, str]]:
    exempt = re.compile(
        r"#\s*(?:type:\s*ignore|noqa)(?P<code>\[[\w\-, ]+\]|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?(?P<reason>.*)$"
    )
    for number, line in enumerate(source.lines, start=1):
        found = exempt.search(line)
        if found and not (found["code"] and len(found["reason"].strip(" ()#-")) >= 10):
            yield number, "an exemption names its code and its reason"


def kernels_of_other_files(source: Source) -> Iterator[tuple[int, str]]:
    imported = {
        name.asname or name.name
        for node in source.tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in APPS
        for name in node.names
    }
    for function in source.tree.body:
        if isinstance(function, ast.FunctionDef) and "kernel" in map(ast.unparse, function.decorator_list):
            used = {node.id for part in function.body for node in ast.walk(part) if isinstance(node, ast.Name)}
            for name in sorted(used & imported):
                yield function.lineno, f"{function.name} uses {name} of another file: its machine code would outlive it"


def reads_clock(source: Source) -> Iterator[tuple[int, str]]:
    yield from pattern(r"timezone\.(now|localdate)\(|time\.time\(\)", "the clock is an argument here: take now")(source)


def is_lock_file(source: Source) -> bool:
    """Each app locks its own rows in one file at its top."""
    return source.is_app_code and source.parts[1:] == ("locks.py",)


def must_not_lock(source: Source) -> bool:
    is_claim = source.parts[0] in CLAIM_APPS and source.is_in_layer("services")
    return source.is_app_code and not is_lock_file(source) and not is_claim


RULES = [
    Rule(
        "signals",
        lambda s: s.is_app_code,
        pattern(r"@receiver|django\.dispatch|models\.signals", "no signals: call the service"),
    ),
    Rule(
        "locks outside locks.py",
        must_not_lock,
        pattern(r"select_for_update|\bFOR (NO KEY )?UPDATE\b", "rows are locked in the locks.py of their app only"),
    ),
    Rule(
        "levels locked elsewhere",
        lambda s: is_lock_file(s) and s.parts[0] != "inventory",
        pattern(r"StockLevel\b|inventory_stocklevel", "stock levels are locked in inventory/locks.py only"),
    ),
    Rule(
        "skipped locks",
        lambda s: s.is_app_code and not (s.parts[0] in CLAIM_APPS and s.is_in_layer("services")),
        pattern(r"skip_locked|SKIP LOCKED|\bNOWAIT\b|nowait=", "only the claim of a queue may pass over a locked row"),
    ),
    Rule(
        "naive clock",
        lambda s: s.is_app_code or s.parts[0] in {"bench", "script"},
        pattern(r"datetime\.(now|utcnow|today)\(|\bdate\.today\(", "use django.utils.timezone, and only at the edge"),
    ),
    Rule(
        "clock below the edge",
        lambda s: s.is_in_layer("services", "selectors", "domain", "engine", "models"),
        reads_clock,
    ),
    Rule("import inside a function", lambda s: s.is_python and s.parts[0] in {*APPS, "bench", "script"}, inner_imports),
    Rule("kernel across files", lambda s: s.is_app_code, kernels_of_other_files),
    Rule("positional service", lambda s: s.is_in_layer("services"), positional_services),
    Rule("save override", lambda s: s.is_in_layer("models"), save_overrides),
    Rule(
        "float of a quantity",
        lambda s: s.is_app_code and not s.is_in_layer("engine"),
        pattern(
            rf"\bfloat\([^)]*({QUANTITIES})|({QUANTITIES})\w* *[:=].*(\bfloat\(|FloatField)",
            "quantities and money are Decimal",
        ),
    ),
    Rule(
        "web in a service",
        lambda s: s.is_in_layer("services", "selectors", "domain", "models"),
        pattern(
            r"^\s*(from|import) (django\.http|django\.shortcuts|django\.template|rest_framework|celery)\b",
            "knows no web, no queue",
        ),
    ),
    Rule(
        "transaction in the interface",
        lambda s: s.is_in_layer("views", "api", "admin", "forms"),
        pattern(
            r"transaction\.atomic|\.bulk_create\(|\.bulk_update\(|\.save\(\)|objects\.create\(",
            "call a service to write",
        ),
    ),
    Rule(
        "hidden input of pure code",
        lambda s: s.is_in_layer("domain", "engine"),
        pattern(
            r"os\.environ|os\.getenv|(?<![\w.])random\.(random|choice|shuffle)\(|np\.random\.(?!default_rng\((?!\))|Generator\b|SeedSequence)",
            "pass it in",
        ),
    ),
    Rule(
        "chord or delay",
        lambda s: s.is_app_code,
        pattern(r"\bchord\(|countdown=|\beta=", "a row with a due time does this"),
    ),
    Rule(
        "unguarded form",
        lambda s: s.is_app_code,
        pattern(r"csrf_exempt|mark_safe\(|\.raw\(|\.extra\(", "not in this house"),
    ),
    Rule(
        "day in the reader's way",
        lambda s: s.is_app_code and s.path != "accounts/widgets.py",
        pattern(r"\bDateInput\(", "a browser reads a day in one way only: DayInput of accounts.widgets writes it so"),
    ),
    Rule("exemption without reason", lambda s: s.is_python, unexplained_exemptions),
    Rule(
        "sleep in a test",
        lambda s: s.is_test and s.is_python,
        pattern(r"\btime\.sleep\(", "poll for what you wait for"),
    ),
]
