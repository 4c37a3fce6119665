"""Whether the sentence template of a kind can be filled from its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.schema_lint.fault import SchemaFault
from bmkit.sentence import TemplateError, slots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Field, Kind

_AT = "/x-sentence"


def sentence_faults(kind: Kind) -> Iterator[SchemaFault]:
    """Check that the template is well-formed, names fields, and can do without those that may be absent."""
    if kind.group == "fact" and not kind.sentence:
        yield SchemaFault("sentence", "", "a fact needs an x-sentence, or nobody can read it")
    try:
        named = list(slots(kind.sentence))
    except TemplateError as error:
        yield SchemaFault(
            "sentence", _AT, f"the template cannot be read at character {error.at + 1}: {error}"
        )
        return
    for slot, optional in named:
        name = ".".join(slot.path)
        try:
            fields = _chain(kind, slot.path)
        except KeyError as error:
            known = [field.name for field in kind.fields]
            yield SchemaFault(
                "sentence", _AT, f"the template names {{{name}}}: {error.args[0]}", _near(name, known)
            )
            continue
        if not optional and not all(field.required for field in fields):
            message = f"the template needs {{{name}}}, which a record may not have"
            yield SchemaFault("sentence", _AT, message, f"put it in brackets: [{{{name}}}]")


def _chain(kind: Kind, path: tuple[str, ...]) -> list[Field]:
    return [kind.field(".".join(path[: length + 1])) for length in range(len(path))]


def _near(word: str, words: list[str]) -> str:
    from bmkit.suggest import suggest

    meant = suggest(word, words)
    return f'did you mean "{meant}"?' if meant else ""
