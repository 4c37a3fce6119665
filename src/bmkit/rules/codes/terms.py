"""Valid codes on the wrong terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import TERMS_FOLDER, per_content
from bmkit.issue import Severity
from bmkit.rules.derived.codings import Coding, find_codings, find_comparable_codings
from bmkit.rules.derived.comparable_terms import list_comparable_terms, take_first
from bmkit.rules.derived.hierarchy import find_lineage
from bmkit.rules.derived.roles import find_role_text
from bmkit.rules.rule import Faults, rule
from bmkit.wording import join_phrases

if TYPE_CHECKING:
    from collections.abc import Hashable

    from bmkit.content import Content, Record

# The origin of a tumour is stated twice: as a site, and by the topography code.
_TOPOGRAPHY_SYSTEM = "ICD-O-3"
_TOPOGRAPHY_CATEGORY_LENGTH = 3


@rule(Severity.ERROR)
def shared(content: Content) -> Faults:
    """Two terms of a kind have the same code, and neither notes that it is not exact.

    Programs take the two for one term; at least one of them has the code of the other.
    """
    first_by_code: dict[tuple[Hashable, ...], Coding] = {}
    for coding in find_comparable_codings(content):
        if not coding.note:
            kind_and_code = (coding.record.kind.name, coding.system, coding.code)
            first_coding = take_first(first_by_code, coding.record.folder, kind_and_code, coding)
            if first_coding.record is not coding.record and content.is_judged(coding.record):
                message = f'{coding.system} {coding.code} is already the code of "{first_coding.record.id}"'
                yield (
                    coding.locate_member("code"),
                    message,
                    "correct one of them, or state in a note how they differ",
                )


@rule(Severity.ERROR)
def display_of_another_term(content: Content) -> Faults:
    """A term has the code of another term, as the display name of the code shows.

    A line was copied, or shifted in a table: everything counted by the code counts for the wrong term.  Names
    are not compared if the lock states the terms of the code.
    """
    for coding in find_codings(content):
        locked_code = content.code_lock.find_code(coding.system, coding.code)
        if not coding.note and (locked_code is None or locked_code.terms is None):
            name = coding.display.casefold()
            namesakes = [
                namesake
                for folder in dict.fromkeys((coding.record.folder, TERMS_FOLDER))
                for namesake in _group_terms_by_name(content).get((folder, coding.record.kind.name, name), ())
            ]
            if namesakes and coding.record not in namesakes:
                other_term = f'the name of "{namesakes[0].id}"'
                message = f'{coding.system} {coding.code} is "{coding.display}", {other_term}'
                yield (
                    coding.locate_member("code"),
                    message,
                    "correct the code, or state in a note why it is right",
                )


@rule(
    Severity.ERROR,
    fix="give the term its own code, or add it to the terms of the code in content/codes.lock.tsv",
)
def wrong_term(content: Content) -> Faults:
    """A term has a code that the lock lists for other terms only.

    Code and display name match, but programs still take one thing for another.  The terms of a code are in
    the column terms of the lock; a lock without the column is not compared.
    """
    for coding in find_codings(content):
        locked_code = content.code_lock.find_code(coding.system, coding.code)
        term_path = f"{coding.record.kind.name}/{coding.record.id}"
        if locked_code is not None and locked_code.terms is not None and term_path not in locked_code.terms:
            locked_terms_text = join_phrases([f'"{term}"' for term in locked_code.terms]) or "no term yet"
            yield (
                coding.locate_member("code"),
                f'{coding.system} {coding.code}, "{locked_code.display}", is locked for {locked_terms_text}',
                f'correct it, or add "{term_path}" to its terms in content/codes.lock.tsv',
                (locked_code.display, locked_terms_text),
            )


@rule(
    Severity.WARNING,
    source="World Health Organization, International Classification of Diseases for Oncology, third edition",
)
def wrong_topography(content: Content) -> Faults:
    """The topography code of a tumour does not match the site of its origin.

    One of the two is wrong: registries count tumours by the code, readers see the site.
    """
    for coding in find_codings(content):
        record = coding.record
        # Of a tumour, or another condition, the site is where it starts.
        origin_field = record.kind.find_role_field("site") if record.kind.role == "condition" else None
        origin_id = find_role_text(record, "site")
        if (
            coding.system == _TOPOGRAPHY_SYSTEM
            and "/" not in coding.code
            and origin_field is not None
            and origin_id
        ):
            origin_kind = origin_field.target_kind
            site_codes = [
                code
                for site_id in find_lineage(content, origin_kind, origin_id, record)
                for folder in content.list_reachable_folders(record.folder)
                for code in _group_topography_codes(content).get((folder, origin_kind, site_id), ())
            ]
            if not site_codes or not content.is_complete(record, origin_kind):
                continue
            if not any(
                code[:_TOPOGRAPHY_CATEGORY_LENGTH] == coding.code[:_TOPOGRAPHY_CATEGORY_LENGTH]
                for code in site_codes
            ):
                message = (
                    f'topography {coding.code} does not match the origin "{origin_id}" ({site_codes[0]})'
                )
                against = (origin_id, site_codes[0])
                yield coding.locate_member("code"), message, "correct the code or the origin", against


@per_content
def _group_topography_codes(content: Content) -> dict[tuple[str, str, str], list[str]]:
    """Return the topography codes by folder, kind and id of their terms."""
    codes_by_term: dict[tuple[str, str, str], list[str]] = {}
    for coding in find_comparable_codings(content):
        if coding.system == _TOPOGRAPHY_SYSTEM:
            key = (coding.record.folder, coding.record.kind.name, coding.record.id)
            codes_by_term.setdefault(key, []).append(coding.code)
    return codes_by_term


@per_content
def _group_terms_by_name(content: Content) -> dict[tuple[str, str, str], list[Record]]:
    """Return the terms by folder, kind and name in lower case."""
    terms_by_name: dict[tuple[str, str, str], list[Record]] = {}
    for term in list_comparable_terms(content):
        if "codes" in term.kind and "label" in term.kind:
            synonyms = term.value.get("synonyms")
            names = [term["label"], *(synonyms if isinstance(synonyms, list) else ())]
            for name in {name.casefold() for name in names if isinstance(name, str)}:
                terms_by_name.setdefault((term.folder, term.kind.name, name), []).append(term)
    return terms_by_name
