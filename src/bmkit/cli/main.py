"""The command `bmkit` itself: finds the sub-command, and turns an error into one line and an exit status."""

from __future__ import annotations

import errno
import gc
import os
import sys
import threading
import warnings
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from bmkit import SCHEMAS_VERSION, __version__
from bmkit.cli.process import (
    EXIT_INTERNAL_ERROR,
    EXIT_INTERRUPTED,
    EXIT_MISUSE,
    EXIT_PIPE_CLOSED,
    EXIT_TERMINATED,
    pause_garbage_collection,
)
from bmkit.cli.terminal import print_lines
from bmkit.errors import BmkitError, TerminatedError

if TYPE_CHECKING:
    from collections.abc import Sequence

# The module of a command is imported when the command is called; the help needs none.
COMMANDS = {
    "init": "Start a project: a small one, which validates and exports at once.",
    "validate": "Check the content and report errors and warnings.",
    "export": "Write the content in other formats.",
    "import": "Bring an edited workbook or CSV files back into the content.",
    "diff": "Show what changed in the facts, and how grave each change is.",
    "query": "Ask the facts a question in SQL.",
    "fmt": "Format the content files.",
    "fix": "Repair what has only one possible repair.",
    "merge": "Merge two edits of a file of records by id, for git.",
    "rename": "Rename a record, and all that refers to it.",
    "review": "Say what you have looked at, and see what others have.",
    "source": "Hold facts against the text that they came from, and seal them.",
    "status": "Show how far the review is.",
    "rules": "List the rules.",
    "explain": "Explain a rule: what it finds, why it matters, how to fix it.",
    "fields": "List the fields of a kind of record.",
    "lsp": "Run the language server for editors: issues, completion and explanations.",
}

# Commands that are called like a word of Python.
_MODULES = {"import": "import_sheets"}

# New objects between two garbage collections; Python's own 700 suits programs that make garbage.
_GC_THRESHOLD = 100_000

# No file of ours is at fault where there is no room for it.
_DISK_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_EXIT_STATUS_HELP = (
    "Exit status: 0 clean, 1 errors in content, 2 wrong use or a root that cannot be read, 3 a bug in bmkit."
)


class CommandGroup(click.Group):
    """The sub-commands, each loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names in the order of the help."""
        return list(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command."""
        if cmd_name not in self.commands:
            return None
        with pause_garbage_collection():
            command: click.Command = import_module(f"bmkit.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands, none of them loaded."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    "bmkit",
    cls=CommandGroup,
    # They stand for the commands until these are loaded: click lists and suggests their names.
    commands=[click.Command(name) for name in COMMANDS],
    invoke_without_command=True,
    epilog=_EXIT_STATUS_HELP,
)
@click.version_option(
    __version__, prog_name="bmkit", message=f"%(prog)s %(version)s, schemas {SCHEMAS_VERSION}"
)
@click.pass_context
def bmkit(ctx: click.Context) -> int:
    """Keep the facts of a medical article once, check them, and export them to other formats."""
    if ctx.invoked_subcommand is None:
        print_lines(*ctx.get_help().split("\n"), to_stderr=True)
        return EXIT_MISUSE
    return 0


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line `args`, by default that of the process, and return its exit status."""
    _open_missing_streams()
    try:
        status = _invoke_command(list(sys.argv[1:] if args is None else args))
        sys.stdout.flush()
    except BmkitError as error:
        for line in error.lines:
            _print_failure(line, EXIT_MISUSE)
        return EXIT_MISUSE
    except click.ClickException as error:
        return _print_failure(_format_usage_error(error), EXIT_MISUSE)
    except (KeyboardInterrupt, click.Abort, TerminatedError) as interruption:
        return EXIT_TERMINATED if isinstance(interruption, TerminatedError) else EXIT_INTERRUPTED
    except OSError as error:
        if error.errno == errno.EPIPE:
            _redirect_to_null_device(sys.stdout, sys.stderr)
            return EXIT_PIPE_CLOSED
        # Who opens a file says which it was; without a name it is one of our own streams.
        if error.filename is not None and error.errno not in _DISK_FULL_ERRORS:
            return _report_internal_error(error)
        _redirect_to_null_device(sys.stdout)
        file_words = f" {error.filename}" if error.filename is not None else ""
        reason = error.strerror or str(error)
        return _print_failure(f"cannot write{file_words}: {reason[:1].lower()}{reason[1:]}", EXIT_MISUSE)
    except Exception as error:  # noqa: BLE001  the last line of defence: a bug is reported in one line
        return _report_internal_error(error)
    return status


def run() -> NoReturn:
    """Run the command line of this process, and end it.

    A run on one file lasts a tenth of a second.  A sixth of that would go into searching for garbage where
    there is none, and into tidying up memory that the system takes back anyway.
    """
    gc.set_threshold(_GC_THRESHOLD, 20, 100)
    if not sys.warnoptions:
        # They are for who develops bmkit, and Python prints them past what escapes.
        warnings.simplefilter("ignore")
    status = main()
    if "multiprocessing" in sys.modules or threading.active_count() > 1:
        sys.exit(status)  # others may still have something to finish
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)


def _invoke_command(args: list[str]) -> int:
    if "_BMKIT_COMPLETE" in os.environ:
        bmkit.main(args, prog_name="bmkit")  # answers the shell and exits
    try:
        # Not through click's own main: that says a closed pipe with status 1, errors in content.
        with bmkit.make_context("bmkit", args) as context:
            result: Any = bmkit.invoke(context)
    except click.exceptions.Exit as exit_request:
        return exit_request.exit_code
    return result if isinstance(result, int) else 0


def _format_usage_error(error: click.ClickException) -> str:
    message = error.format_message().strip().rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{message} (see {context.command_path} --help)" if context else message


def _print_failure(message: str, status: int) -> int:
    with suppress(OSError):  # where nothing can be written, the status still says what went wrong
        print_lines(f"bmkit: {' '.join(message.split())}", to_stderr=True)
    return status


def _report_internal_error(error: BaseException) -> int:
    if os.environ.get("BMKIT_DEBUG"):
        raise error
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    location = ""
    if trace is not None:
        location = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
    return _print_failure(
        f"this is a bug in bmkit, please report it: {type(error).__name__}: {error}{location} "
        "(BMKIT_DEBUG=1 shows the traceback)",
        EXIT_INTERNAL_ERROR,
    )


def _redirect_to_null_device(*streams: TextIO) -> None:
    """Send what is still buffered nowhere, or the interpreter says so as it ends."""
    null_device = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(null_device, stream.fileno())


def _open_missing_streams() -> None:
    """Open streams for a process that was started without them: `>&-` asks for silence."""
    for stream_name in ("stdout", "stderr"):
        if getattr(sys, stream_name) is None:
            setattr(sys, stream_name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  open to the end
