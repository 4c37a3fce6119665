"""What the records of each kind are called, and which one a faulty reference most likely means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content.content import per_content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.content.content import Content
    from bmkit.content.record import Record


@per_content
def index_labels(content: Content) -> LabelIndex:
    """Return the names of the records of a content."""
    return LabelIndex(content)


class LabelIndex:
    """Ids, labels and synonyms of the records of a content, as they are found from each article."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._names_by_kind: dict[tuple[str, str], tuple[list[str], dict[str, str]]] = {}

    def suggest_id(self, kind: str, target_id: str, near_record: Record) -> str:
        """Return the id that `target_id` most likely stands for in `near_record`, "" if none is close."""
        # Only content with such a reference pays for this import.
        from bmkit.suggest import suggest_candidate

        folder_and_kind = (near_record.folder, kind)
        if folder_and_kind not in self._names_by_kind:
            ids = [
                record.id for record in self._content.iter_reachable_records(kind, near_record) if record.id
            ]
            self._names_by_kind[folder_and_kind] = (ids, dict(self._iter_names_with_ids(kind, near_record)))
        return suggest_candidate(target_id, *self._names_by_kind[folder_and_kind])

    def make_suggester(self, record: Record) -> Callable[[str, str], str]:
        """Return `suggest_id` for references of one record."""
        return lambda kind, target_id: self.suggest_id(kind, target_id, record)

    def suggest_hint(self, kind: str, target_id: str, near_record: Record) -> str:
        """Return which record was probably meant, or which kind the target is of; "" for neither."""
        from bmkit.suggest import format_suggestion

        if suggestion := self.suggest_id(kind, target_id, near_record):
            return format_suggestion(suggestion)
        folders = [
            self._content.folders[name] for name in self._content.list_reachable_folders(near_record.folder)
        ]
        kind_names = sorted({kind_name for folder in folders for kind_name in folder.records_by_kind})
        other_kind = next(
            (kind_name for kind_name in kind_names if self._content.get(kind_name, target_id, near_record)),
            "",
        )
        return f'"{target_id}" is a {other_kind}' if other_kind else ""

    def _iter_names_with_ids(self, kind: str, near_record: Record) -> Iterator[tuple[str, str]]:
        """Yield every label and synonym of every record of a kind, with its id."""
        for record in self._content.iter_reachable_records(kind, near_record):
            label = record.value.get("label")
            for name in (
                label,
                *_list_field_items(record, "synonyms"),
                *_list_field_items(record, "as_in_article"),
            ):
                if isinstance(name, str) and record.id:
                    yield name, record.id


def _list_field_items(record: Record, field_name: str) -> list[Any]:
    value = record.value.get(field_name)
    return value if isinstance(value, list) else []
