"""bmkit rules: the rules, one a line."""

from __future__ import annotations

import click

from bmkit.cli.options import complete_rules
from bmkit.cli.process import EXIT_CLEAN
from bmkit.cli.rule_names import describe_severity, read_settings_for_handbook, select_rule_docs
from bmkit.cli.terminal import print_for_programs, print_lines


@click.command("rules")
@click.argument("names", nargs=-1, metavar="[RULE]...", shell_complete=complete_rules)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
def command(names: tuple[str, ...], form: str) -> int:
    """List the rules, with their severity and what each finds, as the settings of the project have it.

    With RULEs, only those rules or families (such as limits).
    """
    rule_docs = select_rule_docs(names)
    settings = read_settings_for_handbook()
    severities = {rule_doc.rule_id: describe_severity(rule_doc, settings)[0] for rule_doc in rule_docs}
    if form == "json":
        from bmkit.write_json import format_json

        summaries = [
            {"rule": rule_doc.rule_id, "severity": severities[rule_doc.rule_id], "title": rule_doc.title}
            for rule_doc in rule_docs
        ]
        print_for_programs(format_json(summaries, indent=2) + "\n")
        return EXIT_CLEAN
    rule_width = max(len(rule_doc.rule_id) for rule_doc in rule_docs)
    print_lines(
        *(
            f"{rule_doc.rule_id:{rule_width}}  {severities[rule_doc.rule_id]:7}  {rule_doc.title}"
            for rule_doc in rule_docs
        )
    )
    return EXIT_CLEAN
