"""Documents made faulty in one place, in every way that an editor might."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from tests.strategies import drop_excluded_fields

from bmkit.hints import keep_sound_hints
from bmkit.schema import Kind
from bmkit.shape import find_shape_issues

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.content import Content
    from bmkit.issue import Issue
    from bmkit.shape import ShapeChecker

ODD_VALUES: list[Any] = [
    *(None, True, 0, 1, -120, 175, 10**30),
    *(Decimal("4.0"), Decimal("4.5"), Decimal("-0.0"), Decimal("1E+2")),
    *("", " ", "12", "-1.5", "true", "a", "Breast Cancer", "pelvsi", "x" * 200),
    *("a\n", "\ufeffa", "a\u2028b", "\x1ca", "ü"),
    *("2025-02-30", "07.07.2025", "0000-02-29", "0000-02-30", "2025-07-07T00:00", "٢٠٢٥-07-07"),
    *([], ["a", "a"], [1, True, Decimal("1.0")], {}),
    *({"value": 4}, {"value": "4", "unit": "mgs"}, {"low": 85, "unit": "%"}, {"valu": 4, "unit": "mg"}),
    {"value": 4, "low": 2, "high": 3, "unit": "mg"},
]


def make_kind(bundled_schema: dict[str, Any], file: str = "") -> Kind:
    """Return a kind that has nothing but a schema."""
    return Kind(
        "k",
        title="",
        description="",
        group="",
        sentence_template="",
        fields=(),
        bundled_schema=bundled_schema,
        file=file,
    )


def find_shown_issues(shape_checker: ShapeChecker, content: Content) -> list[Issue]:
    """Return the issues of shape as they are shown: with hints that were tried."""
    issues = find_shape_issues(content, shape_checker)
    return keep_sound_hints(
        issues, issues, content, lambda changed, _: find_shape_issues(changed, shape_checker)
    )


Mutation = Callable[[], Any]
"""Returns a document that differs from a good one in one place."""


class Mutations:
    """Documents to begin with, and all that differ from them in one place."""

    def make_example(self, kind: Kind) -> dict[str, Any]:
        """Return a file with one record that has every field it may, filled with the first examples."""
        record = {field.name: copy.deepcopy(field.examples[0]) for field in kind.fields}
        record_schema = kind.bundled_schema["$defs"]["record"]
        for condition in record_schema.get("allOf", ()):
            requirement = condition.get("then" if _is_met(condition.get("if", {}), record) else "else", {})
            for name, name_schema in requirement.get("properties", {}).items():
                if name_schema is False:
                    record.pop(name, None)
        record = drop_excluded_fields(record, record_schema)
        return {"$schema": f"../../schema/{kind.name}.schema.json", "records": [record]}

    def list_all(self, document: Any) -> list[Mutation]:
        """List every mutation of a document; each makes its document when it is called."""
        return list(_iter_mutations(document))


@pytest.fixture
def mutations() -> Mutations:
    return Mutations()


def _is_met(condition: dict[str, Any], record: dict[str, Any]) -> bool:
    return all(name in record for name in condition.get("required", ())) and all(
        record[name] in name_schema.get("enum", [name_schema.get("const")])
        for name, name_schema in condition.get("properties", {}).items()
    )


def _iter_mutations(document: Any) -> Iterator[Mutation]:
    for path in _iter_paths(document):
        if path:
            for odd_value in ODD_VALUES:
                yield partial(_change_copy, document, path, partial(_set_value, value=odd_value))
            yield partial(_change_copy, document, path, _delete_value)
            yield partial(_change_copy, document, path, _misspell_or_repeat)
        if isinstance(_get_value(document, path), dict):
            yield partial(_change_copy, document, (*path, "surplus"), partial(_set_value, value=1))


def _set_value(holder: Any, key: Any, value: Any) -> None:
    holder[key] = value


def _delete_value(holder: Any, key: Any) -> None:
    del holder[key]


def _misspell_or_repeat(holder: Any, key: Any) -> None:
    if isinstance(key, str):
        holder[key[1:]] = holder.pop(key)
    else:
        holder.append(holder[key])


def _iter_paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _iter_paths(item, (*path, key))


def _get_value(value: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


def _change_copy(document: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    changed = copy.deepcopy(document)
    change(_get_value(changed, path[:-1]), path[-1])
    return changed
