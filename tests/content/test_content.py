"""Content article by article, and what rules ask of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bmkit.issue import Place
from bmkit.rules.derived.amounts import find_stated_quantities

from .projects import RIB, SITE, read_project

if TYPE_CHECKING:
    from pathlib import Path


def make_article_file(label: str) -> dict[str, str | bytes]:
    section = f'{{"id": "intro", "label": "{label}", "order": 1, "start": 0, "end": 9}}'
    return {
        f"{label}/section.json": f'{{"$schema": "../../schema/section.schema.json", "records": [{section}]}}',
    }


def test_each_article_is_seen_with_the_terms_and_the_terms_are_judged_once(tmp_path: Path) -> None:
    content = read_project(
        tmp_path, {"terms/site.json": SITE, **make_article_file("a"), **make_article_file("b")}
    )
    views = [[record.id for record in view.iter_records()] for view in content.iter_batches(0)]
    assert views == [["rib"], ["intro"], ["intro"]]
    _, first, second = content.iter_batches(0)
    for view, label in ((first, "a"), (second, "b")):
        section = view.find_record("section", "intro")
        assert section is not None
        assert section["label"] == label
        assert view.find_record("site", "rib") is not None
        assert content.find_record("section", "intro", section) is section


def test_one_article_and_its_terms_are_one_view(tmp_path: Path) -> None:
    content = read_project(tmp_path, {"terms/site.json": SITE, **make_article_file("a")})
    assert list(content.iter_batches(0)) == [content]


def test_references_and_quantities_come_with_the_way_to_them(tmp_path: Path) -> None:
    record: dict[str, Any] = {
        "id": "one",
        "tumour": "lung-cancer",
        "radiation_dose": {"value": 4, "unit": "Gy"},
        "notes": ["a", "b"],
        "source": {"section": "intro", "spans": []},
    }
    text = str({"records": [record]}).replace("'", '"')
    content = read_project(tmp_path, {"a/radiotherapy.json": text})
    paths = [("/".join(map(str, parts)), target) for _, _, parts, target in content.iter_references()]
    assert paths == [
        ("tumour", "lung-cancer"),
        ("notes/0", "a"),
        ("notes/1", "b"),
        ("source/section", "intro"),
    ]
    (quantity,) = find_stated_quantities(content)
    assert quantity.field.name == "radiation_dose"
    assert [(parts, value) for _, parts, value in quantity.occurrences] == [
        (("radiation_dose",), {"value": 4, "unit": "Gy"})
    ]


def test_quantities_that_are_one_number_stand_together_as_each_is_written(tmp_path: Path) -> None:
    shares = ('{"value": 4, "unit": "Gy"}', '{"value": 5, "unit": "Gy"}', '{"value": 4.0, "unit": "Gy"}')
    records = ", ".join(
        f'{{"id": "r{index}", "radiation_dose": {share}}}' for index, share in enumerate(shares)
    )
    content = read_project(tmp_path, {"a/radiotherapy.json": f'{{"records": [{records}]}}'})
    occurrences = [
        [(record.id, str(value["value"])) for record, _, value in quantity.occurrences]
        for quantity in find_stated_quantities(content)
    ]
    assert occurrences == [[("r0", "4"), ("r2", "4.0")], [("r1", "5")]]


def test_articles_come_in_batches_that_hold_each_once(tmp_path: Path) -> None:
    records = ", ".join(f'{{"id": "r{index}"}}' for index in range(1500))
    files = {f"{name}/radiotherapy.json": f'{{"records": [{records}]}}' for name in "abcdefg"}
    content = read_project(tmp_path, {"terms/site.json": '{"records": [{"id": "rib"}]}', **files})
    views = [sorted({record.folder for record in view.iter_records()}) for view in content.iter_batches()]
    assert views == [["terms"], ["a", "b", "c"], ["d", "e", "f"], ["g"]]
    last = list(content.iter_batches())[-1]
    (record, *_) = last.iter_records()
    assert last.find_record("site", "rib", record) is not None


def test_from_a_record_only_its_own_article_and_the_terms_are_reached(tmp_path: Path) -> None:
    text = '{"records": [{"id": "one"}]}'
    files = {"terms/site.json": text, "a/radiotherapy.json": text, "b/radiotherapy.json": text}
    content = read_project(tmp_path, {**files, "b/result.json": "{"})
    records_by_folder = {record.folder: record for record in content.iter_records()}
    reached = {
        name: [
            other.folder for other in content.iter_reachable_records("radiotherapy", records_by_folder[name])
        ]
        for name in records_by_folder
    }
    assert reached == {"a": ["a"], "b": ["b"], "terms": ["a", "b"]}
    assert content.is_fully_read("result", "a")
    assert not content.is_fully_read("result", "b")


def test_a_place_tells_which_record_it_is_in(tmp_path: Path) -> None:
    text = f'{{"records": [7, {RIB}, {{"id": 3}}, null, {{"id": "hip", "label": [1]}}]}}'
    content = read_project(
        tmp_path, {"terms/site.json": text, "terms/tumour.json": '{"records": {"0": {"id": "a"}}}'}
    )
    for pointer, record_id in {
        "": "",
        "/$schema": "",
        "/records": "",
        "/records/0": "",
        "/records/1": "rib",
        "/records/1/label": "rib",
        "/records/2": "",
        "/records/3": "",
        "/records/4/label/0": "hip",
        "/records/5": "",
    }.items():
        record = content.find_record_at(Place("content/terms/site.json", pointer))
        assert (record.id if record is not None else "") == record_id, pointer
    assert content.find_record_at(Place("content/terms/site.json", "/records/2")) is not None
    assert content.find_record_at(Place("content/terms/site.json", "/records/0")) is None
    assert content.find_record_at(Place("content/terms/tumour.json", "/records/0/id")) is None
    assert content.find_record_at(Place("content/terms/gone.json", "/records/0")) is None
