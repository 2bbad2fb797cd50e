"""Translatable strings: found in code and templates, kept in one catalogue per language, checked to be translated.

Django's own command needs the gettext programs of the system; Babel does the same work from a wheel.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {".venv", "node_modules", "tests", "bench", "migrations", ".youhuo", "static", "script"}
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
LOCALE = "zh_Hans"
HEADER = "# Simplified Chinese of Youhuo. Written by script.lib.messages; only the translations are edited by hand."
PLACEHOLDER = re.compile(r"%\(\w+\)[-+#.\d]*[a-z]|\{\w+\}")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def source_files(root: Path, pattern: str) -> Iterator[Path]:
    """Files of the project in the order of their paths, so that the catalogue does not jump about."""
    for path in sorted(root.rglob(pattern)):
        if not SKIPPED & set(path.relative_to(root).parts):
            yield path


def found_messages(root: Path) -> Catalog:
    """Every translatable string of the project, with the files it stands in (without lines, which change too often)."""
    # A catalogue that is marked as fuzzy is not compiled.
    catalog = Catalog(locale=LOCALE, project="Youhuo", charset="utf-8", header_comment=HEADER, fuzzy=False)
    for path in source_files(root, "*.py"):
        _collect(catalog, path.read_bytes(), str(path.relative_to(root)))
    for path in source_files(root, "*.html"):
        name = str(path.relative_to(root))
        _collect(catalog, _as_python(path.read_text(encoding="utf-8"), name), name)
    return catalog


def _as_python(template: str, name: str) -> bytes:
    """Django turns a template into calls of gettext among rubble; without indentation Python's tokenizer takes it."""
    lines = templatize(template, origin=name).splitlines()
    return "\n".join(line.strip() for line in lines).encode()


def _collect(catalog: Catalog, source: bytes, name: str) -> None:
    found = extract("python", io.BytesIO(source), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for _line, text, _comments, context in found:
        is_format = "%(" in (text if isinstance(text, str) else text[0])
        catalog.add(text, context=context, locations=[(name, 0)], flags=["python-format"] if is_format else [])


def hidden_messages(root: Path) -> list[str]:
    """Translations asked for inside an f-string, which the collector does not see on every Python: such a string would
    stay English without anybody being told."""
    return [
        f"inside an f-string, where it is not found: {ast.unparse(call)} ({path.relative_to(root)})"
        for path in source_files(root, "*.py")
        for text in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]


def known_translations(path: Path) -> Catalog:
    if not path.is_file():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def merged(found: Catalog, known: Catalog) -> Catalog:
    """The strings that were found, each with the translation that is known for it."""
    for message in found:
        old = known.get(message.id, message.context) if message.id else None
        if old is not None:
            message.string = old.string
    return found


def _forms(text: object) -> list[str]:
    """The one text, or the texts of its plural forms; an empty one where a form is missing."""
    forms = text if isinstance(text, list | tuple) else [text]
    return [str(form or "") for form in forms] or [""]


def is_translated(message: Message) -> bool:
    return all(_forms(message.string))


def changed_placeholders(message: Message) -> list[str]:
    """Placeholders that stand only in the text or only in its translation. The last English form has them all."""
    wanted = set(PLACEHOLDER.findall(_forms(message.id)[-1]))
    return sorted({name for form in _forms(message.string) for name in wanted ^ set(PLACEHOLDER.findall(form))})


def problems(found: Catalog, known: Catalog) -> list[str]:
    """What a reader would miss: strings without translation, changed placeholders, translations that nothing uses."""
    lines = []
    for message in merged(found, known):
        if not message.id:
            continue
        if not is_translated(message):
            lines.append(f"not translated: {message.id!r} ({message.locations[0][0]})")
            continue
        lines += [f"placeholder {name} lost or unknown: {message.id!r}" for name in changed_placeholders(message)]
        lines += [f"{error}: {message.id!r}" for error in message.check()]
    used = {(str(message.id), message.context) for message in found}
    lines += [f"no longer used: {m.id!r}" for m in known if m.id and (str(m.id), m.context) not in used]
    return lines


def main(arguments: list[str]) -> int:
    found, known = found_messages(ROOT), known_translations(CATALOGUE)
    if arguments == ["--check"]:
        lines = hidden_messages(ROOT) + problems(found, known)
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return 1 if lines else 0
    catalog = merged(found, known)
    # The hour of this run would be the one line in which any two branches differ.
    catalog.creation_date = known.creation_date
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
    missing = sum(1 for message in catalog if message.id and not is_translated(message))
    sys.stdout.write(f"{len(catalog)} strings, {missing} without translation.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
