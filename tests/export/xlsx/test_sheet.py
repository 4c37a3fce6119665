"""The names of sheets."""

from __future__ import annotations

from bmkit.export.xlsx.sheet import make_sheet_names


def test_sheets_have_the_names_of_their_kinds_as_far_as_excel_allows() -> None:
    long = "a-kind-with-a-name-of-more-than-31-letters"
    names = make_sheet_names([long, f"{long}-too", "history", "cover", "site"])
    assert names == [
        "a-kind-with-a-name-of-more-than",
        "a-kind-with-a-name-of-more-th 2",
        "history 2",
        "cover 2",
        "site",
    ]
    assert max(len(name) for name in names) <= 31
