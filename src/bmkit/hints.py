"""Hints that lead on: what one proposes is put in, and shown only if it leaves no new issue there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import CONTENT_FOLDER, TERMS_FOLDER, File, Record
from bmkit.issue import Place, format_pointer, split_pointer
from bmkit.jsontext import JsonError, parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bmkit.content import Content
    from bmkit.issue import Issue, Proposal

    FindIssues = Callable[[Content, Sequence[File]], Iterable[Issue]]

MAX_TRIED_PROPOSALS = 200
"""So many hints of one rule in one file are tried, more than are shown; the others propose nothing."""

# Proposals for articles are tried at once, then those for terms and for ids: none of a fact must hold because
# of one of a term that it names.  What leads to an issue may do so because of another, and is tried again.
_MAX_ROUNDS = 3

_Fault = tuple[str, str, str]
"""File, pointer and rule of an issue, whatever it says."""


class Trial(NamedTuple):
    """What the proposal of an issue changes: `pointer` leads to the whole value in which `place` is."""

    issue: Issue
    place: Place
    pointer: str
    proposed: str

    @property
    def changes_id(self) -> bool:
        """Whether what is looked up by its id may be found then, or no longer."""
        return self.place.pointer.split("/")[3:] == ["id"] or (self.place.key and self.proposed == '"id"')

    @property
    def is_of_term(self) -> bool:
        """Whether it is in a file of shared terms, which all articles see."""
        return self.place.file.startswith(f"{CONTENT_FOLDER}/{TERMS_FOLDER}/")

    @property
    def reaches_holder(self) -> bool:
        """Whether what holds the value may lack it then."""
        return self.place.key or not self.proposed

    @property
    def fault(self) -> _Fault:
        """The fault that should be gone."""
        return _get_fault(self.issue)


def keep_sound_hints(
    issues: Iterable[Issue], known_issues: Iterable[Issue], content: Content, find_issues: FindIssues
) -> list[Issue]:
    """Return the issues, those whose proposal leads into another issue with the hint for that case.

    `known_issues` are all of the content.  `find_issues` returns those of a content in which some files were
    changed.
    """
    issues = list(issues)
    trials = _select_trials(issues)
    known_counts = count_faults(known_issues) if trials else Counter[_Fault]()
    groups: dict[tuple[bool, bool], list[Trial]] = {}
    for trial in trials:
        groups.setdefault((trial.changes_id, trial.is_of_term), []).append(trial)
    sound: set[Trial] = set()
    for waiting in groups.values():
        for round_number in range(_MAX_ROUNDS):
            batch = _select_batch(waiting, alone=round_number > 0)
            if not batch:
                break
            waiting = [trial for trial in waiting if trial not in batch]  # noqa: PLW2901  those left
            changed_files = apply_trials(batch, content)
            counts = count_faults(find_issues(content.change_files(changed_files), changed_files))
            cured_counts = Counter(trial.fault for trial in batch)
            for trial in batch:
                is_cured = counts[trial.fault] <= known_counts[trial.fault] - cured_counts[trial.fault]
                if is_cured and not find_new_faults(trial, known_counts, counts):
                    sound.add(trial)
                elif round_number == 0:
                    waiting.append(trial)
    return [
        issue
        if issue.proposal is None or make_trial(issue, issue.proposal) in sound
        else issue.with_hint(issue.proposal.otherwise)
        for issue in issues
    ]


def _select_trials(issues: Iterable[Issue]) -> list[Trial]:
    trials: dict[Trial, None] = {}
    counts = Counter[tuple[str, str]]()
    for issue in issues:
        if issue.proposal is not None and _can_be_read(issue.proposal.value):
            counts[issue.rule, issue.place.file] += 1
            if counts[issue.rule, issue.place.file] <= MAX_TRIED_PROPOSALS:
                trials[make_trial(issue, issue.proposal)] = None
    return list(trials)


def _can_be_read(proposed: str) -> bool:
    """Return whether what is proposed is strict JSON, or "": a number can be beyond all that is read."""
    try:
        parse_json(proposed.encode("utf-8", "surrogatepass") or b"null")
    except JsonError:
        return False
    return True


def make_trial(issue: Issue, proposal: Proposal) -> Trial:
    """Return the trial of what an issue proposes."""
    place = proposal.place or issue.place
    pointer = place.pointer
    if not proposal.value and pointer.rpartition("/")[2].isdecimal():
        # What stands behind an item moves when it is taken away.
        pointer = pointer.rpartition("/")[0]
    return Trial(issue, place, pointer, proposal.value)


def _select_batch(trials: list[Trial], *, alone: bool) -> dict[Trial, None]:
    """Return the trials that can be made at once.

    No two change one value, but for other words of one text unless each is to be `alone` there, or in what
    may lack it then.
    """
    batch: dict[Trial, None] = {}
    taken: dict[tuple[str, str], list[Place]] = {}
    passed: set[tuple[str, str]] = set()
    lacking: set[tuple[str, str]] = set()
    for trial in trials:
        file = trial.place.file
        steps = trial.pointer.split("/")
        holders = {(file, "/".join(steps[:end])) for end in range(1, len(steps))}
        own = (file, trial.pointer)
        neighbours = taken.get(own, [])
        holder = (file, trial.place.pointer.rpartition("/")[0])
        if (
            own in passed
            or not holders.isdisjoint(taken)
            or (alone and trial.reaches_holder and holder in lacking)
        ):
            continue
        if not neighbours or (not alone and all(_are_apart(trial.place, place) for place in neighbours)):
            batch[trial] = None
            taken.setdefault(own, []).append(trial.place)
            passed |= holders
            lacking.add(holder)
    return batch


def _are_apart(place: Place, other: Place) -> bool:
    return min(place.start, other.start) >= 0 and (place.end <= other.start or other.end <= place.start)


def apply_trials(trials: Iterable[Trial], content: Content) -> list[File]:
    """Return the files with what is proposed in them; no two of the trials may change one value or word."""
    trials_by_path: dict[str, list[Trial]] = {}
    for trial in trials:
        trials_by_path.setdefault(trial.place.file, []).append(trial)
    changed_files = []
    for path, file_trials in trials_by_path.items():
        file = content.find_file(path)
        if file is None:
            continue
        value = file.value
        # From the last word of a text to the first: the offsets of the others stay right.
        for trial in sorted(file_trials, key=lambda trial: trial.place.start, reverse=True):
            value = change_document(value, trial.place, trial.proposed)
        changed_files.append(_make_changed_file(file, value))
    return changed_files


def _make_changed_file(file: File, value: Any) -> File:
    changed_file = File(file.path, file.folder, file.kind, value)
    items = value.get("records") if isinstance(value, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        record = file.find_record_at(index)
        if record is None or record.value is not item:
            record = (
                Record(file.kind, file.folder, file.path, index, item) if isinstance(item, dict) else None
            )
        if record is not None:
            changed_file.records.append(record)
    return changed_file


def change_document(document: Any, place: Place, proposed: str) -> Any:
    """Return a document with what is proposed at a place of it, as JSON; what stays is shared with it."""
    return _change_value(document, split_pointer(place.pointer), place, proposed)


def _change_value(value: Any, parts: Sequence[str], place: Place, proposed: str) -> Any:
    if not parts:
        new_value = parse_json(proposed.encode())
        if place.start >= 0 and isinstance(value, str):
            return value[: place.start] + new_value + value[place.end :]
        return new_value
    name, *inner_parts = parts
    is_removed = not inner_parts and not proposed
    if isinstance(value, list):
        index = int(name)
        inner = [] if is_removed else [_change_value(value[index], inner_parts, place, proposed)]
        return [*value[:index], *inner, *value[index + 1 :]]
    if is_removed:
        return {other: item for other, item in value.items() if other != name}
    if place.key and not inner_parts:
        new_name = parse_json(proposed.encode())
        return {new_name if other == name else other: item for other, item in value.items()}
    return {**value, name: _change_value(value.get(name), inner_parts, place, proposed)}


def count_faults(issues: Iterable[Issue]) -> Counter[_Fault]:
    """Return how often a rule finds something at a place."""
    return Counter(map(_get_fault, dict.fromkeys(issues)))


def _get_fault(issue: Issue) -> _Fault:
    return issue.place.file, issue.place.pointer, issue.rule


def find_new_faults(trial: Trial, known_counts: Counter[_Fault], counts: Counter[_Fault]) -> list[_Fault]:
    """Return what is new where something was put in; around it, too, if it has another name or is gone."""
    place = trial.place
    holder, pointer = place.pointer.rpartition("/")[0], place.pointer
    if place.key and trial.proposed:
        pointer = holder + format_pointer([parse_json(trial.proposed.encode())])
    return [
        fault
        for fault, count in counts.items()
        if count > known_counts[fault]
        and fault[0] == place.file
        and (
            fault[1] == pointer
            or fault[1].startswith(f"{pointer}/")
            or (trial.reaches_holder and fault[1] == holder)
        )
    ]
