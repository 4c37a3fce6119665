"""What the shell is offered to complete; nothing here is imported or looked up before it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from click import Context, Parameter
    from click.shell_completion import CompletionItem


def complete_files(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001  click's
    """Let the shell complete files, and folders on the way to them."""
    return [_make_path_completion(incomplete, "file")]


def complete_folders(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001  click's
    """Let the shell complete folders."""
    return [_make_path_completion(incomplete, "dir")]


def complete_rules(ctx: Context, param: Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  click's signature
    """Give the rules and families whose name starts like what was typed, behind the last comma."""
    from bmkit.handbook import list_rule_names

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in list_rule_names() if name.startswith(last)]


def complete_formats(ctx: Context, param: Parameter, incomplete: str) -> list[str]:
    """Give the formats of an export that are not named yet."""
    from bmkit.export import ALL, EXPORTS

    named_formats = ctx.params.get(param.name or "") or ()
    return [
        format_name
        for format_name in (*EXPORTS, ALL)
        if format_name.startswith(incomplete) and format_name not in named_formats
    ]


def complete_kinds(ctx: Context, param: Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  click's signature
    """Give the kinds of the project; none where its schemas cannot be found."""
    from bmkit.cli.fields import read_nearest_schemas
    from bmkit.schema import SchemaError

    try:
        return [
            name
            for name in read_nearest_schemas(ctx.params.get("root")).kind_names
            if name.startswith(incomplete)
        ]
    except SchemaError:
        return []


def _make_path_completion(incomplete: str, path_type: str) -> CompletionItem:
    from click.shell_completion import CompletionItem

    return CompletionItem(incomplete, type=path_type)
