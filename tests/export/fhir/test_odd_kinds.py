"""Kinds of one's own with odd names, roles, types, words and ids: what `validate` passes is valid FHIR."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bmkit.check import find_content_issues
from bmkit.content import read_content
from bmkit.export.fhir import FhirOptions, build_resources
from bmkit.export.fhir.bundle import build_bundle
from bmkit.export.fhir.check.own_rules import find_bundle_faults, find_resource_faults
from bmkit.issue import Severity
from bmkit.schema import SchemaError
from bmkit.schema.roles import load_roles

from .checks import find_faults
from .own_kinds import build_own_resources, write_own_project
from .resources import Json, list_resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bmkit.export.fhir.resources import Resources

_LONG_ID = "-".join(["a-step-of-a-procedure"] * 4)[:80].rstrip("-")
_PARTS = ("population", "exposure", "comparator", "outcome", "time", "value", "precision", "by", "remark")
_UNITS = {
    "dose": ("mg", "mg/kg", "{puff}"),
    "duration": ("d", "wk"),
    "share": ("%",),
    "measurement": ("mg/dL", "1"),
}
_IDS = ("a", "b-1", "c.d", "E_1", _LONG_ID)
_TEXTS = st.sampled_from(("x", "", " ", "<script>x</script>", "[x](javascript:x)", "a/b#c", "ü", "5 mg"))
_TERM_KINDS = ("stuff", "program", "t-1")
_FACT_KINDS = ("saying", "word", "field")
_FIELD_NAMES = ("note", "comment", "dose", "kind", "version", "url", "f1", "f2")


def _draw_fields(role_name: str) -> st.SearchStrategy[Json]:
    """Fields with a role, or with none."""
    role = load_roles().of_fields.get(role_name)
    if role is None or role.value_type == "object":
        values: list[Json] = [{"type": name} for name in ("string", "integer", "number", "boolean")]
        values += [{"enum": ["by day", "by-day", "<b>"]}, {"x-ref": "saying"}, {"x-ref": "stuff"}]
        return st.builds(
            lambda value, part: {**value, "x-part": part}, st.sampled_from(values), st.sampled_from(_PARTS)
        )
    if role.value_type == "quantity":
        field = st.sampled_from(sorted(_UNITS)).map(lambda name: {"x-unit": name})
    elif role.value_type in {"integer", "boolean"}:
        field = st.just({"type": role.value_type})
    elif role.value_type == "text":
        field = st.sampled_from([{"type": "string"}, {"enum": ["required", "not recommended", "may"]}])
    else:
        field = st.sampled_from(
            [{"x-ref": name, **more} for name in _TERM_KINDS for more in ({}, {"type": "array"})]
        )
    part = {} if role.part else {"x-part": "value"}
    return field.map(lambda value: {**value, "x-role": role_name, **part})


_FIELDS = st.sampled_from(["", *sorted(load_roles().of_fields)]).flatmap(_draw_fields)


def _draw_kinds(names: tuple[str, ...], max_size: int) -> st.SearchStrategy[dict[str, tuple[str, Json]]]:
    roles = st.sampled_from(["", *sorted(load_roles().of_kinds)])
    fields = st.dictionaries(st.sampled_from(_FIELD_NAMES), _FIELDS, min_size=1, max_size=max_size)
    return st.fixed_dictionaries({name: st.tuples(roles, fields) for name in names})


def _draw_value(draw: st.DrawFn, field: Json, ids: dict[str, list[str]]) -> Any:
    if "x-ref" in field:
        return ids[field["x-ref"]] if field.get("type") == "array" else ids[field["x-ref"]][0]
    if "x-unit" in field:
        unit, number = draw(st.sampled_from(_UNITS[field["x-unit"]])), draw(st.sampled_from([1, 4, 0.5]))
        amounts = ({"value": number}, {"low": 1, "high": 5}, {"value": number, "comparator": "<="})
        return {**draw(st.sampled_from(amounts)), "unit": unit}
    if "enum" in field:
        return draw(st.sampled_from(field["enum"]))
    numbers = st.sampled_from([-2, 0, 1, 5])
    return draw({"string": _TEXTS, "boolean": st.booleans()}.get(field["type"], numbers))


@st.composite
def _draw_projects(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, list[Json]]]:
    term_kinds, fact_kinds = draw(_draw_kinds(_TERM_KINDS, 2)), draw(_draw_kinds(_FACT_KINDS, 5))
    kinds = {**term_kinds, **fact_kinds}
    ids = {
        name: [
            f"{index}{number}"
            for index, number in enumerate(draw(st.lists(st.sampled_from(_IDS), min_size=1, max_size=2)))
        ]
        for name in kinds
    }
    records = {
        name: [
            {
                "id": record_id,
                **({"label": f"{name} <b>{record_id}"} if name in term_kinds and draw(st.booleans()) else {}),
                **{
                    field_name: _draw_value(draw, field, ids)
                    for field_name, field in fields.items()
                    if draw(st.booleans())
                },
            }
            for record_id in ids[name]
        ]
        for name, (_, fields) in kinds.items()
    }
    return term_kinds, fact_kinds, records


def _iter_own_faults(resources: Resources) -> Iterator[str]:
    bundle = build_bundle(resources, "document")
    for fault in find_bundle_faults(bundle):
        yield str(fault)
    for entry in bundle["entry"]:
        for fault in find_resource_faults(entry["resource"]):
            yield str(fault)


@pytest.mark.slow
@given(project=_draw_projects())
@settings(max_examples=settings().max_examples // 3)
def test_what_validate_passes_is_exported_and_valid(
    project: tuple[dict[str, Any], dict[str, Any], dict[str, list[Json]]],
) -> None:
    term_kinds, fact_kinds, records = project
    with TemporaryDirectory() as folder:
        root = write_own_project(Path(folder) / "project", fact_kinds, records, term_kinds)
        for schema in (root / "schema").iterdir():
            for name in ("id", "reference"):
                schema.write_text(
                    schema.read_text("utf-8").replace(
                        f'"$ref": "common/text.schema.json#/$defs/{name}"', '"type": "string"'
                    ),
                    "utf-8",
                )
        try:
            content = read_content(str(root))
            issues = find_content_issues(content)
        except SchemaError:
            return  # it has its place and is refused
        if any(issue.severity is Severity.ERROR and not issue.rule.startswith("schema.") for issue in issues):
            return
        for release in ("R5", "R4B"):
            assert list(_iter_own_faults(build_resources(content, FhirOptions(release=release)))) == []


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_what_is_no_term_and_an_empty_word_have_no_code(tmp_path: Path, release: str) -> None:
    kinds: dict[str, tuple[str, Json]] = {
        "saying": (
            "",
            {"of": {"x-ref": "deed", "x-part": "outcome"}, "way": {"enum": ["", "loud"], "x-part": "value"}},
        ),
        "deed": ("", {"what": {"type": "string", "x-part": "value"}}),
    }
    records: dict[str, list[Json]] = {
        "saying": [{"id": "a", "of": "d", "way": ""}, {"id": "b", "of": "d", "way": "loud"}],
        "deed": [{"id": "d", "what": "running"}],
    }
    resources = build_own_resources(tmp_path, kinds, records, release, term_kinds={})
    assert list(find_faults(build_bundle(resources, "document"), release)) == []
    text = json.dumps(list(resources.by_key.values()), default=str)
    assert "CodeSystem/own/deed" not in text
    assert '"loud"' in text


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_markdown_shows_what_is_written(tmp_path: Path, release: str) -> None:
    kinds: dict[str, tuple[str, Json]] = {"saying": ("", {"words": {"type": "string", "x-part": "remark"}})}
    words = "<script>x</script> at <5 [x](javascript:x) of [99mTc]"
    term_kinds: dict[str, tuple[str, Json]] = {"drug": ("product", {})}
    records: dict[str, list[Json]] = {
        "saying": [{"id": "a", "words": words}],
        "drug": [{"id": "x", "label": "<i>x"}],
    }
    resources = build_own_resources(tmp_path, kinds, records, release, term_kinds=term_kinds)
    [evidence] = list_resources(resources, "Evidence")
    assert evidence["description"] == "Words: &lt;script>x&lt;/script> at <5 [x]&#40;javascript:x) of [99mTc]"
    assert list(find_faults(build_bundle(resources, "document"), release)) == []


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_a_step_with_a_long_id_is_found_by_the_step_before(tmp_path: Path, release: str) -> None:
    term_kinds: dict[str, tuple[str, Json]] = {"way": ("procedure", {}), "deed": ("activity", {})}
    fields: Json = {
        "of": {"x-ref": "way", "x-role": "procedure"},
        "place": {"type": "integer", "x-role": "step"},
        "ahead": {"x-unit": "duration", "x-role": "time-before", "x-part": "time"},
    }
    records: dict[str, list[Json]] = {
        "way": [{"id": "w", "label": "scan"}],
        "part": [
            {"id": "first_one", "of": "w", "place": 1, "ahead": {"value": 2, "unit": "h"}},
            {"id": _LONG_ID, "of": "w", "place": 2},
        ],
    }
    root = write_own_project(tmp_path, {"part": ("procedure-step", fields)}, records, term_kinds)
    schema = root / "schema" / "part.schema.json"
    schema.write_text(
        schema.read_text("utf-8").replace('"$ref": "common/text.schema.json#/$defs/id"', '"type": "string"')
    )
    resources = build_resources(read_content(str(root)), FhirOptions(release=release))
    [plan] = list_resources(resources, "PlanDefinition")
    [first, second] = plan["action"]
    [related] = first["relatedAction"]
    assert related["targetId" if release == "R5" else "actionId"] == second["id"]
    assert len(second["id"]) < 65
    assert "_" not in first["id"]
    assert list(find_faults(build_bundle(resources, "document"), release)) == []


def test_a_term_needs_no_label(tmp_path: Path) -> None:
    term_kinds: dict[str, tuple[str, Json]] = {
        "remedy": ("product", {}),
        "shape": ("form", {}),
        "deed": ("activity", {}),
    }
    fields: Json = {"drug": {"x-ref": "remedy"}, "as": {"x-ref": "shape"}, "act": {"x-ref": "deed"}}
    kinds = {"hint": ("advice", fields), "pack": ("presentation", fields)}
    record = {"id": "h", "drug": "r", "as": "s", "act": "d"}
    records: dict[str, list[Json]] = {
        "hint": [record],
        "pack": [record],
        "remedy": [{"id": "r"}],
        "shape": [{"id": "s"}],
        "deed": [{"id": "d"}],
    }
    resources = build_own_resources(tmp_path, kinds, records, term_kinds=term_kinds)
    assert list(find_faults(build_bundle(resources, "document"), "R5")) == []


def test_our_systems_are_explained(either: Resources) -> None:
    """Our systems of identifiers have a NamingSystem, properties of concepts the URI of a code."""
    named = {
        unique_id["value"]
        for naming_system in list_resources(either, "NamingSystem")
        for unique_id in naming_system["uniqueId"]
    }
    text = json.dumps(list(either.by_key.values()), default=str)
    assert named == {f"{either.base}/identifier", f"{either.base}/span"}
    assert all(f'"system": "{system}"' in text for system in named)
    systems = list_resources(either, "CodeSystem")
    codes = {f"{system['url']}#{concept['code']}" for system in systems for concept in system["concept"]}
    uris = {element["uri"] for system in systems for element in system.get("property", ())}
    assert (
        uris - codes
        == {
            "http://hl7.org/fhir/concept-properties#parent",
            "http://hl7.org/fhir/concept-properties#inactive",
        }
        & uris
    )
    assert len(uris & codes) > 5
    assert all(
        one["activity"]["coding"][0]["code"] == "CREATE" for one in list_resources(either, "Provenance")
    )


@pytest.mark.parametrize("release", ["R5", "R4B"])
def test_numbers_addresses_and_bands_that_are_none_are_not_written_as_such(
    tmp_path: Path, release: str
) -> None:
    band = {"which": {"x-ref": "trait"}, "as": {"type": "string", "x-role": "band-word"}}
    term_kinds: dict[str, tuple[str, Json]] = {
        "paper": ("publication", {"where": {"type": "string", "x-role": "url"}}),
        "trait": ("characteristic", {}),
        "folk": ("population", {"traits": {"x-role": "bands", "type": "array", "items": band}}),
    }
    fields: Json = {
        "number": {"type": "integer", "x-role": "sample-size"},
        "cases": {"type": "integer", "x-role": "events"},
        "by": {"x-ref": "paper", "x-part": "by"},
        "who": {"x-ref": "folk", "x-part": "population"},
    }
    records: dict[str, list[Json]] = {
        "paper": [{"id": "p", "label": "P", "where": "see <here>"}],
        "trait": [{"id": "t", "label": "T"}],
        "folk": [{"id": "f", "label": "F", "traits": [{"which": "t"}, {"as": "old"}, {}]}],
        "count": [{"id": "a", "number": -2, "cases": -1, "by": "p", "who": "f"}],
    }
    resources = build_own_resources(
        tmp_path, {"count": ("", fields)}, records, release, term_kinds=term_kinds
    )
    assert list(find_faults(build_bundle(resources, "document"), release)) == []
    assert "None" not in json.dumps(list_resources(resources, "Group"))
    notes = [one["citedArtifact"].get("note") for one in list_resources(resources, "Citation")]
    assert [{"text": "see &lt;here>"}] in notes
    issues = find_content_issues(read_content(str(tmp_path)))
    pointers = {issue.place.pointer for issue in issues if issue.rule == "quantities.fewer-than-none"}
    assert pointers == {"/records/0/number", "/records/0/cases"}
