"""Tablets: whether a dose can be made of them as their instructions allow."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from bmkit.content import per_content
from bmkit.issue import Severity
from bmkit.rules.derived.amounts import Amount, convert_to, format_amount, normalize_size
from bmkit.rules.derived.facts import ALLOWING_STANCES, FORBIDDING_STANCES
from bmkit.rules.derived.roles import (
    agree_on_role,
    find_meaning,
    find_role_amount,
    find_role_text,
    locate_role,
    make_role_fault,
)
from bmkit.rules.medication.dosing import find_period_total
from bmkit.rules.medication.forms import PIECE_STATES, SWALLOWED_STATES, find_state
from bmkit.rules.medication.regimens import REGIMEN, find_same_product_records
from bmkit.rules.rule import Faults, rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bmkit.content import Content, Record

_SWALLOWING_WHOLE, _DIVIDING = "swallow whole", "divide"
_BREAKING = (_DIVIDING, "crush", "dissolve", "chew", "suck")
# Without an instruction on dividing, a tablet may have a score line.
_DEFAULT_PARTS = Fraction(2)
# A dose of more pieces than this is not computed; nobody would swallow it.
_MAX_PIECES = 2000
_MAX_PIECE_SIZES = 64
_NO_VALUE = repr(None)


@rule(Severity.ERROR)
def indivisible_dose(content: Content) -> Faults:
    """A dose cannot be made up of whole tablets, and they must not be divided.

    Patients who try take another dose than the stated one, or break what protects the medicine or the gullet.
    """
    for record in content.list_records_of_role(REGIMEN):
        has_all = content.has_all_of_roles(record, "presentation", "instruction", "form", "route")
        piece_strengths = _find_tablet_pieces(record, content) if has_all else []
        total = find_period_total(record)
        for role, dose in (
            ("dose", find_role_amount(record, "dose")),
            (total.role if total else "total", total.amount if total else None),
        ):
            if dose is None or dose.is_bounded() or not piece_strengths:
                continue
            piece_sizes = [
                converted.high
                for piece_strength in piece_strengths
                if (converted := convert_to(piece_strength, dose.unit)) is not None
            ]
            if not (_is_sum_of_pieces(dose.low, piece_sizes) and _is_sum_of_pieces(dose.high, piece_sizes)):
                tablet_phrase = " or ".join(
                    sorted({format_amount(piece_strength) for piece_strength in piece_strengths})
                )
                verdict = f"cannot be made of pieces of {tablet_phrase}"
                hint = "correct the dose, or how it is taken"
                yield make_role_fault(record, role, verdict, hint, (tablet_phrase,), keep_comparator=True)


@rule(Severity.ERROR)
def contradiction(content: Content) -> Faults:
    """A tablet must be swallowed whole but may be broken, or neither is allowed.

    Both instructions are about the same form and strength; a patient can follow only one of them, or none.
    """
    instructions_by_product: dict[tuple[str, str], list[tuple[str, Record]]] = {}
    for record in content.list_records_of_role("instruction"):
        action = _find_action(record, content)
        if action == _SWALLOWING_WHOLE or action in _BREAKING:
            key = (record.folder, find_role_text(record, "product"))
            instructions_by_product.setdefault(key, []).append((action, record))
    for instructions in instructions_by_product.values():
        whole_instructions = [record for action, record in instructions if action == _SWALLOWING_WHOLE]
        breaking_instructions = [record for action, record in instructions if action != _SWALLOWING_WHOLE]
        for record in breaking_instructions:
            whole_instruction = next(
                (other for other in _select_same_tablet(record, whole_instructions) if _allows(other)), None
            )
            if whole_instruction is not None and _allows(record):
                stance_phrase = (
                    f'"{find_role_text(record, "activity")}" is {find_role_text(record, "stance")}'
                )
                whole_stance = find_role_text(whole_instruction, "stance")
                message = (
                    f'{stance_phrase}, but swallowing whole is {whole_stance} in "{whole_instruction.id}"'
                )
                against = (_find_action(record, content), whole_instruction)
                yield locate_role(record, "activity"), message, "correct one of the two", against
        for record in whole_instructions:
            same_tablet = _select_same_tablet(record, breaking_instructions)
            forbidden = [instruction for instruction in same_tablet if _forbids(instruction)]
            # What melts in the mouth is neither swallowed whole nor broken.
            is_all_forbidden = (
                forbidden and find_state(record, content) in SWALLOWED_STATES and _forbids(record)
            )
            has_other_way = any(_allows(instruction) for instruction in same_tablet)
            if is_all_forbidden and not has_other_way and content.has_all_of_roles(record, "instruction"):
                message = (
                    f'neither swallowing whole nor "{find_role_text(forbidden[0], "activity")}" '
                    f'is allowed ("{forbidden[0].id}")'
                )
                hint = "correct the stance, or state how it is taken"
                against = (_find_action(forbidden[0], content), forbidden[0])
                yield locate_role(record, "stance"), message, hint, against


def _find_action(instruction: Record, content: Content) -> str:
    """Return what the activity of an instruction does to a tablet, "" if that is not known."""
    action = find_meaning(instruction, "activity", "does", content)
    return action if isinstance(action, str) else ""


def _allows(instruction: Record) -> bool:
    return find_role_text(instruction, "stance") in ALLOWING_STANCES


def _forbids(instruction: Record) -> bool:
    return find_role_text(instruction, "stance") in FORBIDDING_STANCES


def _select_same_tablet(record: Record, instructions: Iterable[Record]) -> list[Record]:
    """Return the instructions that may be about the same tablet."""
    return [
        instruction
        for instruction in instructions
        if all(agree_on_role(record, instruction, role) for role in ("form", "strength"))
    ]


def _find_tablet_pieces(record: Record, content: Content) -> list[Amount]:
    """Return the pieces that a dose can be made of: whole tablets and capsules, or parts that may be cut."""
    smallest_pieces = _map_smallest_pieces(content)
    if not smallest_pieces:
        return []
    presentations = find_same_product_records(record, content, "presentation")
    key, pieces_by_key = (id(presentations), repr(record.find_value("form"))), _get_pieces_cache(content)
    if key not in pieces_by_key:
        pieces = dict.fromkeys(
            smallest_pieces[id(presentation)]
            for presentation in presentations
            if id(presentation) in smallest_pieces and agree_on_role(record, presentation, "form")
        )
        # Of so many sizes any dose can be made.
        pieces_by_key[key] = list(pieces) if len(pieces) <= _MAX_PIECE_SIZES else []
    return pieces_by_key[key]


@per_content
def _get_pieces_cache(_: Content) -> dict[tuple[int, str], list[Amount]]:
    """Return a place to keep the pieces of a product, by the list of its presentations and the form."""
    return {}


@per_content
def _map_smallest_pieces(content: Content) -> dict[int, Amount]:
    """Return the smallest piece of every presentation that is a tablet or capsule of a stated strength."""
    return {
        id(presentation): _divide_presentation(presentation, strength, content)
        for presentation in content.iter_reachable_records_of_role("presentation")
        if presentation.is_valid
        and (strength := find_role_amount(presentation, "strength")) is not None
        and find_state(presentation, content) in PIECE_STATES
    }


def _divide_presentation(presentation: Record, strength: Amount, content: Content) -> Amount:
    """Return the strength of a presentation, or of the part into which it may be cut."""
    instructions = _group_instructions(content)
    applicable = [
        instruction
        for folder in content.list_reachable_folders(presentation.folder)
        for product in {_NO_VALUE, repr(presentation.find_value("product"))}
        for form in {_NO_VALUE, repr(presentation.find_value("form"))}
        for size in {None, normalize_size(strength)}
        for instruction in instructions.get((folder, product, form, size), ())
    ]
    must_stay_whole = any(
        (action == _SWALLOWING_WHOLE and _allows(instruction))
        or (action == _DIVIDING and _forbids(instruction))
        for action, instruction in applicable
    )
    part_counts = [
        find_role_amount(instruction, "parts")
        for action, instruction in applicable
        if action == _DIVIDING and _allows(instruction)
    ]
    max_parts = max(
        (part_count.high for part_count in part_counts if part_count is not None),
        default=Fraction(1) if must_stay_whole else _DEFAULT_PARTS,
    )
    return strength.multiply(1 / max(max_parts, Fraction(1)))


@per_content
def _group_instructions(
    content: Content,
) -> dict[tuple[str, str, str, Amount | None], list[tuple[str, Record]]]:
    """Return the instructions with their actions, by folder and by the product, form and size they are of."""
    instructions: dict[tuple[str, str, str, Amount | None], list[tuple[str, Record]]] = {}
    for record in content.iter_reachable_records_of_role("instruction"):
        if record.is_valid:
            strength = find_role_amount(record, "strength")
            size = None if strength is None else normalize_size(strength)
            key = (record.folder, repr(record.find_value("product")), repr(record.find_value("form")), size)
            instructions.setdefault(key, []).append((_find_action(record, content), record))
    return instructions


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
