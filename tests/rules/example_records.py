"""Records and quantities that the tests of several modules of rules are made of."""

from __future__ import annotations

from typing import Any

ONE_DAY = {"value": 1, "unit": "d"}


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
    counted = {"per": "time", "window": ONE_DAY} if unit.endswith("/d") else {"per": "administration"}
    maximum = make_quantity(most, comparator=comparator, unit=unit.removesuffix("/d"))
    limit = {"id": f"limit-{most}", "product": "p", "route": "oral", **counted}
    return {**limit, "maximum": maximum, **fields}


def make_total(*numbers: float, comparator: str = "", unit: str = "mg") -> dict[str, Any]:
    """Return the fields of an amount of a day."""
    return {"total": make_quantity(*numbers, comparator=comparator, unit=unit), "total_in": ONE_DAY}


def make_term(term_id: str, *codes: tuple[str, ...], **fields: Any) -> dict[str, Any]:
    codings = [dict(zip(("system", "code", "display", "note"), code, strict=False)) for code in codes]
    return {"id": term_id, "label": term_id, "codes": codings, **fields}
