"""What the records of each kind are called, and which one a faulty reference most likely means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.content.content import Content
    from bmkit.content.record import Record


class Names:
    """Ids, labels and synonyms of the records of a content, as they are found from each article."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._called: dict[tuple[str, str], tuple[list[str], dict[str, str]]] = {}

    def meant(self, kind: str, target: str, near: Record) -> str:
        """Give the id that `target` most likely stands for in the record `near`, "" if none is close."""
        # Only content with such a reference pays for this import.
        from bmkit.suggest import suggest

        key = (near.folder, kind)
        if key not in self._called:
            ids = [record.id for record in self._content.every(kind, near) if record.id]
            self._called[key] = (ids, dict(self._names(kind, near)))
        return suggest(target, *self._called[key])

    def near(self, record: Record) -> Callable[[str, str], str]:
        """Give `meant` for one record: of a kind and a target."""
        return lambda kind, target: self.meant(kind, target, record)

    def hint(self, kind: str, target: str, near: Record) -> str:
        """Ask whether a record of the kind was meant, or say that `target` is of another; "" for neither."""
        if meant := self.meant(kind, target, near):
            return f'did you mean "{meant}"?'
        folders = [self._content.folders[name] for name in self._content.reached(near.folder)]
        kinds = sorted({other for folder in folders for other in folder.records})
        other = next((one for one in kinds if self._content.named(one, target, near)), "")
        return f'"{target}" is a {other}' if other else ""

    def _names(self, kind: str, near: Record) -> Iterator[tuple[str, str]]:
        """Give every name of every record of a kind beside its id, with the id."""
        for record in self._content.every(kind, near):
            label = record.value.get("label")
            for text in (label, *_list(record, "synonyms"), *_list(record, "as_in_article")):
                if isinstance(text, str) and record.id:
                    yield text, record.id


def _list(record: Record, name: str) -> list[Any]:
    value = record.value.get(name)
    return value if isinstance(value, list) else []
