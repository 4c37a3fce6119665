"""The report for people: place, message, the line with a mark under the fault, and a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bmkit.report.screen import shown, width

if TYPE_CHECKING:
    from bmkit.report import Located, Report, Screen

_CUT = "..."
# Less than this beside the gutter shows nothing of use; a narrower terminal wraps.
_NARROWEST = 40

_BOLD = "1"
_BLUE = "1;34"
_COLOURS = {"error": "1;31", "warning": "1;33"}


def render(report: Report, screen: Screen) -> str:
    """All issues, then the summary line."""
    blocks = [_block(located, report.folder, screen) for located in report.issues]
    colour = _COLOURS["error"] if report.errors else _COLOURS["warning"] if report.warnings else "1;32"
    return "".join([*blocks, _paint(report.summary, colour, screen), "\n"])


def _block(located: Located, folder: str, screen: Screen) -> str:
    issue = located.issue
    colour = _COLOURS[located.severity]
    place = shown(f"{folder}{located.file}", screen.encoding) + f":{located.line}:{located.column}:"
    severity = _paint(f"{located.severity}:", colour, screen)
    rule = _paint(f"[{_linked(issue.rule, screen)}]", _BLUE, screen)
    lines = [f"{_paint(place, _BOLD, screen)} {severity} {shown(issue.message, screen.encoding)} {rule}"]
    gutter = len(str(located.line))
    bar = _paint("|", _BLUE, screen)
    # What is no part of a file is not found in its first line, and a picture has no lines.
    if located.text and not issue.place.is_file:
        excerpt, indent, mark = _excerpt(located, screen, max(_NARROWEST, screen.width - gutter - 4))
        number = _paint(str(located.line), _BLUE, screen)
        lines.append(f" {number} {bar} {excerpt}".rstrip())
        lines.append(f" {' ' * gutter} {bar} {' ' * indent}{_paint('^' * mark, colour, screen)}")
    if issue.hint:
        lines.append(
            f" {' ' * gutter} {_paint('=', _BLUE, screen)} hint: {shown(issue.hint, screen.encoding)}"
        )
    return "\n".join(lines) + "\n\n"


def _excerpt(located: Located, screen: Screen, room: int) -> tuple[str, int, int]:
    """The line as shown in `room` cells, how many cells stand before the token, and how many the token takes.

    A line may be as long as its file: only what can come into sight is looked at.
    """
    text, start = located.text, located.start
    first = start - (located.column - 1)
    before = text[max(first, start - room) : start]
    token = _line(text[start : min(located.end, start + room)])
    stop = start + len(token)
    after = _line(text[stop : stop + room]) if located.end_line == located.line else ""
    cells = [width(part, screen.encoding) for part in (before, token, after)]
    cut_left = start - room > first
    beyond = stop + len(after)
    cut_right = text[beyond : beyond + 1] not in {"", "\n", "\r"}
    if cut_left or cut_right or sum(cells) > room:
        # The token comes first; what is left of the room is shared by its two sides.
        token, cut = _first(token, room - 2 * len(_CUT), screen.encoding)
        if cut:
            after = ""
        spare = room - width(token, screen.encoding) - 2 * len(_CUT)
        before, cut_before = _last(before, max(spare // 2, spare - cells[2]), screen.encoding)
        after, cut_after = _first(after, spare - width(before, screen.encoding), screen.encoding)
        cut_left, cut_right = cut_left or cut_before, cut_right or cut or cut_after
    indent, mark = width(before, screen.encoding), width(token, screen.encoding)
    excerpt = shown(before, screen.encoding) + shown(token, screen.encoding) + shown(after, screen.encoding)
    if cut_left:
        excerpt, indent = _CUT + excerpt, indent + len(_CUT)
    return excerpt + _CUT if cut_right else excerpt, indent, max(1, mark)


def _line(text: str) -> str:
    """The text up to its first line end."""
    return text[: min((at for at in (text.find("\n"), text.find("\r")) if at >= 0), default=len(text))]


def _first(text: str, room: int, encoding: str) -> tuple[str, bool]:
    """As much of the text's start as fits, and whether something was cut."""
    taken = 0
    for index, character in enumerate(text):
        taken += width(character, encoding)
        if taken > room:
            return text[:index], True
    return text, False


def _last(text: str, room: int, encoding: str) -> tuple[str, bool]:
    """As much of the text's end as fits, and whether something was cut."""
    taken = 0
    for index in range(len(text) - 1, -1, -1):
        taken += width(text[index], encoding)
        if taken > room:
            return text[index + 1 :], True
    return text, False


def _linked(rule: str, screen: Screen) -> str:
    """The id of a rule, as a link to its part of the page on rules if there is one (OSC 8)."""
    if not screen.rules:
        return rule
    # A page names its headings without their dots.
    url = f"{screen.rules}#{rule.replace('.', '')}"
    return f"\x1b]8;;{url}\x1b\\{rule}\x1b]8;;\x1b\\"


def _paint(text: str, colour: str, screen: Screen) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if screen.colour else text
