"""Writes the pages that are made from the schemas, the rules, the commands, the examples and the content.

`python docs/make.py` writes what is stale; with --check it writes nothing, names what is stale, and fails.

A page that shows facts names the digest of the content that it was made from.  While the content is another
it is not stale but old: who changes a fact is not asked for more than the fact, and who changes what facts
become is told, unless a fact was changed since the page was made.
"""

from __future__ import annotations

import os
import re
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import click
import fhir_examples
import fhir_tables
import second_content
from reference_pages import (
    format_dimensions_page,
    format_editor_settings,
    format_fields_page,
    format_roles_page,
    format_rules_page,
    format_settings_page,
)

from bmkit.cli.main import COMMANDS, bmkit
from bmkit.content import CONTENT_FOLDER, read_content
from bmkit.export import DESCRIPTION_BY_FORMAT, get_options
from bmkit.export.fhir import FhirOptions, build_resources
from bmkit.schema import read_shipped_schemas

if TYPE_CHECKING:
    from collections.abc import Callable

TOP = os.path.normpath(os.path.join(os.path.dirname(__file__), ".."))


def read(name: str) -> str:
    with open(os.path.join(TOP, name), encoding="utf-8", newline="") as file:
        return file.read()


def digest() -> str:
    """Give the digest of all files of the content, with their names."""
    total = sha256()
    top = os.path.join(TOP, CONTENT_FOLDER)
    for folder, inner, names in os.walk(top):
        inner.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                data = file.read().replace(b"\r\n", b"\n")
            total.update(f"{os.path.relpath(path, top).replace(os.sep, '/')} {len(data)}\n".encode())
            total.update(data)
    return total.hexdigest()[:12]


def pages_of_facts(content: str) -> dict[str, Callable[[], str]]:
    """Give, for each page that shows facts, what makes it from the content with that digest."""
    found = read_content(TOP)
    return {
        "docs/fhir-examples.md": lambda: fhir_examples.make_page(build_resources(found), content),
        "docs/fhir-tables.md": lambda: fhir_tables.make_page(
            build_resources(found), build_resources(found, FhirOptions(release="R4B")), content
        ),
    }


def old(text: str, content: str) -> bool:
    """Say whether a page was made from other content than that with the digest."""
    named = re.search(r"from the content \(([0-9a-f]+)\)", text)
    return named is not None and named[1] != content


def pages() -> dict[str, str]:
    schemas = read_shipped_schemas()
    return {
        "README.md": readme(read("README.md")),
        "docs/commands.md": commands_page(),
        "docs/rules.md": format_rules_page(),
        "docs/fields.md": format_fields_page(schemas),
        "docs/roles.md": format_roles_page(),
        "docs/settings.md": format_settings_page(),
        "docs/several-articles.md": with_examples(read("docs/several-articles.md")),
        "docs/dimensions.md": format_dimensions_page(),
        ".vscode/settings.json": format_editor_settings(schemas),
    }


def readme(text: str) -> str:
    """Give the README with the commands, the help and the examples that it shows."""
    rows = [f"| `{' '.join(_usage(command).split())}` | {says} |" for command, says in _commands()]
    table = "| command | does |\n|---|---|\n" + "\n".join(rows) + "\n"
    text = _filled(text, "commands", table)
    text = _filled(text, "help", f"```\n$ bmkit --help\n{_help(context())}```\n")
    return with_examples(text)


def with_examples(text: str) -> str:
    """Give a page with the examples that it shows."""
    for case in re.findall(r"<!-- example: ([a-z-]+) -->", text):
        command = read(f"examples/{case}/command.txt")
        answer = read(f"examples/{case}/expected.txt")
        text = _filled(text, f"example: {case}", f"```\n$ {command}{answer}```\n")
    return text


def commands_page() -> str:
    """Give docs/commands.md."""
    parts = ["# Commands\n\n<!-- Made by `make docs`; do not edit. -->\n"]
    for inner, _ in _commands():
        parts.append(f"## bmkit {inner.info_name}\n\n```\n{_help(inner)}```\n")
        if inner.info_name == "export":
            parts += [_format_options(inner, name) for name in DESCRIPTION_BY_FORMAT if get_options(name)]
    return "\n".join(parts)


def _format_options(export: click.Context, name: str) -> str:
    """Give what the help of a format has more than that of export."""
    formatter = export.make_formatter()
    formatter.write_dl(
        [record for option in get_options(name) if (record := option.get_help_record(export)) is not None]
    )
    return f"### bmkit export {name}\n\n```\n{formatter.getvalue()}```\n"


def context() -> click.Context:
    return click.Context(bmkit, info_name="bmkit", terminal_width=80)


def _commands() -> list[tuple[click.Context, str]]:
    """Give each command, called from bmkit, and what the list of commands says of it."""
    outer = context()
    found = []
    for name, says in COMMANDS.items():
        command = bmkit.get_command(outer, name)
        if command is not None:
            inner = click.Context(command, info_name=name, parent=outer, terminal_width=80)
            found.append((inner, says))
    return found


def _usage(inner: click.Context) -> str:
    """Give a command with its arguments: "bmkit validate [PATH]..."."""
    arguments = [one.make_metavar(inner) for one in inner.command.params if isinstance(one, click.Argument)]
    return " ".join([inner.command_path, *arguments])


def _help(inner: click.Context) -> str:
    return f"{inner.command.get_help(inner)}\n"


def _filled(text: str, name: str, filling: str) -> str:
    head, mark, rest = text.partition(f"<!-- {name} -->\n")
    if not mark:
        raise SystemExit(f"README.md has no <!-- {name} -->")
    return f"{head}{mark}{filling}{rest[rest.index('<!-- end -->') :]}"


def main() -> int:
    check = "--check" in sys.argv[1:]
    stale = False
    content = digest()
    ways: dict[str, str | Callable[[], str]] = {
        **pages(),
        **pages_of_facts(content),
        "docs/second-content.md": second_content.make_page,
    }
    for name, way in ways.items():
        try:
            held = read(name)
        except FileNotFoundError:
            held = ""
        if check and old(held, content):
            continue
        text = way if isinstance(way, str) else way()
        if held == text:
            continue
        stale = True
        print(f"{name} is stale, run make docs" if check else f"wrote {name}")
        if not check:
            with open(os.path.join(TOP, name), "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main())
