"""What the records of each kind are called, and which one a faulty reference most likely means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.content.content import per_content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bmkit.content.content import Content
    from bmkit.content.record import Record
    from bmkit.suggest import CandidateIndex

# More of them than are shown of one rule in one file.
_MAX_SLIP_SEARCHES = 200


@per_content
def index_labels(content: Content) -> LabelIndex:
    """Return the names of the records of a content."""
    return LabelIndex(content)


class LabelIndex:
    """Ids, labels and synonyms of the records of a content, as they are found from each article."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._names: dict[tuple[str, str], CandidateIndex] = {}
        self._suggestions: dict[tuple[str, str], dict[str, str]] = {}

    def suggest_id(self, kind: str, target_id: str, near_record: Record) -> str:
        """Return the id that `target_id` most likely stands for in `near_record`, "" if none is close.

        Slips of a letter are looked for in the first of many ids that lead nowhere: nobody reads more.
        """
        folder_and_kind = (near_record.folder, kind)
        suggestions = self._suggestions.setdefault(folder_and_kind, {})
        if target_id not in suggestions:
            if folder_and_kind not in self._names:
                # Only content with such a reference pays for this import.
                from bmkit.suggest import CandidateIndex

                reachable_records = self._content.iter_reachable_records(kind, near_record)
                ids = [record.id for record in reachable_records if record.id]
                synonyms = dict(self._iter_names_with_ids(kind, near_record))
                self._names[folder_and_kind] = CandidateIndex(ids, synonyms)
            nearest = self._names[folder_and_kind].list_nearest(
                target_id, allow_slips=len(suggestions) < _MAX_SLIP_SEARCHES
            )
            suggestions[target_id] = nearest[0] if nearest else ""
        return suggestions[target_id]

    def make_suggester(self, record: Record) -> Callable[[str, str], str]:
        """Return `suggest_id` for references of one record."""
        return lambda kind, target_id: self.suggest_id(kind, target_id, record)

    def name_other_kind(self, target_id: str, near_record: Record) -> str:
        """Return of which kind a target is that has another than is asked for; "" if it is of none."""
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
