"""Records and quantities that the tests of several modules of rules are made of."""

from __future__ import annotations

from typing import Any


def make_quantity(*numbers: float, comparator: str = "", unit: str = "mg") -> dict[str, Any]:
    ends = {"value": numbers[0]} if len(numbers) == 1 else dict(zip(("low", "high"), numbers, strict=True))
    return {**ends, **({"comparator": comparator} if comparator else {}), "unit": unit}


def make_interval(*hours: int) -> dict[str, Any]:
    return {"interval": make_quantity(*hours, unit="h")}


def make_daily_count(*numbers: int, comparator: str = "") -> dict[str, Any]:
    return {"times_per_day": make_quantity(*numbers, comparator=comparator, unit="1")}


def make_regimen(**fields: Any) -> dict[str, Any]:
    return {"id": "one", "product": "p", "route": "oral", **fields}


def make_limit(most: int, unit: str = "mg", comparator: str = "<=", **fields: Any) -> dict[str, Any]:
    """Return the maximum of a day if the unit is of a day, else the maximum at one time."""
    field_name, per = ("maximum_daily", "per day") if unit.endswith("/d") else ("maximum", "at one time")
    limit = {"id": f"limit-{most}", "product": "p", "route": "oral", "per": per}
    return {**limit, field_name: make_quantity(most, comparator=comparator, unit=unit), **fields}


def make_iron_facts(interaction: dict[str, Any], instruction: dict[str, Any]) -> dict[str, Any]:
    iron = {"id": "one", "product": "bonefos", "substance": "iron", "stance": "to be avoided"}
    taking = {"id": "two", "product": "bonefos", "activity": "taking-iron", "stance": "to be avoided"}
    return {"interaction": [{**iron, **interaction}], "instruction": [{**taking, **instruction}]}


def make_term(term_id: str, *codes: tuple[str, ...], **fields: Any) -> dict[str, Any]:
    codings = [dict(zip(("system", "code", "display", "note"), code, strict=False)) for code in codes]
    return {"id": term_id, "label": term_id, "codes": codings, **fields}
