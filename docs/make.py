"""Writes the pages that are made from the schemas, the rules, the commands and the examples.

`python docs/make.py` writes what is stale; with --check it writes nothing, names what is stale, and fails.
"""

from __future__ import annotations

import os
import re
import sys

import click

from bmkit.cli.main import bmkit
from bmkit.handbook import editor_settings, fields_page, rules_page
from bmkit.schema import read_schemas, shipped

TOP = os.path.normpath(os.path.join(os.path.dirname(__file__), ".."))


def read(name: str) -> str:
    with open(os.path.join(TOP, name), encoding="utf-8", newline="") as file:
        return file.read()


def pages() -> dict[str, str]:
    schemas = read_schemas(shipped())
    return {
        "README.md": readme(read("README.md")),
        "docs/rules.md": rules_page(),
        "docs/fields.md": fields_page(schemas),
        ".vscode/settings.json": editor_settings(schemas),
    }


def readme(text: str) -> str:
    """Give the README with the help and the examples that it shows."""
    text = _filled(text, "help", _help())
    for case in re.findall(r"<!-- example: ([a-z-]+) -->", text):
        command = read(f"examples/{case}/command.txt")
        text = _filled(text, f"example: {case}", f"$ {command}{read(f'examples/{case}/expected.txt')}")
    return text


def _help() -> str:
    context = click.Context(bmkit, info_name="bmkit", terminal_width=80)
    parts = ["$ bmkit --help", bmkit.get_help(context)]
    for name in bmkit.list_commands(context):
        command = bmkit.get_command(context, name)
        if command is not None:
            inner = click.Context(command, info_name=name, parent=context, terminal_width=80)
            parts += ["", f"$ bmkit {name} --help", command.get_help(inner)]
    return "\n".join(parts) + "\n"


def _filled(text: str, name: str, filling: str) -> str:
    head, mark, rest = text.partition(f"<!-- {name} -->\n")
    if not mark:
        raise SystemExit(f"README.md has no <!-- {name} -->")
    return f"{head}{mark}```\n{filling}```\n{rest[rest.index('<!-- end -->') :]}"


def main() -> int:
    check = "--check" in sys.argv[1:]
    stale = False
    for name, text in pages().items():
        try:
            same = read(name) == text
        except FileNotFoundError:
            same = False
        if same:
            continue
        stale = True
        print(f"{name} is stale, run make docs" if check else f"wrote {name}")
        if not check:
            with open(os.path.join(TOP, name), "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
    return 1 if stale and check else 0


if __name__ == "__main__":
    sys.exit(main())
