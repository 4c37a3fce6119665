"""bmkit lsp: the language server for editors."""

from __future__ import annotations

import click

from bmkit.cli.process import EXIT_CLEAN, WrongUseError


@click.command("lsp")
def command() -> int:
    """Run the language server, which an editor starts: issues, completion and explanations while typing.

    It speaks the Language Server Protocol over standard input and output. See docs/editors.md.
    """
    try:
        from bmkit.lsp.server import serve_stdio
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in {"pygls", "lsprotocol"}:
            raise
        raise WrongUseError("the language server is not installed", "pip install 'bmkit[lsp]'") from None
    serve_stdio()
    return EXIT_CLEAN
