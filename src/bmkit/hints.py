"""Hints that lead on: what one proposes is put in, and shown only if it leaves no new issue there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import File, Record
from bmkit.issue import Place, format_pointer, split_pointer
from bmkit.jsontext import parse_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bmkit.content import Content
    from bmkit.issue import Issue

    FindIssues = Callable[[Content, Sequence[File]], Iterable[Issue]]

MAX_TRIED_PROPOSALS = 200
"""So many hints of one rule in one file are tried, more than are shown; the others propose nothing."""

# Proposals for one place are tried one after the other, in so many checks at most.
_MAX_ROUNDS = 4

_Fault = tuple[str, str, str]
"""An issue without its hint: rule, pointer and message."""


class Trial(NamedTuple):
    """A proposal and where it is put; `pointer` leads to what it changes, as a whole."""

    issue: Issue
    place: Place
    pointer: str
    value: str

    @property
    def key(self) -> tuple[Place, str]:
        """What is changed, and how: the same for several issues that propose the same."""
        return self.place, self.value


def keep_sound_hints(
    issues: Iterable[Issue], known_issues: Iterable[Issue], content: Content, find_issues: FindIssues
) -> list[Issue]:
    """Return the issues, each with the hint that it proposes or, if that leads into another issue, without.

    `known_issues` are all of the content.  `find_issues` returns those of a content in which some files were
    changed.  All proposals are put into one content, those for one place one after the other.
    """
    issues = list(issues)
    waiting = _select_trials(issues)
    if not waiting:
        return issues
    known_faults = _count_faults(known_issues)
    sound: set[tuple[Place, str]] = set()
    for round_number in range(_MAX_ROUNDS):
        batch, waiting = _select_batch(waiting, alone=round_number > 0)
        if not batch:
            break
        changed_files = apply_trials(batch, content)
        new_faults = _count_faults(find_issues(content.change_files(changed_files), changed_files))
        for trial in batch:
            if not leads_to_issue(trial, known_faults, new_faults):
                sound.add(trial.key)
            elif round_number == 0 and _count_at(batch, trial) > 1:
                waiting.append(trial)
    return [
        issue
        if issue.proposal is None or _make_trial(issue).key in sound
        else issue.with_hint(issue.proposal.otherwise)
        for issue in issues
    ]


def _select_trials(issues: Iterable[Issue]) -> list[Trial]:
    trials: dict[tuple[Place, str], Trial] = {}
    counts = Counter[tuple[str, str]]()
    for issue in issues:
        if issue.proposal is not None:
            counts[issue.rule, issue.place.file] += 1
            if counts[issue.rule, issue.place.file] <= MAX_TRIED_PROPOSALS:
                trial = _make_trial(issue)
                trials.setdefault(trial.key, trial)
    return list(trials.values())


def _make_trial(issue: Issue) -> Trial:
    assert issue.proposal is not None
    place = issue.proposal.place or issue.place
    pointer = place.pointer
    if not issue.proposal.value and pointer.rpartition("/")[2].isdecimal():
        # What stands behind an item moves when it is taken away.
        pointer = pointer.rpartition("/")[0]
    return Trial(issue, place, pointer, issue.proposal.value)


def _select_batch(trials: list[Trial], *, alone: bool) -> tuple[list[Trial], list[Trial]]:
    """Return the trials that can be made at once, and the others.

    No two change one value, but for other words of one text unless each is to be `alone` there.
    """
    batch: list[Trial] = []
    others: list[Trial] = []
    taken: dict[tuple[str, str], list[Place]] = {}
    passed: set[tuple[str, str]] = set()
    for trial in trials:
        file = trial.place.file
        steps = trial.pointer.split("/")
        holders = {(file, "/".join(steps[:end])) for end in range(1, len(steps))}
        own = (file, trial.pointer)
        if (
            own in passed
            or not holders.isdisjoint(taken)
            or any(alone or not _are_apart(trial.place, place) for place in taken.get(own, ()))
        ):
            others.append(trial)
        else:
            batch.append(trial)
            taken.setdefault(own, []).append(trial.place)
            passed |= holders
    return batch, others


def _are_apart(place: Place, other: Place) -> bool:
    return min(place.start, other.start) >= 0 and (place.end <= other.start or other.end <= place.start)


def _count_at(batch: list[Trial], trial: Trial) -> int:
    return sum(other.place.file == trial.place.file and other.pointer == trial.pointer for other in batch)


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
            value = _change_value(value, split_pointer(trial.place.pointer), trial)
        changed_file = File(path, file.folder, file.kind, value)
        changed_file.records = [
            record
            if value["records"][record.index] is record.value
            else Record(record.kind, record.folder, record.file, record.index, value["records"][record.index])
            for record in file.records
        ]
        changed_files.append(changed_file)
    return changed_files


def _change_value(value: Any, parts: Sequence[str], trial: Trial) -> Any:
    """Return a value with what is proposed at the end of the parts; what is not changed is shared."""
    if not parts:
        if trial.place.start >= 0 and isinstance(value, str):
            return value[: trial.place.start] + parse_json(trial.value.encode()) + value[trial.place.end :]
        return parse_json(trial.value.encode())
    name, *inner_parts = parts
    if isinstance(value, list):
        index = int(name)
        inner = [] if not inner_parts and not trial.value else [_change_value(value[index], inner_parts, trial)]
        return [*value[:index], *inner, *value[index + 1 :]]
    if inner_parts or (trial.value and not trial.place.key):
        return {**value, name: _change_value(value.get(name), inner_parts, trial)}
    if not trial.value:
        return {other: item for other, item in value.items() if other != name}
    new_name = parse_json(trial.value.encode())
    return {new_name if other == name else other: item for other, item in value.items()}


def _count_faults(issues: Iterable[Issue]) -> dict[str, Counter[_Fault]]:
    """Return how often there is each fault, by file."""
    faults_by_file: dict[str, Counter[_Fault]] = {}
    for issue in set(issues):
        faults = faults_by_file.setdefault(issue.place.file, Counter())
        faults[issue.rule, issue.place.pointer, issue.message] += 1
    return faults_by_file


def leads_to_issue(
    trial: Trial, known_faults: dict[str, Counter[_Fault]], new_faults: dict[str, Counter[_Fault]]
) -> bool:
    """Return whether a proposal that was put in leaves its own issue, or a new one where it was put."""
    issue, place = trial.issue, trial.place
    known = known_faults.get(place.file, Counter())
    new = new_faults.get(place.file, Counter())
    own = (issue.rule, issue.place.pointer, issue.message)
    if new[own] >= known[own] > 0:
        return True
    holder = place.pointer.rpartition("/")[0]
    pointer = place.pointer
    if place.key and trial.value:
        pointer = holder + format_pointer([parse_json(trial.value.encode())])
    # What has another name, or is gone, may be missing from what held it.
    reaches_holder = place.key or not trial.value
    return any(
        count > known[fault]
        for fault, count in new.items()
        if fault[1] == pointer
        or fault[1].startswith(f"{pointer}/")
        or (reaches_holder and fault[1] == holder)
    )
