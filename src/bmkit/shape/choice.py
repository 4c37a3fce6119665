"""The words for a value that is none of those in a closed list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.shape.context import Said
from bmkit.shape.values import listed, literal

if TYPE_CHECKING:
    from bmkit.shape.context import Case


def none_of(case: Case) -> Said:
    """Say that a value is not in its list, and which of the list was probably meant."""
    texts = [one for one in case.want if isinstance(one, str)]
    message = f"{case.name} {literal(case.value)} is not in its list of values"
    meant, advice = "", write_one(case.want)
    if isinstance(case.value, str) and case.quantity and case.name in {"unit", "comparator"}:
        meant = _unit(case.value, texts) if case.name == "unit" else _comparator(case.value, texts)
        if not meant and case.name == "unit":
            # To write another unit behind the same number would make a dose of 150 MBq one of 150 mg.
            message, advice = _other_dimension(case, texts) or (message, advice)
    elif isinstance(case.value, str):
        from bmkit.suggest import suggest

        meant = suggest(case.value, texts)
    return Said("value", message, f'did you mean "{meant}"?' if meant else advice)


def write_one(values: list[object]) -> str:
    """Advise to write one of a list."""
    return f"write {listed([literal(one) for one in values], 'or')}"


def _unit(word: str, codes: list[str]) -> str:
    from bmkit.ucum.spoken import meant_of

    return meant_of(word, codes)


def _comparator(word: str, signs: list[str]) -> str:
    from bmkit.shape.spoken import comparator

    return comparator(word, signs)


def _other_dimension(case: Case, codes: list[str]) -> tuple[str, str] | None:
    """Say that a unit measures something else than its quantity and what to do, None if it does not."""
    from bmkit.ucum.dimensions import dimension_of
    from bmkit.ucum.spoken import meant_anywhere
    from bmkit.ucum.units import commensurable, is_valid

    code = case.value if is_valid(case.value) else meant_anywhere(case.value)
    known = [one for one in codes if is_valid(one)]
    if not code or not known or any(commensurable(code, one) for one in known):
        return None
    stated = case.quantity["x-unit"]
    want, measured = stated if isinstance(stated, str) else dimension_of(known[0]), dimension_of(code)
    if not want:
        return None
    says = f"measures {measured}, not {want}" if measured else f"does not measure {want}"
    message = f"{case.name} {literal(case.value)} {says.replace('-', ' ')}"
    takes = f"{case.owner} takes {want.replace('-', ' ')} only"
    return message, f"look number and unit up; {takes}, other measures are for the words of a statement"
