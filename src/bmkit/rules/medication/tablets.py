"""Tablets: whether a dose can be made of them as their instructions allow."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.derived.amounts import (
    Amount,
    agree_on,
    convert_to,
    find_quantity,
    find_text,
    format_amount,
    make_quantity_fault,
    to_amount,
)
from bmkit.rules.derived.facts import ALLOWING_STANCES, FORBIDDING_STANCES
from bmkit.rules.derived.hierarchy import iter_visible_records
from bmkit.rules.medication.regimens import DOSE_FIELDS, SOLID_FORMS, find_same_product_records, has_form
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content, Record

_SWALLOWING_WHOLE = "swallowing-whole"
_BREAKING_ACTIVITIES = ("dividing", "crushing", "dissolving", "chewing", "sucking")
# Without an instruction on dividing, a tablet may have a score line.
_DEFAULT_PARTS = Fraction(2)
# A dose of more pieces than this is not computed; nobody would swallow it.
_MAX_PIECES = 2000


def _make_tablet_strength(milligrams: int) -> dict[str, Any]:
    return {"value": milligrams, "unit": "mg"}


def _make_tablet_example(daily_dose: int, stance: str = "required", *strengths: int) -> dict[str, Any]:
    return {
        "regimen": [
            {
                "id": "one",
                "product": "bonefos",
                "form": "tablet",
                "daily_dose": {"value": daily_dose, "unit": "mg/d"},
            }
        ],
        "presentation": [
            {
                "id": f"tablet-{milligrams}",
                "product": "bonefos",
                "form": "tablet",
                "strength": _make_tablet_strength(milligrams),
            }
            for milligrams in strengths or (400, 800)
        ],
        "instruction": [
            {"id": "whole", "product": "bonefos", "activity": _SWALLOWING_WHOLE, "stance": stance}
        ],
    }


def _make_tablet_instruction(
    instruction_id: str, activity: str, strength: int, **fields: Any
) -> dict[str, Any]:
    instruction = {
        "id": instruction_id,
        "product": "bonefos",
        "form": "tablet",
        "strength": _make_tablet_strength(strength),
    }
    return {**instruction, "activity": activity, "stance": "required", **fields}


@rule(
    Severity.ERROR,
    good=[_make_tablet_example(2000), _make_tablet_example(200, "not recommended", 400)],
    bad=[_make_tablet_example(1000), _make_tablet_example(1200, "required", 800)],
)
def indivisible_dose(content: Content) -> Faults:
    """A dose cannot be made up of whole tablets, and they must not be divided.

    Patients who try take another dose than the stated one, or break what protects the medicine or the gullet.
    """
    for record in content.list_records("regimen"):
        has_all_kinds = content.is_complete(record, "presentation", "instruction", "form", "route")
        piece_strengths = _find_tablet_pieces(record, content) if has_all_kinds else []
        for field_name in DOSE_FIELDS:
            dose = find_quantity(record, field_name)
            if dose is None or dose.is_bounded() or not piece_strengths:
                continue
            dose_mass = dose._replace(unit=dose.unit.removesuffix("/d"))
            piece_sizes = [
                converted.high
                for piece_strength in piece_strengths
                if (converted := convert_to(piece_strength, dose_mass.unit)) is not None
            ]
            if not (
                _is_sum_of_pieces(dose_mass.low, piece_sizes)
                and _is_sum_of_pieces(dose_mass.high, piece_sizes)
            ):
                tablet_phrase = " or ".join(
                    sorted({format_amount(piece_strength) for piece_strength in piece_strengths})
                )
                verdict = f"cannot be made of pieces of {tablet_phrase}"
                hint = "correct the dose, or how it is taken"
                yield make_quantity_fault(record, field_name, verdict, hint, keep_comparator=True)


def _make_instruction_pair(activity: str, whole_stance: str, stance: str, **fields: Any) -> dict[str, Any]:
    whole_instruction = _make_tablet_instruction(
        "a", _SWALLOWING_WHOLE, 800, **{**fields, "stance": whole_stance}
    )
    return {
        "instruction": [
            whole_instruction,
            _make_tablet_instruction("b", activity, 800, **{**fields, "stance": stance}),
        ]
    }


@rule(
    Severity.ERROR,
    good=[
        {
            "instruction": [
                _make_tablet_instruction("a", _SWALLOWING_WHOLE, 400),
                _make_tablet_instruction("b", "dividing", 800),
            ]
        },
        _make_instruction_pair("chewing", "required", "contraindicated"),
        _make_instruction_pair("dividing", "not recommended", "required"),
        _make_instruction_pair("chewing", "contraindicated", "contraindicated", form="orodispersible-tablet"),
        {
            "instruction": [
                *_make_instruction_pair("chewing", "contraindicated", "contraindicated")["instruction"],
                _make_tablet_instruction("c", "dissolving", 800),
            ]
        },
    ],
    bad=[
        _make_instruction_pair("dividing", "required", "allowed"),
        _make_instruction_pair("chewing", "strictly prohibited", "contraindicated"),
    ],
)
def contradiction(content: Content) -> Faults:
    """A tablet must be swallowed whole but may be broken, or neither is allowed.

    Both instructions are about the same form and strength; a patient can follow only one of them, or none.
    """
    instructions_by_product: dict[tuple[str, str], list[Record]] = {}
    for record in content.list_records("instruction"):
        if find_text(record, "activity") in (_SWALLOWING_WHOLE, *_BREAKING_ACTIVITIES):
            instructions_by_product.setdefault((record.folder, find_text(record, "product")), []).append(
                record
            )
    for instructions in instructions_by_product.values():
        whole_instructions = [
            record for record in instructions if find_text(record, "activity") == _SWALLOWING_WHOLE
        ]
        breaking_instructions = [
            record for record in instructions if find_text(record, "activity") != _SWALLOWING_WHOLE
        ]
        for record in breaking_instructions:
            whole_instruction = next(
                (
                    candidate
                    for candidate in _select_same_tablet(record, whole_instructions)
                    if find_text(candidate, "stance") in ALLOWING_STANCES
                ),
                None,
            )
            if whole_instruction is not None and find_text(record, "stance") in ALLOWING_STANCES:
                stance_phrase = f'"{find_text(record, "activity")}" is {find_text(record, "stance")}'
                whole_stance = find_text(whole_instruction, "stance")
                message = (
                    f'{stance_phrase}, but swallowing whole is {whole_stance} in "{whole_instruction.id}"'
                )
                yield record.locate_field("activity"), message, "correct one of the two"
        for record in whole_instructions:
            same_tablet = _select_same_tablet(record, breaking_instructions)
            forbidden = [
                breaking_instruction
                for breaking_instruction in same_tablet
                if find_text(breaking_instruction, "stance") in FORBIDDING_STANCES
            ]
            # Forms that melt in the mouth have names of their own.
            is_all_forbidden = (
                forbidden
                and find_text(record, "form") in SOLID_FORMS
                and find_text(record, "stance") in FORBIDDING_STANCES
            )
            has_other_way = any(
                find_text(breaking_instruction, "stance") in ALLOWING_STANCES
                for breaking_instruction in same_tablet
            )
            if is_all_forbidden and not has_other_way and content.is_complete(record, "instruction"):
                message = (
                    f'neither swallowing whole nor "{find_text(forbidden[0], "activity")}" '
                    f'is allowed ("{forbidden[0].id}")'
                )
                yield record.locate_field("stance"), message, "correct the stance, or state how it is taken"


def _select_same_tablet(record: Record, instructions: Iterable[Record]) -> list[Record]:
    """Return the instructions that may be about the same tablet."""
    return [
        instruction
        for instruction in instructions
        if all(agree_on(record, instruction, field_name) for field_name in ("form", "strength"))
    ]


def _find_tablet_pieces(record: Record, content: Content) -> list[Amount]:
    """Return the pieces that a dose can be made of: whole tablets and capsules, or parts that may be cut."""
    smallest_pieces = _map_smallest_pieces(content)
    return [
        smallest_pieces[id(presentation)]
        for presentation in (
            find_same_product_records(record, content, "presentation") if smallest_pieces else ()
        )
        if id(presentation) in smallest_pieces and agree_on(record, presentation, "form")
    ]


@per_content
def _map_smallest_pieces(content: Content) -> dict[int, Amount]:
    """Return the smallest piece of every presentation that is a tablet or capsule of a stated strength."""
    return {
        id(presentation): _divide_presentation(
            presentation, iter_visible_records(content, "instruction", presentation)
        )
        for presentation in content.iter_reachable_records("presentation")
        if presentation.is_valid
        and find_quantity(presentation, "strength") is not None
        and has_form(presentation, content, *SOLID_FORMS)
    }


def _divide_presentation(presentation: Record, instructions: Iterable[Record]) -> Amount:
    """Return the strength of a presentation, or of the part into which it may be cut."""
    applicable = [
        instruction
        for instruction in instructions
        if all(
            agree_on(instruction, presentation, field_name) for field_name in ("product", "form", "strength")
        )
    ]
    must_stay_whole = any(
        (
            find_text(instruction, "activity") == _SWALLOWING_WHOLE
            and find_text(instruction, "stance") in ALLOWING_STANCES
        )
        or (
            find_text(instruction, "activity") == "dividing"
            and find_text(instruction, "stance") in FORBIDDING_STANCES
        )
        for instruction in applicable
    )
    dividing = [
        instruction
        for instruction in applicable
        if find_text(instruction, "activity") == "dividing"
        and find_text(instruction, "stance") in ALLOWING_STANCES
    ]
    part_counts = [find_quantity(instruction, "parts") for instruction in dividing]
    max_parts = max(
        (part_count.high for part_count in part_counts if part_count is not None),
        default=Fraction(1) if must_stay_whole else _DEFAULT_PARTS,
    )
    return to_amount(presentation["strength"]).multiply(1 / max(max_parts, Fraction(1)))


def _is_sum_of_pieces(dose: Fraction, piece_sizes: list[Fraction]) -> bool:
    """Return whether a dose is a sum of pieces of these sizes."""
    common_denominator = lcm(dose.denominator, *(size.denominator for size in piece_sizes))
    dose_units, piece_units = (
        int(dose * common_denominator),
        sorted({int(size * common_denominator) for size in piece_sizes if size > 0}),
    )
    if not piece_units or dose_units <= 0:
        return True
    common_divisor = gcd(*piece_units)
    if dose_units % common_divisor:
        return False
    dose_units, piece_units = dose_units // common_divisor, [piece // common_divisor for piece in piece_units]
    if dose_units > _MAX_PIECES * piece_units[-1]:
        return True
    reachable_sums = 1
    for piece in piece_units:
        # Each bit is a sum that can be made; doubling the shift adds any number of one piece.
        shift = piece
        while shift <= dose_units:
            reachable_sums |= reachable_sums << shift
            shift *= 2
    return bool(reachable_sums >> dose_units & 1)
