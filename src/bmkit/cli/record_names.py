"""Records named on the command line, as KIND/ID."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from bmkit.cli.process import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content


def split_record_name(record_name: str) -> tuple[str, str]:
    """Return kind and id of a name; WrongUseError if it is of another form."""
    kind_name, _, record_id = record_name.partition("/")
    if not kind_name or not record_id:
        raise WrongUseError(f"{record_name}: write the record as KIND/ID, such as regimen/zometa-4-mg")
    return kind_name, record_id


def refuse_unknown_record(record_name: str, article: str | None, content: Content) -> NoReturn:
    """Raise WrongUseError for a record that is not there, with the one that may be meant.

    `article` is the folder that was asked for, None for any.
    """
    from bmkit.suggest import suggest_hint

    kind_name, record_id = split_record_name(record_name)
    known_ids = [
        record.id
        for folder in content.folders.values()
        if article in {None, folder.name}
        for record in folder.records_by_kind.get(kind_name, ())
    ]
    place = f" in {article}" if article is not None else ""
    if not known_ids:
        raise WrongUseError(f'{record_name}: there are no records of the kind "{kind_name}"{place}')
    message = f'{record_name}: there is no {kind_name} "{record_id}"{place}'
    raise WrongUseError(message, suggest_hint(record_id, known_ids))


def refuse_several_folders(record_name: str, folder_names: Iterable[str]) -> None:
    """Raise WrongUseError if records of a name stand in more than one folder."""
    names = list(dict.fromkeys(folder_names))
    if len(names) > 1:
        message = f"{record_name}: several articles have one: {', '.join(names)}"
        raise WrongUseError(message, "name one with --article")
