"""How long things may be."""

import ast
from collections.abc import Iterator

from tests.house.sources import Rule, Source

FILE_LINES = 400
FUNCTION_LINES = 50
KERNEL_LINES = 70
TEMPLATE_LINES = 150
TEST_FUNCTION_LINES = 25
Functions = ast.FunctionDef | ast.AsyncFunctionDef


def functions_of(source: Source) -> Iterator[Functions]:
    return (node for node in ast.walk(source.tree) if isinstance(node, Functions))


def length_of(function: Functions) -> int:
    """Lines from `def` to the last one: decorators are not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def is_kernel(function: Functions) -> bool:
    """A numerical kernel is compiled: numba's name stands above it."""
    return any("njit" in ast.unparse(mark) or "guvectorize" in ast.unparse(mark) for mark in function.decorator_list)


def long_files(source: Source) -> Iterator[tuple[int, str]]:
    if len(source.lines) > FILE_LINES:
        yield FILE_LINES, f"{len(source.lines)} lines, and {FILE_LINES} are the limit"


def long_templates(source: Source) -> Iterator[tuple[int, str]]:
    if len(source.lines) > TEMPLATE_LINES:
        yield TEMPLATE_LINES, f"{len(source.lines)} lines, and {TEMPLATE_LINES} are the limit of a template"


def long_functions(source: Source) -> Iterator[tuple[int, str]]:
    for function in functions_of(source):
        limit = KERNEL_LINES if is_kernel(function) else FUNCTION_LINES
        if source.is_test and function.name.startswith("test_"):
            limit = TEST_FUNCTION_LINES
        if length_of(function) > limit:
            yield function.lineno, f"{function.name} has {length_of(function)} lines, and {limit} are the limit"


RULES = [
    Rule("long file", lambda s: s.path.endswith((".py", ".js", ".css")) and not s.is_migration, long_files),
    Rule("long template", lambda s: s.path.endswith(".html"), long_templates),
    Rule("long function", lambda s: s.is_python and not s.is_migration, long_functions),
]
