"""The rules of a project's own: a question in SQL each, in rules/NAME.sql, that must have no answer."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from bmkit.errors import BmkitError, StopReason
from bmkit.issue import Severity
from bmkit.jsontext import JsonError, decode_utf8
from bmkit.rule_doc import RuleDoc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.project_files import ProjectFiles

RULES_FOLDER = "rules"
RULE_SUFFIX = ".sql"
OWN_FAMILY = "own"
_MAX_BYTES = 100_000
_MAX_RULES = 200
_KEYS = ("id", "severity", "title", "message", "hint", "kind", "why")
_NEEDED_KEYS = ("id", "severity", "message")
_HEAD_LINE = re.compile(r"--[ \t]*(?:(?P<key>[a-z]+):[ \t]*(?P<value>.*?))?[ \t]*")
_RULE_ID = re.compile(rf"{OWN_FAMILY}\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)


class RuleFileError(BmkitError):
    """A file in rules/ that is no rule, or asks what cannot be answered; `line` counts from 1."""

    def __init__(self, file: str, line: int, message: str, prefix: str = "") -> None:
        super().__init__(f"{prefix}{file}:{line}: {message}")
        self._reason = StopReason(message, file, line)

    @property
    def reasons(self) -> list[StopReason]:
        """What is wrong, and where."""
        return [self._reason]


class OwnRule(NamedTuple):
    """A rule of the project: the head of its file, and the question with the line that it begins in.

    `message` and `hint` may have names of columns in braces.  `kind` is the kind of the records that it
    answers, "" where a column says so.
    """

    file: str
    id: str
    severity: Severity
    title: str
    message: str
    hint: str
    kind: str
    why: str
    query: str
    line: int

    @property
    def doc(self) -> RuleDoc:
        """The rule as the handbook shows it."""
        return RuleDoc(
            self.id,
            self.severity.value,
            self.title,
            self.why,
            self.hint,
            (),
            (),
            bad_in_words=f"what answers this:\n{self.query}",
        )


def read_own_rules(files: ProjectFiles, prefix: str = "") -> tuple[OwnRule, ...]:
    """Return the rules of the project with these files, by the name of their files.

    RuleFileError if a file is no rule, or has the id of another; `prefix` stands before the names of files.
    """
    if not files.is_folder(RULES_FOLDER):
        return ()
    names = [entry.name for entry in files.list_folder(RULES_FOLDER) if entry.name.endswith(RULE_SUFFIX)]
    if len(names) > _MAX_RULES:
        raise RuleFileError(
            f"{RULES_FOLDER}/{names[_MAX_RULES]}", 1, f"there are more than {_MAX_RULES} rules", prefix
        )
    rules: dict[str, OwnRule] = {}
    for name in names:
        path = f"{RULES_FOLDER}/{name}"
        try:
            text = decode_utf8(files.read_file(path, _MAX_BYTES)).removeprefix("\ufeff")
        except JsonError as error:
            raise RuleFileError(path, 1, error.message, prefix) from None
        rule = _parse_rule(path, text, prefix)
        if rule.id in rules:
            raise RuleFileError(path, 1, f"{rules[rule.id].file} has the id {rule.id}, too", prefix)
        rules[rule.id] = rule
    return tuple(rules.values())


def _parse_rule(path: str, text: str, prefix: str) -> OwnRule:
    head: dict[str, str] = {}
    lines = text.splitlines()
    count = 0
    for key, value in _iter_head(lines):
        count += 1
        if key and key not in _KEYS:
            raise RuleFileError(path, count, f'"{key}" is none of {", ".join(_KEYS)}', prefix)
        if key in head:
            raise RuleFileError(path, count, f'"{key}" stands there twice', prefix)
        if key:
            head[key] = value
    for key in _NEEDED_KEYS:
        if not head.get(key):
            raise RuleFileError(path, 1, f'the head needs a line "-- {key}: …"', prefix)
    if not _RULE_ID.fullmatch(head["id"]):
        form = f'"{OWN_FAMILY}." and small letters, digits and hyphens'
        raise RuleFileError(path, 1, f"the id {head['id']} is not {form}", prefix)
    if head["severity"] not in {severity.value for severity in Severity}:
        raise RuleFileError(path, 1, f"the severity {head['severity']} is neither error nor warning", prefix)
    query = "\n".join(lines[count:])
    if not query.strip():
        raise RuleFileError(path, count, "there is no question below the head", prefix)
    return OwnRule(
        path,
        head["id"],
        Severity(head["severity"]),
        head.get("title") or f"{os.path.basename(path)} has an answer.",
        head["message"],
        head.get("hint", ""),
        head.get("kind", ""),
        head.get("why", "The project says so."),
        query,
        count + 1,
    )


def _iter_head(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield key and value of the comments that a file begins with, "" for those without a key."""
    for line in lines:
        match = _HEAD_LINE.fullmatch(line)
        if match is None:
            if line.startswith("--"):
                yield "", ""
                continue
            return
        yield match["key"] or "", match["value"] or ""
