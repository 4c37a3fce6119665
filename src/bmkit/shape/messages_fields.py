"""The words for mistakes about which fields an object has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.shape.context import NAMELESS, Case, Said
from bmkit.shape.mistakes import is_conditional
from bmkit.shape.values import a_value, listed, literal, phrase

if TYPE_CHECKING:
    from typing import Any

_ARTICLES = ("the ", "a ", "an ")


def unknown(case: Case) -> Said:
    """Say that an object has a field that its schema does not know."""
    (name,) = case.mistake.names
    meant = case.mistake.meant
    inside = case.name if case.name not in NAMELESS else case.owner
    properties = list(case.holder.get("properties", {}))
    hint = f'did you mean "{meant}"?' if meant else f"the fields are {listed(properties, 'and')}"
    if meant and meant in case.value:
        hint = f'"{meant}" is there already'
    return Said("unknown-field", f"{inside} has no field {literal(name)}", hint, (name,), key=True)


def missing(case: Case) -> Said:
    """Say that a field is missing that is needed, always or here."""
    names = list(case.mistake.names)
    message = f"{listed(names, 'and')} {'is' if len(names) == 1 else 'are'} missing"
    if case.name not in NAMELESS:
        message += f" from {case.name}"
    if is_conditional(case.mistake.fault):
        return Said("missing-field", message, _why(case, names))
    field = case.schema.plain(case.holder.get("properties", {}).get(names[0], {}), "title")
    title, description = phrase(field.get("title", "")), phrase(field.get("description", ""))
    if not title or not description:
        return Said("missing-field", message)
    # Many a description only says the title again.
    repeats = title in {description, *(description.removeprefix(article) for article in _ARTICLES)}
    return Said("missing-field", message, description if repeats else f"{title}: {description}")


def _why(case: Case, names: list[str]) -> str:
    """Say why something is needed that is not always needed."""
    fault = case.mistake.fault
    if fault.keyword == "dependentRequired":
        givers = [name for name in case.want if name in case.value]
        return f"needed where there is {listed(givers, 'and')}"
    branch, condition = case.schema.condition(fault.way)
    needed = condition.get("required", [])
    told = _told(condition)
    if branch == "else" and needed and not told:
        instead = f"give {listed(needed, 'and')}, or {listed(names, 'and')}"
        return (
            instead if len(names) == len(case.want) else f"needed where there is no {listed(needed, 'and')}"
        )
    if branch == "then":
        parts = [f"{name} is {literal(told[name])}" for name in told]
        parts += [f"there is {name}" for name in needed if name not in told]
        return f"needed where {' and '.join(parts)}" if parts else ""
    return ""


def _told(condition: dict[str, Any]) -> dict[str, Any]:
    """Give the fields that must have one value for a condition to hold, and that value."""
    return {name: part["const"] for name, part in condition.get("properties", {}).items() if "const" in part}


def forbidden(case: Case) -> Said:
    """Say that a field stands where it must not."""
    branch, condition = case.schema.condition(case.mistake.fault.way)
    told = _told(condition) if branch == "then" else {}
    if told:
        where = " and ".join(f"{name} is {literal(value)}" for name, value in told.items())
        hint = f"leave {case.name} out, or correct {listed(list(told), 'and')}"
        return Said("forbidden-field", f"{case.name} must not stand where {where}", hint, key=True)
    others = condition.get("required", []) if branch == "then" else []
    where = f"beside {listed(others, 'and')}" if others else "here"
    hint = f"give either {listed(others, 'and')} or {case.name}" if others else ""
    return Said("forbidden-field", f"{case.name} must not stand {where}", hint, key=True)


def alternatives(case: Case) -> Said:
    """Say that none of several alternatives is given, or more than one."""
    presence = [part.get("required", []) for part in case.want if isinstance(part, dict)]
    if not all(presence):
        return Said(
            "alternatives",
            f"{a_value(case.value)} fits none or several of the forms that {case.name} may have",
        )
    sets = [listed(names, "and") for names in presence]
    given = [
        words for names, words in zip(presence, sets, strict=True) if all(one in case.value for one in names)
    ]
    if given:
        return Said("alternatives", f"{listed(given, 'and')} exclude each other", "keep one of them")
    return Said("missing-field", f"{listed(sets, 'or')} is missing", "at least one of them is needed")


def together(case: Case) -> Said:
    """Say that a value is one of those that are ruled out."""
    together = case.want.get("required", []) if isinstance(case.want, dict) else []
    if together and isinstance(case.value, dict):
        return Said("alternatives", f"{listed(together, 'and')} must not be given together")
    return Said("forbidden-value", f"{a_value(case.value)} is not allowed as {case.name}")
