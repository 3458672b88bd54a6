"""The command line's entry point: the one place that turns errors into exit codes."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence

import typer

from journeyseo._version import __version__
from journeyseo.cli import (
    classify,
    classify_pages,
    crawl,
    demo,
    doctor,
    evaluate,
    explain,
    formats,
    map_command,
    saved,
    train,
)
from journeyseo.cli.output import note
from journeyseo.errors import JourneyseoError

# Exit codes. docs/cli.md shows the same table, and a test holds the two together.
OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="journeyseo",
    help="Says which customer-journey stage queries and pages serve, and where content is missing.",
    epilog="Begin with: journeyseo demo",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"journeyseo {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", help="Show the version and exit.", callback=_version, is_eager=True
    ),
) -> None:
    """Options before a command."""


app.command("demo")(demo.run)
app.command("map")(map_command.run)
app.command("gaps")(saved.gaps)
app.command("suggest")(saved.suggest)
app.command("classify")(classify.run)
app.command("classify-pages")(classify_pages.run)
app.command("crawl")(crawl.run)
app.command("explain")(explain.run)
app.command("evaluate")(evaluate.run)
app.command("formats")(formats.run)
app.command("doctor")(doctor.run)
app.command("train")(train.run)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Exit codes: 0 done, 1 an error that journeyseo explains, 2 wrong usage, 130 interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    wants_json = "--json" in words
    _speak_unicode()
    try:
        # Outside its own mode typer hands back the code that a command left with, and its errors.
        left = app(words, standalone_mode=False)
        sys.stdout.flush()
        code = left if isinstance(left, int) else OK
    except JourneyseoError as error:
        if wants_json:
            _json_error(error.code, error.message, error.where, error.hint)
        note(f"Error: {error}")
        code = FAILED
    except typer.TyperException as error:
        if wants_json:
            _json_error("usage", error.format_message().rstrip(".") + ".", "", "Use --help.")
        # The parser's own layout: usage, a pointer to --help, the message.
        show = getattr(error, "show", None)
        if show is None:
            note(f"Error: {error.format_message()}")
        else:
            show()
        code = USAGE
    except (KeyboardInterrupt, typer.Abort):
        note("Interrupted.")
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit) as gone:
        # The reader of our output has gone, as `head` does: nothing is wrong. Typer makes an exit of it.
        if isinstance(gone, SystemExit) and not isinstance(gone.__context__, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = OK
    sys.exit(code)


def _speak_unicode() -> None:
    """Write UTF-8 into pipes and files, and never fail on a terminal that cannot show a sign."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")


def _json_error(code: str, message: str, where: str, hint: str) -> None:
    error = {"code": code, "message": message, "where": where, "hint": hint}
    sys.stdout.write(json.dumps({"error": error}, ensure_ascii=False) + "\n")
