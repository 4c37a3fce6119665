"""Reading content: whatever lies in the folders, nothing is raised and nothing else is hidden."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from bmkit.check import find_content_issues
from bmkit.content import ContentError, read_content
from bmkit.issue import Severity
from bmkit.schema import SchemaError, locate_shipped_schemas, read_schemas, read_shipped_schemas

from .projects import SITE, read_project, write_project

if TYPE_CHECKING:
    from pathlib import Path

    from bmkit.content import Content

LOCK = "system\tcode\tdisplay\n"
WITH_TERMS = "system\tcode\tdisplay\tterms\n"


def list_issues(content: Content) -> list[tuple[str, str, str]]:
    return [(issue.place.file, issue.rule, issue.message) for issue in content.issues]


@pytest.mark.parametrize(
    ("named", "is_right", "is_right_for_own"),
    [
        ("../../schema/site.schema.json", True, True),
        ("./../../schema/site.schema.json", True, True),
        ("../schema/site.schema.json", True, False),
        ("https://example.org/schema/site.schema.json", True, True),
        ("site.schema.json", True, False),
        ("../../schema/sites.schema.json", False, False),
        ("https://example.org/schema/sites.schema.json", False, False),
    ],
)
def test_only_schemas_of_the_project_have_to_be_named_by_their_path(
    tmp_path: Path, named: str, is_right: bool, is_right_for_own: bool
) -> None:
    root = str(
        write_project(tmp_path, {"terms/site.json": SITE.replace("../../schema/site.schema.json", named)})
    )
    for own, right in ((False, is_right), (True, is_right_for_own)):
        issues = read_content(root, read_schemas(locate_shipped_schemas(), from_project=own)).issues
        assert [issue.rule for issue in issues] == ([] if right else ["content.wrong-schema"])


def test_records_know_their_file_and_place(tmp_path: Path) -> None:
    content = read_project(tmp_path, {"terms/site.json": SITE})
    (record,) = content.list_records("site")
    assert (record.id, record.file, record.pointer, record.folder) == (
        "rib",
        "content/terms/site.json",
        "/records/0",
        "terms",
    )
    assert record["label"] == "rib"
    assert record["synonyms"] is None
    assert record.locate_field("codes", 0, "a/b~c").pointer == "/records/0/codes/0/a~1b~0c"
    assert content.find_record("site", "rib") is record
    assert content.find_record("site", "hip") is None
    assert content.read_text("content/terms/site.json") == SITE
    assert content.read_text("content/terms/none.json") == ""
    with pytest.raises(KeyError, match="site has no field 'lable'"):
        record["lable"]


@pytest.mark.parametrize(
    ("files", "issue"),
    [
        (
            {"terms/siet.json": SITE},
            ("content/terms/siet.json", "content.unknown-kind", 'unknown kind "siet"'),
        ),
        (
            {"site.json": SITE},
            ("content/site.json", "content.misplaced-file", "a file of records stands outside the folders"),
        ),
        (
            {"terms/notes.txt": "x"},
            ("content/terms/notes.txt", "content.stray-file", "notes.txt is not content and is ignored"),
        ),
        (
            {"terms/old/site.json": SITE},
            (
                "content/terms/old",
                "content.folder-too-deep",
                "folders inside the folders of content/ are not read",
            ),
        ),
        (
            {"terms/radiotherapy.json": '{"records": []}'},
            (
                "content/terms/radiotherapy.json",
                "content.wrong-folder",
                "radiotherapy is a kind of fact and does not belong in terms/",
            ),
        ),
        (
            {"terms/site.json": SITE.replace("site.schema", "tumour.schema")},
            (
                "content/terms/site.json",
                "content.wrong-schema",
                'the schema is named as "../../schema/tumour.schema.json"',
            ),
        ),
        (
            {"terms/route.JSON": SITE},
            (
                "content/terms/route.JSON",
                "content.suffix-case",
                "route.JSON is not read: only names that end with .json are",
            ),
        ),
        ({"bones/regimen.Json": SITE}, ("content/bones/regimen.Json", "content.suffix-case", "")),
        ({"regimen.JSON": SITE}, ("content/regimen.JSON", "content.misplaced-file", "")),
        ({"terms/route.json": "{"}, ("content/terms/route.json", "json.truncated", "")),
        ({"terms/route.json": b"\xff\xfe{\x00"}, ("content/terms/route.json", "json.utf16", "")),
        (
            {"terms/route.json": '{"records": [], "records": []}'},
            ("content/terms/route.json", "json.duplicate-key", ""),
        ),
        ({"terms/route.json/x": ""}, ("content/terms/route.json", "json.not-a-file", "")),
        ({"route.json/x": ""}, ("content/route.json", "json.not-a-file", "")),
        (
            {"codes.lock.tsv": "code\n"},
            (
                "content/codes.lock.tsv",
                "codes.lock-header",
                "the first line should be system code display, with tabs between",
            ),
        ),
        (
            {"codes.lock.tsv": LOCK + "X\t1\n"},
            ("content/codes.lock.tsv", "codes.lock-line", "a line should hold system, code and display"),
        ),
        (
            {"codes.lock.tsv": LOCK + "X\t1\ta\nX\t1\tb\n"},
            ("content/codes.lock.tsv", "codes.lock-repeated", "X 1 is locked twice, first in line 2"),
        ),
        (
            {"codes.lock.tsv": "system\tcode\tdisplay\tterm\n"},
            (
                "content/codes.lock.tsv",
                "codes.lock-header",
                "the fourth column should be terms, the terms that a code is of",
            ),
        ),
        *(
            (
                {"codes.lock.tsv": WITH_TERMS + f"X\t1\ta\tsite/b\nX\t2\tb\nX\t3\tc\t\nX\t4\td\t{cell}\n"},
                (
                    "content/codes.lock.tsv",
                    "codes.lock-terms",
                    'the terms of X 4 should be kind/id, one blank between: "route/oral"',
                ),
            )
            for cell in (
                "oral",
                "route/oral, route/nasal",
                "route/",
                "/oral",
                "route/oral ",
                "route/oral/x",
                "-",
            )
        ),
        ({"codes.lock.tsv": b"\xe9"}, ("content/codes.lock.tsv", "json.not-utf8", "")),
    ],
    ids=lambda case: case[1] if isinstance(case, tuple) else None,
)
def test_a_fault_of_a_file_is_an_issue_and_hides_no_other(
    tmp_path: Path, files: dict[str, str | bytes], issue: tuple[str, str, str]
) -> None:
    content = read_project(
        tmp_path, {"other/site.json": SITE, "terms/tumour.json": '{"records": [{"id": "a"}]}', **files}
    )
    file, rule, message = issue
    file_issues = [file_issue for file_issue in list_issues(content) if file_issue[0] == file]
    assert [file_issue[1] for file_issue in file_issues] == [rule]
    assert not message or file_issues[0][2] == message
    assert content.find_record("tumour", "a") is not None


def test_a_lock_says_for_which_terms_its_codes_are(tmp_path: Path) -> None:
    rows = "X\t1\ta\tsite/rib route/oral\r\nX\t2\tb\nX\t3\tc\t\n"
    content = read_project(tmp_path, {"terms/site.json": SITE, "codes.lock.tsv": WITH_TERMS + rows})
    assert list_issues(content) == []
    locked_codes = [content.code_lock.find_code("X", code) for code in "123"]
    assert [locked_code.terms if locked_code else None for locked_code in locked_codes] == [
        ("site/rib", "route/oral"),
        (),
        (),
    ]
    code_without_terms = read_project(tmp_path, {"codes.lock.tsv": LOCK + rows}).code_lock.find_code("X", "1")
    assert code_without_terms is not None
    assert code_without_terms.terms is None


@pytest.mark.parametrize(
    "document", ["null", "[]", '"x"', "4", "{}", '{"records": {}}', '{"records": [1, null]}']
)
def test_a_file_of_another_shape_has_no_records_and_is_left_to_the_shape_check(
    tmp_path: Path, document: str
) -> None:
    content = read_project(tmp_path, {"terms/site.json": document})
    assert list_issues(content) == []
    assert [file.path for file in content.files] == ["content/terms/site.json"]
    assert list(content.iter_records()) == []
    assert content.is_fully_read("site", "terms") is document.startswith('{"records": [')


def test_what_nobody_wrote_by_mistake_is_passed_over(tmp_path: Path) -> None:
    content = read_project(
        tmp_path, {"terms/site.json": SITE, "README.md": "", ".keep": "", "terms/.site.json.swp": ""}
    )
    assert list_issues(content) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_of_editors_and_read_me_files_are_passed_over(tmp_path: Path) -> None:
    write_project(tmp_path, {"terms/site.json": SITE})
    for name in (".#lock", "READ.md", "terms/.#lock", "terms/READ.md"):
        os.symlink("user@host", tmp_path / "content" / name)
    assert list_issues(read_project(tmp_path, {})) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize(
    ("goal", "rule"), [("gone.json", "json.broken-link"), ("route.json", "json.link-loop")]
)
def test_a_link_that_leads_nowhere_is_an_issue(tmp_path: Path, goal: str, rule: str) -> None:
    write_project(tmp_path, {"terms/site.json": SITE})
    os.symlink(goal, tmp_path / "content/terms/route.json")
    assert [issue[:2] for issue in list_issues(read_project(tmp_path, {}))] == [
        ("content/terms/route.json", rule)
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_folder_that_is_a_link_to_itself_is_an_issue(tmp_path: Path) -> None:
    write_project(tmp_path, {"terms/site.json": SITE})
    os.symlink("loop", tmp_path / "content/loop")
    assert [issue[:2] for issue in list_issues(read_project(tmp_path, {}))] == [
        ("content/loop", "json.link-loop")
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("name", ["terms", "bones", "terms/regimen"])
def test_a_link_to_a_folder_that_is_not_there_is_an_issue(tmp_path: Path, name: str) -> None:
    write_project(tmp_path, {"other/site.json": SITE})
    (tmp_path / "content" / name).parent.mkdir(exist_ok=True)
    os.symlink("gone", tmp_path / "content" / name)
    content = read_project(tmp_path, {})
    assert [issue[:2] for issue in list_issues(content) if name in issue[0]] == [
        (f"content/{name}", "json.broken-link")
    ]
    # What the folder may have held is not missing.
    assert content.is_fully_read("tumour", "other") is (name != "terms")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_project_whose_one_folder_is_lost_has_content_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    os.symlink("gone", tmp_path / "content/bones")
    assert [issue[:2] for issue in list_issues(read_project(tmp_path, {}))] == [
        ("content/bones", "json.broken-link")
    ]


@pytest.mark.parametrize(
    ("names", "twin"),
    [
        (("One/site.json", "one/site.json"), "content/one"),
        (("one/Site.json", "one/site.json"), "content/one/site.json"),
        (("stra\u00dfe/site.json", "strasse/site.json"), "content/stra\u00dfe"),
        (("caf\u00e9/site.json", "cafe\u0301/site.json"), "content/caf\u00e9"),
        ((".One", ".one", "one/site.json"), ""),
        (("one/site.json", "two/site.json"), ""),
    ],
)
def test_names_that_are_one_where_case_does_not_count_are_an_issue(
    tmp_path: Path, names: tuple[str, ...], twin: str
) -> None:
    content = read_project(tmp_path, dict.fromkeys(names, SITE))
    assert [issue.place.file for issue in content.issues if issue.rule == "content.twin-names"] == (
        [twin] if twin else []
    )


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        *((name, "") for name in ("one", "bone-metastasis", "2025-b", "a" * 80, "terms", "context")),
        *((name, "cannot stand in an address") for name in ("One", "my article", "a#b", "a%b", "a_b", "a.b")),
        *(
            (name, "cannot stand in an address")
            for name in ("a\tb", "\u202eab", "über", "-a", "a-", "a--b", "a\nb")
        ),
        *((name, "can be called") for name in ("con", "nul", "com1", "lpt9")),
        ("a" * 81, "has 81 signs"),
        ("a" * 201, "has 201 signs"),
    ],
)
def test_the_folder_of_an_article_has_a_name_that_holds_everywhere(
    tmp_path: Path, name: str, fault: str
) -> None:
    content = read_project(tmp_path, {f"{name}/site.json": SITE})
    issues = [issue for issue in content.issues if issue.rule == "content.folder-name"]
    assert [issue.place.file for issue in issues] == ([f"content/{name}"] if fault else [])
    assert all(fault in issue.message and issue.severity is Severity.ERROR for issue in issues)


@pytest.mark.parametrize(("both", "hint"), [(False, "rename it to route.json"), (True, "exists already")])
def test_a_name_in_capitals_is_to_be_changed(tmp_path: Path, both: bool, hint: str) -> None:
    files: dict[str, str | bytes] = {"terms/site.json": SITE, "terms/route.JSON": SITE}
    if both:
        files["terms/route.json"] = '{"records": []}'
    (issue,) = read_project(tmp_path, files).issues
    assert hint in issue.hint


def test_of_a_lock_that_cannot_be_read_nothing_else_is_said(tmp_path: Path) -> None:
    coded = '"codes": [{"system": "UBERON", "code": "UBERON:0001130", "display": "spine"}]'
    content = read_project(
        tmp_path,
        {
            "terms/site.json": SITE.replace('"id": "rib"', f'"id": "rib", {coded}'),
            "codes.lock.tsv": LOCK.encode() + b"X\t1\t\xe9\n",
        },
    )
    assert [issue.rule for issue in find_content_issues(content, select=["json", "codes"])] == [
        "json.not-utf8"
    ]
    (tmp_path / "content/codes.lock.tsv").unlink()
    assert [
        issue.rule for issue in find_content_issues(read_project(tmp_path, {}), select=["json", "codes"])
    ] == ["codes.unlocked"]


def test_a_file_above_the_limit_is_an_issue(tmp_path: Path) -> None:
    write_project(tmp_path, {"terms/site.json": SITE})
    content = read_content(str(tmp_path), read_shipped_schemas(), max_bytes=20)
    assert [issue[1] for issue in list_issues(content)] == ["json.too-large"]


def test_what_is_no_content_is_one_clear_line(tmp_path: Path) -> None:
    for root, message in (
        (tmp_path / "gone", "gone: no such folder"),
        (tmp_path, "holds no folder content/"),
    ):
        with pytest.raises(ContentError, match=message):
            read_content(str(root))
    (tmp_path / "content").mkdir()
    with pytest.raises(ContentError, match=r"content/ holds no \*.json file"):
        read_project(tmp_path, {"terms/README.md": ""})
    (tmp_path / "file").write_text("")
    with pytest.raises(ContentError, match="file: no such folder"):
        read_content(str(tmp_path / "file"))


@pytest.mark.parametrize("text", ["{", "[]", "\xff", ""])
def test_a_broken_schema_of_a_kind_in_use_is_one_clear_line(tmp_path: Path, text: str) -> None:
    write_project(tmp_path, {"terms/site.json": SITE, "../schema/site.schema.json": text})
    with pytest.raises(SchemaError, match=r"schema/site\.schema\.json:1:1: is not"):
        read_content(str(tmp_path))


def test_only_the_schemas_of_kinds_in_use_are_read(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"terms/site.json": SITE})
    content = read_content(str(root), read_schemas(locate_shipped_schemas(), from_project=False))
    assert find_content_issues(content) == []
    assert [file for file in content.schemas.list_read_files() if not file.startswith("common/")] == [
        "site.schema.json"
    ]
