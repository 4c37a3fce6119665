"""bmkit status: how far the review is."""

from __future__ import annotations

import click

from bmkit.cli.options import add_max_size_option, add_root_option
from bmkit.cli.process import EXIT_CLEAN
from bmkit.cli.project import read_checked_project
from bmkit.cli.terminal import print_lines


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
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    for row in (header, *rows):
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        print_lines("  ".join(cells))
    return EXIT_CLEAN
