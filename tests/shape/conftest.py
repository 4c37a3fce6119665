"""Documents made faulty in one place, in every way that an editor might."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.schema import Kind

ODD: list[Any] = [
    *(None, True, 0, 1, -120, 175, 10**30),
    *(Decimal("4.0"), Decimal("4.5"), Decimal("-0.0"), Decimal("1E+2")),
    *("", " ", "12", "-1.5", "true", "a", "Breast Cancer", "pelvsi", "x" * 200),
    *("a\n", "\ufeffa", "a\u2028b", "\x1ca", "ü"),
    *("2025-02-30", "07.07.2025", "0000-02-29", "0000-02-30", "2025-07-07T00:00", "٢٠٢٥-07-07"),
    *([], ["a", "a"], [1, True, Decimal("1.0")], {}),
    *({"value": 4}, {"value": "4", "unit": "mgs"}, {"low": 85, "unit": "%"}, {"valu": 4, "unit": "mg"}),
    {"value": 4, "low": 2, "high": 3, "unit": "mg"},
]


class Mutations:
    """Documents to begin with, and all that differ from them in one place."""

    odd = ODD

    def example(self, kind: Kind) -> dict[str, Any]:
        """Give a file with one record that has every field it may, filled with the fields' first examples."""
        record = {field.name: copy.deepcopy(field.examples[0]) for field in kind.fields}
        for condition in kind.bundled_schema["$defs"]["record"].get("allOf", ()):
            (name, told), *_ = condition["if"]["properties"].items()
            for excluded in condition["then"]["properties"] if record[name] == told["const"] else ():
                del record[excluded]
        return {"$schema": f"../../schema/{kind.name}.schema.json", "records": [record]}

    def faulty(self, document: Any) -> Iterator[Any]:
        """Give every document that differs from this one in one place."""
        return _faulty(document)


@pytest.fixture
def mutations() -> Mutations:
    return Mutations()


def _faulty(document: Any) -> Iterator[Any]:
    """Every document that differs from this one in one place."""
    for path in _paths(document):
        if path:
            for value in ODD:
                yield _with(document, path, lambda holder, key, value=value: holder.__setitem__(key, value))
            yield _with(document, path, lambda holder, key: holder.__delitem__(key))
            if isinstance(path[-1], str):
                yield _with(document, path, lambda holder, key: holder.__setitem__(key[1:], holder.pop(key)))
            else:
                yield _with(document, path, lambda holder, key: holder.append(holder[key]))
        if isinstance(_at(document, path), dict):
            yield _with(document, (*path, "surplus"), lambda holder, key: holder.__setitem__(key, 1))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _paths(item, (*path, key))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


def _with(document: Any, path: tuple[Any, ...], change: Any) -> Any:
    made = copy.deepcopy(document)
    change(_at(made, path[:-1]), path[-1])
    return made
