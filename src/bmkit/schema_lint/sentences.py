"""Whether the sentence template of a kind can be filled from its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.schema_lint.fault import SchemaFault
from bmkit.sentence import TemplateError, iter_slots
from bmkit.suggest import suggest_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Field, Kind

_SENTENCE_POINTER = "/x-sentence"


def find_template_faults(kind: Kind) -> Iterator[SchemaFault]:
    """Check that the template is well-formed, names fields, and can do without those that may be absent."""
    if kind.group == "fact" and not kind.sentence_template:
        yield SchemaFault("sentence", "", "a fact needs an x-sentence, or nobody can read it")
    try:
        template_slots = list(iter_slots(kind.sentence_template))
    except TemplateError as error:
        yield SchemaFault(
            "sentence",
            _SENTENCE_POINTER,
            f"the template cannot be read at character {error.offset + 1}: {error}",
        )
        return
    for slot, is_optional in template_slots:
        name = ".".join(slot.path)
        try:
            fields = _list_fields_along(kind, slot.path)
        except KeyError as error:
            known_names = [field.name for field in kind.fields]
            yield SchemaFault(
                "sentence",
                _SENTENCE_POINTER,
                f"the template names {{{name}}}: {error.args[0]}",
                suggest_hint(name, known_names),
            )
            continue
        if not is_optional and not all(field.required for field in fields):
            message = f"the template needs {{{name}}}, which a record may not have"
            yield SchemaFault("sentence", _SENTENCE_POINTER, message, f"put it in brackets: [{{{name}}}]")


def _list_fields_along(kind: Kind, path: tuple[str, ...]) -> list[Field]:
    return [kind.get_field(".".join(path[: length + 1])) for length in range(len(path))]
