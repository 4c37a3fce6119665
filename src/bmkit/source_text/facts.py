"""What a fact states field by field, and whether a reading of its words states that, too."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from bmkit.content import per_content
from bmkit.quoting import format_full_quote
from bmkit.review.signature import sort_sets
from bmkit.rules.derived.amounts import Amount, is_quantity, normalize_size, to_amount
from bmkit.source_text.reading import (
    UNREAD_FIELDS,
    Reading,
    ReadQuantity,
    digest_text,
    format_fraction,
    list_word_fields,
)
from bmkit.ucum.dimensions import convert_between, share_dimension
from bmkit.ucum.parse import UnitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bmkit.content import Content, Record
    from bmkit.issue import PathPart
    from bmkit.schema import Field

QUANTITY, REFERENCE, WORD = "quantity", "reference", "word"
_UNHELD_FIELDS = ("id", "notes", "source")
_YES, NO_POLE = "yes", "no"
_COUNT, _ORDINAL = "1", "#"
_COMPOSED_ROLES = ("population", "outcome")
_MAX_DEPTH = 3
_ONE = (Fraction(1), Fraction(1))


class Claim(NamedTuple):
    """One value of a fact that its text must state: a quantity, a term or a word of a closed list.

    `parts` is the way to it in the record, list positions included; whole numbers are quantities.
    """

    sort: str
    field: Field
    parts: tuple[PathPart, ...]
    value: Any

    @property
    def path(self) -> str:
        """The names from the record down, as a note names what it excuses: "dose"."""
        return ".".join(part for part in self.parts if isinstance(part, str))


class Held(NamedTuple):
    """A claim held against a reading: `missing` has the parts that it does not state ("value", "unit").

    "" among them is all of it.  What is `excused` is missing, and a note says why.
    """

    claim: Claim
    missing: tuple[str, ...] = ()
    is_excused: bool = False

    @property
    def is_stated(self) -> bool:
        """Whether the words state it."""
        return not self.missing

    @property
    def missing_paths(self) -> list[str]:
        """What is missing, as a note names what it excuses: "dose.unit", or "dose" for all of it."""
        return [f"{self.claim.path}.{part}" if part else self.claim.path for part in self.missing]


def list_claims(record: Record, content: Content) -> list[Claim]:
    """List what the text of a fact must state: numbers, terms and words of closed lists."""
    kind = record.kind
    number_fields = [field for field in kind.fields if field.type in {"integer", "number"}]
    reference_fields = [field for field in kind.reference_fields if _leads_to_named_term(field, content)]
    fields_by_sort = {
        QUANTITY: (*kind.quantity_fields, *number_fields),
        REFERENCE: reference_fields,
        WORD: list_word_fields(kind),
    }
    return [
        Claim(sort, field, tuple(parts), value)
        for sort, fields in fields_by_sort.items()
        for field in fields
        if field.is_named and field.path[0] not in UNREAD_FIELDS and field.path[0] in record.value
        for parts, value in record.list_values_with_paths(field)
    ]


def _leads_to_named_term(field: Field, content: Content) -> bool:
    if field.target_kind not in content.schemas:
        return False
    kind = content.schemas.get_kind(field.target_kind)
    return kind.group == "term" and kind.is_named


def list_excuses(record: Record) -> list[str]:
    """List the paths of fields that a note of the record explains: "dose", "dose.unit"."""
    notes = record.value.get("notes")
    return [
        path
        for note in (notes if isinstance(notes, list) else ())
        if isinstance(note, dict)
        for path in note.get("explains", ())
        if isinstance(path, str)
    ]


def hold_fact(
    record: Record, reading: Reading, context_terms: frozenset[str], content: Content
) -> list[Held]:
    """Hold each value of a fact against what was read in its spans; context only names terms."""
    named = _expand_terms(reading.terms | context_terms, record, content)
    claims = list_claims(record, content)
    is_negative = any(
        claim.sort == WORD and (claim.field.poles or {}).get(claim.value) == NO_POLE for claim in claims
    )
    quantities = [claim for claim in claims if claim.sort == QUANTITY]
    excuses = list_excuses(record)
    held = []
    for claim in claims:
        if claim.sort == QUANTITY:
            missing = _find_missing_parts(claim, quantities, reading.quantities, is_negative=is_negative)
        elif claim.sort == REFERENCE:
            missing = () if _is_named(claim, named, record, content) else ("",)
        else:
            missing = () if _is_worded(claim, reading) else ("",)
        held.append(Held(claim, missing, bool(missing) and _is_excused(claim, missing, excuses)))
    return held


def select_stating(record: Record, readings: Iterable[ReadQuantity], content: Content) -> set[ReadQuantity]:
    """Return those of some readings that state a number of a fact, or do but for what a note excuses."""
    claims = list_claims(record, content)
    excuses = list_excuses(record)
    quantities = [claim for claim in claims if claim.sort == QUANTITY]
    amounts = [_to_wanted_amount(claim) for claim in quantities]
    return {
        reading
        for reading in readings
        for claim, amount in zip(quantities, amounts, strict=True)
        for missing in [
            _compare_with(amount, claim, [other for other in amounts if other is not amount], reading)
        ]
        if not missing or _is_excused(claim, missing, excuses)
    }


def _is_excused(claim: Claim, missing: Sequence[str], excuses: Sequence[str]) -> bool:
    path = claim.path
    if any(excuse == path or path.startswith(f"{excuse}.") for excuse in excuses):
        return True
    return all(f"{path}.{part}" in excuses for part in missing)


def _is_worded(claim: Claim, reading: Reading) -> bool:
    """Return whether a word of a closed list is read, or one of the same pole and none of another."""
    if claim.value in reading.words:
        return True
    poles = claim.field.poles or {}
    pole = poles.get(claim.value)
    if pole is None:
        return False
    read_poles = {poles[word] for word in reading.words if word in poles}
    if reading.negations and NO_POLE in poles.values():
        read_poles.add(NO_POLE)
    if pole == _YES and not read_poles:
        # Nothing is denied.
        return not reading.negations
    return read_poles == {pole}


def find_opposite(claim: Claim, reading: Reading) -> str:
    """Return the words that say the opposite of a word that is not stated, "" if there are none."""
    poles = claim.field.poles or {}
    pole = poles.get(claim.value)
    read_poles = {poles[word] for word in reading.words if word in poles}
    if pole is None or pole in read_poles:
        return ""
    words = ", ".join(sorted(f'"{word}"' for word in reading.words if word in poles))
    return words or ('"not"' if pole == _YES and reading.negations else "")


def _expand_terms(keys: frozenset[str], record: Record, content: Content) -> frozenset[str]:
    """Return what is named with what names its place: a tumour names the organ that it starts in."""
    places: set[str] = set()
    for key in keys:
        kind_name, _, term_id = key.partition("/")
        term = content.find_record(kind_name, term_id, record)
        if term is not None and term.kind.role == "condition":
            field = term.kind.find_role_field("site")
            if field is not None:
                places.update(f"{field.target_kind}/{target_id}" for target_id in term.list_values(field))
    return keys | places


def _is_named(claim: Claim, named: frozenset[str], record: Record, content: Content) -> bool:
    term = content.find_record(claim.field.target_kind, claim.value, record)
    return f"{claim.field.target_kind}/{claim.value}" in named or (
        term is not None and _is_composed(term, named, content, _MAX_DEPTH)
    )


def _is_composed(term: Record, named: frozenset[str], content: Content, depth: int) -> bool:
    """Return whether a group of patients or an outcome is named by all that it is made of."""
    if term.kind.role not in _COMPOSED_ROLES or not depth:
        return False
    members = [
        (field.target_kind, target_id)
        for field in term.kind.reference_fields
        if field.target_kind != term.kind.name and field.path[0] not in UNREAD_FIELDS
        for target_id in term.list_values(field)
    ]
    return bool(members) and all(
        f"{kind_name}/{target_id}" in named
        or (
            (member := content.find_record(kind_name, target_id, term)) is not None
            and _is_composed(member, named, content, depth - 1)
        )
        for kind_name, target_id in members
    )


def _find_missing_parts(
    claim: Claim, quantities: Sequence[Claim], readings: frozenset[ReadQuantity], *, is_negative: bool
) -> tuple[str, ...]:
    """Return the parts of a quantity that no reading states; of several readings the nearest counts."""
    wanted = _to_wanted_amount(claim)
    others = [_to_wanted_amount(other) for other in quantities if other is not claim]
    nearest: tuple[str, ...] = ("",)
    for quantity in readings:
        if quantity.is_denied and not is_negative:
            continue
        missing = _compare_with(wanted, claim, others, quantity)
        if not missing:
            return ()
        if missing != ("",) and (nearest == ("",) or len(missing) < len(nearest)):
            nearest = missing
    return nearest


def to_stated_quantity(claim: Claim) -> ReadQuantity:
    """Return a quantity of a fact as a text states it."""
    amount = _to_wanted_amount(claim)
    return ReadQuantity(amount.low, amount.high, amount.unit, amount.comparator)


def _to_wanted_amount(claim: Claim) -> Amount:
    if is_quantity(claim.value):
        return to_amount(claim.value, claim.field.dimension)
    number = Fraction(claim.value)
    return Amount(number, number, _COUNT)


def _compare_with(
    wanted: Amount, claim: Claim, others: Sequence[Amount], quantity: ReadQuantity
) -> tuple[str, ...]:
    """Return the parts of an amount that one reading does not state: of another number all, ("",)."""
    numerator, slash, time = quantity.unit.rpartition("/")
    comparator_part = () if quantity.comparator == wanted.comparator else ("comparator",)
    ends = (quantity.low, quantity.high)
    if quantity.unit == _ORDINAL:
        is_same = not is_quantity(claim.value) and ends == wanted[:2]
        return comparator_part if is_same else ("",)
    if _agree(wanted, claim, ends, quantity.unit):
        return comparator_part
    if slash:
        has_time = any(_agree_exactly(other, Fraction(1), time) for other in others)
        if not wanted.comparator and _agree_exactly(wanted, Fraction(1), time):
            # Two a day are no interval of a day.
            return () if numerator or ends == _ONE else ("",)
        if claim.field.role == "times-per-day" and not numerator:
            return comparator_part if time == "d" and ends == wanted[:2] else ("",)
        if _agree(wanted, claim, ends, numerator or _COUNT):
            return comparator_part if has_time else ("unit", *comparator_part)
    if ends == wanted[:2]:
        return ("unit", *comparator_part)
    return ("",)


def _agree_exactly(amount: Amount, number: Fraction, unit: str) -> bool:
    if not share_dimension(amount.unit, unit, amount.dimension):
        return False
    return convert_between(number, unit, amount.unit, amount.dimension) == amount.low == amount.high


def _agree(wanted: Amount, claim: Claim, ends: tuple[Fraction, Fraction], unit: str) -> bool:
    """Return whether a reading has the ends of an amount, in whatever unit of its dimension.

    A fraction such as a third agrees with 33 or 33.3 %, by the decimals that the fact gives.
    """
    if not share_dimension(wanted.unit, unit, wanted.dimension) and {wanted.unit, unit} != {"%", _COUNT}:
        return False
    for stated, name, number in zip(wanted[:2], ("low", "high"), ends, strict=True):
        if {wanted.unit, unit} == {"%", _COUNT}:
            # Of a bare number only a fraction is a share.
            if unit != _COUNT or not 0 < number < 1:
                return False
            converted = number * 100
        else:
            try:
                converted = convert_between(number, unit, wanted.unit, wanted.dimension)
            except UnitError:
                return False
        if converted != stated and not (
            number.denominator % 3 == 0 and _rounds_to(converted, claim.value, name)
        ):
            return False
    return True


def _rounds_to(number: Fraction, value: Any, name: str) -> bool:
    token: Any = value.get(name, value.get("value")) if isinstance(value, dict) else value
    _, _, decimals = str(token).partition(".")
    return round(number, len(decimals)) == Fraction(token)


@per_content
def _cached_locks(_: Content) -> dict[int, str]:
    return {}


def lock_fact(record: Record, content: Content) -> str:
    """Return the digest of a fact as it stands, whatever its id, its notes and the notation of its numbers.

    It covers the digests of its spans, and the numbers of the terms that it refers to.
    """
    locks = _cached_locks(content)
    if id(record) not in locks:
        locks[id(record)] = digest_text("\n".join([record.kind.name, *_iter_lock_lines(record, content)]))
    return locks[id(record)]


def _iter_lock_lines(record: Record, content: Content) -> Iterator[str]:
    for field in record.kind.fields:
        if field.name in record.value and field.name not in _UNHELD_FIELDS:
            value = _to_base_units(record.value[field.name], field)
            yield f"{field.name}={format_full_quote(sort_sets(value, field))}"
    for span in list_spans(record):
        yield f"{span.get('as', 'span')}={span.get('digest')}"
    for field in record.kind.reference_fields:
        for target_id in record.list_values(field) if field.path[0] not in _UNHELD_FIELDS else ():
            term = content.find_record(field.target_kind, target_id, record)
            if term is not None and term.kind.group == "term":
                for quantity_field in term.kind.quantity_fields:
                    for value in term.list_values(quantity_field):
                        size = format_full_quote(_to_base_units(value, quantity_field))
                        yield f"{'.'.join(field.path)}.{'.'.join(quantity_field.path)}={size}"


def _to_base_units(value: Any, field: Field) -> Any:
    """Return a value with its quantities in the first unit of their dimension."""
    if isinstance(value, list):
        return [_to_base_units(item, field) for item in value]
    if not isinstance(value, dict):
        return value
    if field.type == "quantity" and is_quantity(value):
        size = normalize_size(to_amount(value, field.dimension))
        ends = "..".join(format_fraction(end) for end in dict.fromkeys(size[:2]))
        return f"{value.get('comparator', '')}{ends} {size.unit}"
    members = {member.name: member for member in field.fields}
    return {
        name: _to_base_units(member, members[name]) if name in members else member
        for name, member in value.items()
    }


def list_spans(record: Record) -> list[dict[str, Any]]:
    """List the spans of a fact's source."""
    source = record.value.get("source")
    spans = source.get("spans") if isinstance(source, dict) else None
    return spans if isinstance(spans, list) else []


