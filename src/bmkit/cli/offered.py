"""What the shell is offered to complete; nothing here is imported or looked up before it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from click import Context, Parameter
    from click.shell_completion import CompletionItem


def files(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001  click's
    """Let the shell complete files, and folders on the way to them."""
    return [_item(incomplete, "file")]


def folders(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001  click's
    """Let the shell complete folders."""
    return [_item(incomplete, "dir")]


def rules(ctx: Context, param: Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  click's signature
    """Give the rules and families whose name starts like what was typed, behind the last comma."""
    from bmkit.handbook import rule_names

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in rule_names() if name.startswith(last)]


def forms(ctx: Context, param: Parameter, incomplete: str) -> list[str]:
    """Give the formats of an export that are not named yet."""
    from bmkit.export import ALL, EXPORTS

    named = ctx.params.get(param.name or "") or ()
    return [form for form in (*EXPORTS, ALL) if form.startswith(incomplete) and form not in named]


def kinds(ctx: Context, param: Parameter, incomplete: str) -> list[str]:  # noqa: ARG001  click's signature
    """Give the kinds of the project; none where its schemas cannot be found."""
    from bmkit.cli.fields import schemas_around
    from bmkit.schema import SchemaError

    try:
        return [name for name in schemas_around(ctx.params.get("root")).names if name.startswith(incomplete)]
    except SchemaError:
        return []


def _item(incomplete: str, what: str) -> CompletionItem:
    from click.shell_completion import CompletionItem

    return CompletionItem(incomplete, type=what)
