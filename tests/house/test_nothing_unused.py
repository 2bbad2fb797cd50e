"""Nothing is kept that nobody uses: a function, class or constant that only its tests name, a class of the stylesheets
that no page has."""

import ast
import re
from collections import Counter

import pytest

from tests.house.sources import APPS, project_sources

# Django, the packages around it and the workers call these by their names.
BY_NAME = re.compile(
    r"__\w+__|\w+Config|handler\d{3}|app_name|urlpatterns|_|Command|ApiKeyScheme|\w+_task|application|app|\w+_FORMAT"
)
# Slow twins that only the tests of their fast kernels call, and the hand-over of one reservation, as its tests say it.
FOR_TESTS = re.compile(r"\w+_slow|issue_reservation")
# Names that the first migration gave, there to be found for translation.
FOR_TRANSLATION = {"FIRST_REASONS"}
# Classes that packages put on what they draw, or that a template builds from a word and a value.
OF_PACKAGES = re.compile(r"u-\w+|htmx-\w+|uplot")
BUILT = re.compile(r"(alert|bin|icon|kpi)--\w+")

# Addresses that people type and programs call, and those behind links that are put together from a path and a token.
TYPED = {"healthz", "readyz", "api_schema", "api_docs", "supplier_link", "password_link"}


@pytest.fixture(scope="module")
def sources():
    return [source for source in project_sources() if not source.is_test and not source.path.endswith((".md", ".po"))]


def words(sources, expression=r"\w+"):
    return Counter(word for source in sources for word in re.findall(expression, source.text))


def defined(source):
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def test_every_function_class_and_constant_is_used(sources):
    used = words(sources)
    known = re.compile(f"({BY_NAME.pattern})|({FOR_TESTS.pattern})")
    unused = [
        f"{source.path}: {name}"
        for source in sources
        if source.is_app_code and source.parts[0] in APPS and source.path != "config/settings.py"
        for name in defined(source)
        if used[name] == 1 and not known.fullmatch(name) and name not in FOR_TRANSLATION
    ]
    assert unused == []


def test_every_class_of_the_stylesheets_is_on_a_page(sources):
    used = words([source for source in sources if not source.path.endswith(".css")], r"[\w-]+")
    unused = [
        f"{source.path}: {name}"
        for source in sources
        if source.path.startswith("static/css/")
        for name in sorted(
            set(re.findall(r"\.([a-zA-Z_][\w-]*)", re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", source.text, flags=re.S)))
        )
        if not used[name] and not OF_PACKAGES.fullmatch(name) and not BUILT.fullmatch(name)
    ]
    assert unused == []


def led(app, name):
    """How an address is written where a page leads to it; those of `config` belong to no app."""
    return f"'{name}'" if app == "config" else f"{app}:{name}"


def test_every_address_of_a_page_is_led_to(sources):
    tables = [source for source in sources if source.is_app_code and source.parts[-1] == "urls.py"]
    rest = "\n".join(source.text for source in sources if source not in tables)
    unled = [
        f"{source.parts[0]}:{name}"
        for source in tables
        if "api" not in source.parts
        for name in re.findall(r'name="(\w+)"', source.text)
        if name not in TYPED and led(source.parts[0], name) not in rest
    ]
    assert unled == []
