"""bmkit status: how far the review is."""

from __future__ import annotations

import click

from bmkit.cli.options import add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN
from bmkit.cli.project import read_checked_project
from bmkit.cli.terminal import format_columns, print_lines


@click.command("status")
@click.option(
    "--by",
    type=click.Choice(["kind", "section"]),
    default="kind",
    show_default=True,
    help="What is counted apart.",
)
@add_max_size_option
@add_root_option
def command(by: str, limit: int, root: str | None) -> int:
    """Count the facts that are signed as they stand, changed since, disputed, and never looked at."""
    from bmkit.review.status import STATES, count_states

    content = read_checked_project(root, limit)
    counts = count_states(content, by_section=by == "section")
    rows = [
        (name, *(str(state_counts[state]) for state in STATES), str(state_counts.total()))
        for name, state_counts in counts.items()
    ]
    header = (by, *STATES, "all")
    totals = ("all", *(str(sum(state_counts[state] for state_counts in counts.values())) for state in STATES))
    rows.append((*totals, str(sum(state_counts.total() for state_counts in counts.values()))))
    print_lines(*format_columns(header, rows))
    return EXIT_CLEAN
