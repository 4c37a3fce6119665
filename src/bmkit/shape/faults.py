"""What an engine reports, in one form for all engines, and what the schema has there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.issue import PathPart

    # A compiled schema: returns every fault of a document, in no particular order.
    SchemaEngine = Callable[[Any], list["ShapeFault"]]


class InvalidSchemaError(ValueError):
    """A bundle that is no JSON Schema; `bundled_pointer` is the place in it, "" if not known."""

    def __init__(self, message: str, bundled_pointer: str = "") -> None:
        super().__init__(f"{bundled_pointer}: {message}" if bundled_pointer else message)
        self.bundled_pointer = bundled_pointer


class ShapeFault(NamedTuple):
    """One keyword that a value fails.

    `instance_path` leads from the document to the value, `schema_path` from the schema to the keyword,
    through references without naming them.  `keyword` is "false" where a schema allows nothing at all.  For
    anyOf and oneOf `branches` are the faults of each alternative; there are none where oneOf met several
    that fit.
    """

    instance_path: tuple[PathPart, ...]
    schema_path: tuple[PathPart, ...]
    keyword: str
    branches: tuple[tuple[ShapeFault, ...], ...] = ()


class BundledSchema:
    """A bundled schema that is read along the path of a fault."""

    def __init__(self, bundled_schema: dict[str, Any]) -> None:
        self._root = bundled_schema
        self._subschemas_by_path: dict[tuple[PathPart, ...], list[Any] | None] = {}

    def list_subschemas(self, schema_path: tuple[PathPart, ...]) -> list[Any]:
        """Return, for each step of the path, the schema (or list or map of them) in which it is taken."""
        # Many records may have one mistake.
        if schema_path not in self._subschemas_by_path:
            self._subschemas_by_path[schema_path] = self._walk_path(self._root, schema_path)
        subschemas = self._subschemas_by_path[schema_path]
        if subschemas is None:
            raise KeyError("/".join(map(str, schema_path)))
        return subschemas

    def _walk_path(self, subschema: Any, schema_path: tuple[PathPart, ...]) -> list[Any] | None:
        """Return the schemas along a path, None if it leads nowhere.

        A keyword may stand beside a reference and in what is referred to: the path is of the one in which all
        of its steps are.
        """
        if not schema_path:
            return []
        step, *next_steps = schema_path
        for candidate in self._list_candidates(subschema, step):
            next_subschemas = self._walk_path(candidate[step], tuple(next_steps))
            if next_subschemas is not None:
                return [candidate, *next_subschemas]
        return None

    def _list_candidates(self, subschema: Any, step: PathPart) -> list[Any]:
        """Return the schemas in which a step of a path can be taken: the schema, and what it refers to."""
        if isinstance(subschema, list):
            return [subschema] if isinstance(step, int) and step < len(subschema) else []
        if not isinstance(subschema, dict):
            return []
        candidates = []
        siblings: dict[str, Any] = {}
        while True:
            if step in subschema:
                candidates.append({**subschema, **siblings, step: subschema[step]})
            if not isinstance(subschema.get("$ref"), str):
                return candidates
            siblings = {**{name: value for name, value in subschema.items() if name != "$ref"}, **siblings}
            subschema = self._root["$defs"][subschema["$ref"].removeprefix("#/$defs/")]

    def find_failed_subschema(self, fault: ShapeFault) -> dict[str, Any]:
        """Return the schema in which the failed keyword stands, {} where nothing at all is allowed."""
        subschema: dict[str, Any] = (
            {} if fault.keyword == "false" else self.list_subschemas(fault.schema_path)[-1]
        )
        return subschema

    def find_keyword_value(self, fault: ShapeFault) -> Any:
        """Return the value of the failed keyword."""
        return False if fault.keyword == "false" else self.find_failed_subschema(fault)[fault.keyword]

    def find_condition(self, schema_path: tuple[PathPart, ...]) -> tuple[str, dict[str, Any]]:
        """Return "then" or "else" and the "if" that decided for this path; "" and {} if nothing did."""
        subschemas = self.list_subschemas(schema_path)
        for step, subschema in zip(reversed(schema_path), reversed(subschemas), strict=True):
            if (
                step in {"then", "else"}
                and isinstance(subschema, dict)
                and isinstance(subschema.get("if"), dict)
            ):
                return str(step), subschema["if"]
        return "", {}

    def resolve_refs(self, subschema: Any, keyword: str) -> dict[str, Any]:
        """Return the schema with the keyword, by way of references; what stands beside them counts."""
        sibling_keywords: dict[str, Any] = {}
        while keyword not in subschema and "$ref" in subschema:
            sibling_keywords = {
                **{sibling: value for sibling, value in subschema.items() if sibling != "$ref"},
                **sibling_keywords,
            }
            subschema = self._root["$defs"][subschema["$ref"].removeprefix("#/$defs/")]
        return {**subschema, **sibling_keywords} if sibling_keywords else dict(subschema)


def select_instance(instance: Any, instance_path: tuple[PathPart, ...]) -> Any:
    """Return the value that a path leads to."""
    for part in instance_path:
        instance = instance[part]
    return instance
