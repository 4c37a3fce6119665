"""What others wrote, shown so that it cannot act: a function for each kind of reader.

Content, its file names, schemas and settings come from strangers.  On a terminal a control character moves
the cursor, and a bidirectional one turns text around; in the log of a CI run `::warning::` at the start of a
line and `##[error]` anywhere in it are commands; Markdown and SARIF have links.
"""

from __future__ import annotations

import re

_TAB_CELLS = "    "
# Commands of GitHub Actions, Azure Pipelines and TeamCity, anywhere in a line.
_LOG_COMMAND = re.compile(r"##(?=[A-Za-z]*\[)")
# GitHub looks past white space for these.
_LOG_COMMAND_AT_START = re.compile(r"^(\s*):(?=:)")
_MARKDOWN_SIGN = re.compile(r"[\\`*_\[\]<>&|~$@]|:(?=//)|(?<=www)\.|^[-+#=]|(?<=\d)[.)](?=\s)", re.IGNORECASE)
_COMMAND_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"}


def escape_text(text: str, encoding: str = "utf-8") -> str:
    """Return the text with a visible stand-in for each character that is not shown as itself.

    That is one which acts on the reader, as a control character or a line break does, or which the encoding
    lacks; a tab is four blanks.  The stand-in is that of JSON, so that a string of JSON keeps its value.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join([_escape_character(character, encoding) for character in text])


def escape_line(line: str, encoding: str = "utf-8", *, is_command: bool = False) -> str:
    """Return a line of output, escaped as text is, in which the log of a CI run finds no command.

    With `is_command` the line itself may be one of GitHub's.
    """
    escaped_line = escape_text(line, encoding)
    if "##" in escaped_line:
        escaped_line = _LOG_COMMAND.sub(r"#\\u0023", escaped_line)
    if "::" in escaped_line and not is_command:
        escaped_line = _LOG_COMMAND_AT_START.sub(r"\1\\u003a", escaped_line)
    return escaped_line


def escape_diff_line(line: str, encoding: str = "utf-8") -> str:
    """Return a line of a diff, escaped as a line of output is, with the white space that patch compares.

    A line with a stand-in is in no file: patch refuses it.
    """
    body = line.removesuffix("\r")
    return "\t".join(escape_line(part, encoding) for part in body.split("\t")) + line[len(body) :]


def escape_command_property(text: str) -> str:
    """Return the value of a property of a workflow command of GitHub, such as the name of a file."""
    return "".join([_COMMAND_ESCAPES.get(character, character) for character in text])


def escape_command_message(*lines: str) -> str:
    """Return the lines of the message of a workflow command of GitHub."""
    return "%0A".join(escape_text(line).replace("%", "%25") for line in lines)


def escape_markdown(text: str) -> str:
    """Return text for a paragraph of Markdown in which nothing is a link, a tag or other markup."""
    return _MARKDOWN_SIGN.sub(r"\\\g<0>", escape_text(text).strip())


def escape_markdown_code(text: str) -> str:
    """Return text as a code span of Markdown."""
    return f"`{escape_text(text)}`" if "`" not in text else escape_markdown(text)


def escape_sarif_message(*lines: str) -> str:
    """Return the lines of a message of SARIF, without links and place-holders."""
    text = "\n".join(map(escape_text, lines))
    return text.replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def count_cells(text: str, encoding: str) -> int:
    """Return how many cells of a terminal the escaped text takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    from rich.cells import cell_len

    return sum(cell_len(character) for character in escape_text(text, encoding))


def _escape_character(character: str, encoding: str) -> str:
    if character == "\t":
        return _TAB_CELLS
    if character.isascii() and character.isprintable():
        return character
    import unicodedata

    category = unicodedata.category(character)
    if category[0] != "C" and category not in {"Zl", "Zp"} and _can_encode(encoding, character):
        return character
    code_units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{code_units[i : i + 2].hex()}" for i in range(0, len(code_units), 2))


def _can_encode(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
