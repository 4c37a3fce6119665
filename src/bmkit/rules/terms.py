"""Terms: one word, one meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.content import TERMS_FOLDER
from bmkit.issue import Severity
from bmkit.rules.derived.comparable_terms import list_comparable_terms, take_first
from bmkit.rules.derived.hierarchy import find_lineage
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart

_MAX_NAMESAKES = 32


@rule(Severity.ERROR)
def ambiguous_name(content: Content) -> Faults:
    """Two terms of one kind share a name.

    In drop-downs, sheets and sentences nobody can tell which of them is meant.
    """
    first_by_name: dict[tuple[Hashable, ...], Record] = {}
    for record in list_comparable_terms(content):
        for parts, name in _iter_term_names(record):
            kind_and_name = (record.kind.name, _normalize_name(name))
            first_term = take_first(first_by_name, record.folder, kind_and_name, record)
            if first_term is not record and content.is_judged(record):
                message = f'"{name}" is also a name of "{first_term.id}"'
                yield record.locate_field(*parts), message, "give each its own name, or make them one term"


@rule(Severity.WARNING)
def repeated_name(content: Content) -> Faults:
    """A term has the same name twice.

    The other name that was meant is missing, and lists of names show this one twice.
    """
    for record in list_comparable_terms(content):
        seen_names: set[str] = set()
        for parts, name in _iter_term_names(record):
            if _normalize_name(name) in seen_names and content.is_judged(record):
                yield (
                    record.locate_field(*parts),
                    f'"{name}" is already a name of this term',
                    "remove it, or correct it",
                )
            seen_names.add(_normalize_name(name))


@rule(Severity.ERROR)
def conflicting_codes(content: Content) -> Faults:
    """Two terms of different kinds have one name and different codes in one system.

    For the terminology they are two things, so one name is not enough for both.
    """
    first_terms: dict[tuple[str, str], dict[Hashable, Record]] = {}
    for record in list_comparable_terms(content):
        label, own_codes = record.value.get("label"), _group_codes_by_system(record)
        if not isinstance(label, str) or not own_codes:
            continue
        normal_label = _normalize_name(label)
        if content.is_judged(record):
            for folder in dict.fromkeys((TERMS_FOLDER, record.folder)):
                namesakes = first_terms.get((folder, normal_label), {}).values()
                conflict = _find_conflicting_code(record, own_codes, namesakes)
                if conflict is not None:
                    namesake, system = conflict
                    message = (
                        f'"{label}" has other {system} codes in the {namesake.kind.name} "{namesake.id}"'
                    )
                    hint = "correct a code, or give each its own label"
                    yield record.locate_field("label"), message, hint, (namesake.locate_field("codes"),)
                    break
        # Of terms with the same codes the first is enough; and nobody looks at more than so many.
        namesakes_by_codes = first_terms.setdefault((record.folder, normal_label), {})
        if len(namesakes_by_codes) < _MAX_NAMESAKES:
            codes = frozenset((system, code) for system in own_codes for code in own_codes[system])
            namesakes_by_codes.setdefault((record.kind.name, codes), record)


def _find_conflicting_code(
    record: Record, own_codes: dict[str, set[str]], namesakes: Iterable[Record]
) -> tuple[Record, str] | None:
    """Return the first term of another kind that has other codes of a system, and the system."""
    for namesake in namesakes:
        codes = _group_codes_by_system(namesake) if namesake.kind.name != record.kind.name else {}
        for system, own_codes_of_system in own_codes.items():
            if system in codes and own_codes_of_system.isdisjoint(codes[system]):
                return namesake, system
    return None


@rule(Severity.WARNING)
def no_way(content: Content) -> Faults:
    """A route does not say where it leads, and neither does a route that it belongs to.

    The rules that guard doses ask for that, and not for the name of the route: a tablet in a vein, or a dose
    that is usual by mouth only, passes without a word.
    """
    for record in content.list_records_of_role("route"):
        lineage = find_lineage(content, record.kind.name, record.id, record)
        routes = (content.find_record(record.kind.name, route_id, record) for route_id in lineage)
        if all(route is None or route.find_value("way") is None for route in routes):
            message = f'the route "{record.id}" does not say where it leads'
            yield record.locate_field("id"), message, _make_meaning_hint(record, "way")


@rule(Severity.WARNING)
def no_state(content: Content) -> Faults:
    """A form does not say what it is: a tablet, a solution for infusion, a patch.

    The rules about how forms are given and taken ask for that, and not for the name of the form: they say
    nothing of a patch that is swallowed, or of eye drops into a vein.
    """
    for record in content.list_records_of_role("form"):
        if record.find_value("state") is None:
            message = f'the form "{record.id}" does not say what it is'
            yield record.locate_field("id"), message, _make_meaning_hint(record, "state")


@rule(Severity.WARNING)
def no_characteristics(content: Content) -> Faults:
    """A population has a name, and nothing that tells who belongs to it.

    Whether a dose, limit or warning for these patients also holds for others then remains unknown: the dose
    of an adult is not held against that of a child.
    """
    for record in content.list_records_of_role("population"):
        parts = (field.part for field in record.kind.fields if field.name in record.value)
        if "population" not in parts:
            message = f'the population "{record.id}" does not say who belongs to it'
            hint = f"{_make_meaning_hint(record, 'bands')}, an empty list if everybody does"
            yield record.locate_field("id"), message, hint


def _make_meaning_hint(record: Record, role: str) -> str:
    """Return the field to add to a term; where its kind has none, the field that the kind needs."""
    field = record.kind.find_role_field(role)
    return f"add {field.name}" if field is not None else f"give its kind a field {role.replace('-', '_')}"


def _iter_term_names(record: Record) -> Iterator[tuple[tuple[PathPart, ...], str]]:
    """Yield the names of a term except those quoted from the article, which may be ambiguous."""
    for field_name in ("label", "synonyms"):
        if field_name in record.kind:
            yield from record.list_values_with_paths(record.kind.get_field(field_name))


def _group_codes_by_system(record: Record) -> dict[str, set[str]]:
    codes_by_system: dict[str, set[str]] = {}
    for code in record.value.get("codes", ()):
        codes_by_system.setdefault(code["system"], set()).add(code["code"])
    return codes_by_system


def _normalize_name(name: str) -> str:
    return " ".join(name.casefold().split())