def list_headings(record: Record, content: Content) -> list[dict[str, Any]]:
    """List the heading spans that are context of a fact: those of the sections of its spans, and above."""
    source = record.value.get("source")
    if not isinstance(source, dict):
        return []
    section_ids = [source.get("section"), *(span.get("section") for span in list_spans(record))]
    sections: dict[str, Record] = {}
    pending = [section_id for section_id in section_ids if isinstance(section_id, str)]
    while pending:
        section = content.find_record("section", pending.pop(), record)
        if section is not None and section.id not in sections:
            sections[section.id] = section
            pending += [parent for parent in (section.value.get("parent"),) if isinstance(parent, str)]
    return [heading for section in sections.values() if (heading := section.value.get("heading")) is not None]


def read_fact(
    record: Record, content: Content, read: Callable[[dict[str, Any]], Reading]
) -> tuple[Reading, frozenset[str]]:
    """Return what the spans of a fact state, and the terms that its context names.

    `read` returns what was read in a span.
    """
    stated, context_terms = Reading(), frozenset[str]()
    for span in list_spans(record):
        reading = read(span)
        if span.get("as") == "context":
            context_terms |= reading.terms
        else:
            stated = stated.join(reading)
    for heading in list_headings(record, content):
        context_terms |= read(heading).terms
    return stated, context_terms
