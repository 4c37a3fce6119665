"""bmkit explain: what a rule finds, why it matters, and how to fix it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bmkit.cli.options import complete_rules
from bmkit.cli.process import EXIT_CLEAN
from bmkit.cli.rule_names import describe_severity, read_settings_for_handbook, select_rule_docs
from bmkit.cli.terminal import detect_terminal, print_for_people
from bmkit.escape import escape_text
from bmkit.handbook import collect_example_messages, find_fix, format_examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.config import Settings
    from bmkit.report import Terminal
    from bmkit.rule_doc import RuleDoc

_BOLD, _RESET = "\x1b[1m", "\x1b[0m"
# Further examples of a rule are its tests.
_MAX_EXAMPLES = 2


@click.command("explain")
@click.argument("names", nargs=-1, required=True, metavar="RULE...", shell_complete=complete_rules)
def command(names: tuple[str, ...]) -> int:
    """Explain a RULE, or all rules of a family: what it finds, why it matters, and how to fix it.

    An issue ends with the name of its rule, in brackets.
    """
    terminal = detect_terminal()
    rule_docs = select_rule_docs(names)
    settings = read_settings_for_handbook()
    text = "\n".join("\n".join(_iter_rule_doc_lines(rule_doc, settings, terminal)) for rule_doc in rule_docs)
    print_for_people(text, terminal)
    return EXIT_CLEAN


def _iter_rule_doc_lines(rule_doc: RuleDoc, settings: Settings, terminal: Terminal) -> Iterator[str]:
    severity, reason = describe_severity(rule_doc, settings)
    yield f"{_format_bold(rule_doc.rule_id, terminal)}  {severity}"
    yield ""
    if reason:
        yield from _wrap_to_terminal(f"{settings.file}: {escape_text(reason)}", terminal, "")
        yield ""
    yield from _wrap_to_terminal(rule_doc.title, terminal, "")
    for paragraph in rule_doc.why.split("\n\n"):
        yield ""
        yield from _wrap_to_terminal(paragraph, terminal, "")
    if rule_doc.guards_dose:
        yield ""
        yield from _wrap_to_terminal("It guards a dose and can be neither ignored nor lowered.", terminal, "")
    fix = find_fix(rule_doc)
    if fix:
        yield ""
        yield from _wrap_to_terminal(f"How to fix: {fix}", terminal, "")
    if rule_doc.source:
        yield ""
        yield from _wrap_to_terminal(f"Source: {rule_doc.source}", terminal, "")
    for heading, examples in (
        ("bad", format_examples(rule_doc.bad, rule_doc.bad_in_words)),
        ("good", format_examples(rule_doc.good, rule_doc.good_in_words)),
    ):
        for example in examples[:_MAX_EXAMPLES]:
            yield ""
            yield _format_bold(f"{heading}:", terminal)
            yield from (f"  {line}" for line in example.split("\n"))
    example_answers = collect_example_messages(rule_doc, _MAX_EXAMPLES)[:_MAX_EXAMPLES]
    if example_answers:
        yield ""
        yield _format_bold("bmkit says:", terminal)
    for answer in example_answers:
        yield from _wrap_to_terminal(answer.message, terminal, "  ")
        if answer.hint:
            yield from _wrap_to_terminal(f"hint: {answer.hint}", terminal, "    ")
    yield ""


def _wrap_to_terminal(text: str, terminal: Terminal, indent: str) -> list[str]:
    from textwrap import wrap

    return wrap(text, max(40, min(terminal.width, 100)), initial_indent=indent, subsequent_indent=indent)


def _format_bold(text: str, terminal: Terminal) -> str:
    return f"{_BOLD}{text}{_RESET}" if terminal.has_colour else text
