"""Whatever is misspelt where, no number changes, and nothing inside a quantity or a code."""

from __future__ import annotations

import json
import os
import random
import re
from typing import TYPE_CHECKING, Any

import pytest

from bmkit.content import read_content
from bmkit.repairs import applied, repairs
from bmkit.schema import schemas_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOT = os.path.join(os.path.dirname(__file__), "..", "..")
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null')


def files() -> Iterator[str]:
    for folder, _, names in os.walk(os.path.join(ROOT, "content")):
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".json"))


def tokens(value: Any, *, inside: bool = False) -> Iterator[tuple[str, bool]]:
    """Each token of a document in the order of its text, and whether nobody may touch it."""
    if isinstance(value, dict):
        within = inside or "unit" in value or {"system", "code"} <= value.keys()
        for key, item in value.items():
            yield json.dumps(key, ensure_ascii=False), within
            yield from tokens(item, inside=within)
    elif isinstance(value, list):
        for item in value:
            yield from tokens(item, inside=inside)
    elif isinstance(value, str):
        yield json.dumps(value, ensure_ascii=False), inside
    else:
        yield str(value), True


def misspelt(token: str, chance: random.Random) -> str:
    """A string token with one slip in it."""
    text = json.loads(token)
    at = chance.randrange(max(1, len(text) - 1))
    slips = [
        text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
        text.upper(),
        text.title(),
        text + "s",
        f" {text}",
        text[:at] + "  " + text[at:],
        text.replace("-", " "),
        text[:at] + text[at + 1 :],
        text + " \u03bcg",
        text.replace("e", "e\u0301"),
    ]
    return json.dumps(chance.choice(slips), ensure_ascii=False)


def spoilt(folder: Path, seed: int, share: float) -> dict[str, str]:
    """Writes the content into `folder` with a share of its strings misspelt; gives each file's sound text."""
    chance = random.Random(seed)

    def slip(found: re.Match[str]) -> str:
        token = found.group()
        if token[0] != '"' or token in {'"records"', '"$schema"'} or chance.random() > share:
            return token
        return misspelt(token, chance)

    sound = {}
    for path in files():
        with open(path, encoding="utf-8") as file:
            text = file.read()
        name = os.path.relpath(path, ROOT)
        sound[name] = text
        goal = folder / name
        goal.parent.mkdir(parents=True, exist_ok=True)
        goal.write_bytes(TOKEN.sub(slip, text).encode())
    return sound


@pytest.mark.parametrize("seed", range(4))
def test_no_number_no_unit_and_no_code_ever_changes(tmp_path: Path, seed: int) -> None:
    sound = spoilt(tmp_path, seed, 0.15)
    content = read_content(str(tmp_path), schemas_of(ROOT))
    made = repairs(content)
    assert len(made) > 300
    for name in {repair.file for repair in made}:
        before = content.text(name)
        after = applied(before, [repair for repair in made if repair.file == name])
        touchy = [
            never or not token.startswith('"')
            for token, never in tokens(json.loads(sound[name], parse_float=str, parse_int=str))
        ]
        for one, other, never in zip(TOKEN.findall(before), TOKEN.findall(after), touchy, strict=True):
            assert one == other or not never, (name, one, other)
        assert TOKEN.sub("", before) == TOKEN.sub("", after)
        json.loads(after)


def test_repairs_come_to_an_end(tmp_path: Path) -> None:
    spoilt(tmp_path, 7, 0.05)
    counts = []
    for _ in range(4):
        content = read_content(str(tmp_path), schemas_of(ROOT))
        made = repairs(content)
        counts.append(len(made))
        for name in {repair.file for repair in made}:
            text = applied(content.text(name), [repair for repair in made if repair.file == name])
            (tmp_path / name).write_bytes(text.encode())
    assert counts[0] > 100
    assert counts[-1] == 0
