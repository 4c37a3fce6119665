"""What an engine finds, in one form for all engines, and what the schema says there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from bmkit.content.record import Part

    # A schema made ready: gives every fault of a document, in no particular order.
    Engine = Callable[[Any], list["Fault"]]


class NoSchemaError(ValueError):
    """A bundle that is no JSON Schema; `way` is the pointer of the place in it, "" if not known."""

    def __init__(self, message: str, way: str = "") -> None:
        super().__init__(f"{way}: {message}" if way else message)
        self.way = way


class Fault(NamedTuple):
    """One keyword that a value fails.

    `path` leads from the document to the value, `way` from the schema to the keyword; `way` passes through
    references without naming them.  `keyword` is "false" where a schema allows nothing at all.  For anyOf and
    oneOf `branches` are the faults of each alternative; there are none where oneOf met several that fit.
    """

    path: tuple[Part, ...]
    way: tuple[Part, ...]
    keyword: str
    branches: tuple[tuple[Fault, ...], ...] = ()


class Schema:
    """Answers what a bundled schema says at the end of a way."""

    def __init__(self, bundle: dict[str, Any]) -> None:
        self._bundle = bundle

    def holders(self, way: tuple[Part, ...]) -> list[Any]:
        """Give, for each step of the way, the schema (or list or map of them) in which it is taken."""
        node: Any = self._bundle
        holders = []
        for step in way:
            if isinstance(node, dict):
                node = self.plain(node, str(step))
            holders.append(node)
            node = node[step]
        return holders

    def holder(self, fault: Fault) -> dict[str, Any]:
        """Give the schema in which the failed keyword stands, {} where nothing at all is allowed."""
        made: dict[str, Any] = {} if fault.keyword == "false" else self.holders(fault.way)[-1]
        return made

    def want(self, fault: Fault) -> Any:
        """Give the value of the failed keyword."""
        return False if fault.keyword == "false" else self.holder(fault)[fault.keyword]

    def condition(self, way: tuple[Part, ...]) -> tuple[str, dict[str, Any]]:
        """Give "then" or "else" and the "if" that decided for this way; "" and {} if nothing did."""
        holders = self.holders(way)
        for step, holder in zip(reversed(way), reversed(holders), strict=True):
            if step in {"then", "else"} and isinstance(holder, dict) and isinstance(holder.get("if"), dict):
                return str(step), holder["if"]
        return "", {}

    def plain(self, node: Any, keyword: str) -> dict[str, Any]:
        """Follow references from `node` until the keyword is there; what stands beside a reference counts."""
        beside: dict[str, Any] = {}
        while keyword not in node and "$ref" in node:
            beside = {**{name: value for name, value in node.items() if name != "$ref"}, **beside}
            node = self._bundle["$defs"][node["$ref"].removeprefix("#/$defs/")]
        return {**node, **beside} if beside else dict(node)


def value_at(document: Any, path: tuple[Part, ...]) -> Any:
    """Give the value that a path leads to."""
    for part in path:
        document = document[part]
    return document
