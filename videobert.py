"""The `videobert` command: each subcommand lives in its package's cli.py, loaded when used."""

from __future__ import annotations

import importlib
import json
import signal
import sys
from typing import NoReturn

import click

COMMANDS = {
    "index": "indexer.cli",
    "search": "search.cli",
    "serve": "webui.cli",
    "rebuild": "search.nightly_cli",
    "rollback": "indexer.cli",
    "forget": "indexer.cli",
    "status": "indexer.cli",
    "duplicates": "indexer.duplicates_cli",
    "query": "search.saved_cli",
    "digest": "search.digest_cli",
    "cut": "search.cut_cli",
    "transcript": "search.transcript_cli",
    "evaluate": "search.evaluate_cli",
    "train": "indexer.train_cli",
    "demo": "indexer.demo",
}


class LazyGroup(click.Group):
    """Imports a subcommand's module only when that subcommand, or its help line, is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(module), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=LazyGroup)
@click.version_option(package_name="videobert-search")
def cli() -> None:
    """Point it at a folder of videos, and find the moment you mean."""


def main() -> None:
    """Run the command; what users can mend is one line on standard error, not a traceback.

    Exit status: 0 all went well, 1 something failed, 2 wrong use.
    """
    signal.signal(signal.SIGTERM, _interrupt)  # systemd and cron end a run like Ctrl-C does
    try:
        cli(prog_name="videobert")
    except Exception as error:
        if not _is_expected(error):
            raise
        if "--json" in sys.argv:
            problem = {"code": type(error).__name__, "message": _describe(error)}
            click.echo(json.dumps({"ok": False, "error": problem}))
        click.echo(f"videobert: {_describe(error)}", err=True)
        sys.exit(1)


def _interrupt(signum: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _describe(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        hint = "Check that it is there, that there is space, and who may read and write it."
        return f"{error.filename}: {error.strerror}. {hint}"
    return str(error)


def _is_expected(error: Exception) -> bool:
    """Errors of the house, and the file system's (a full disk, a missing permission)."""
    from indexer.errors import IndexerError
    from model.errors import ModelError
    from search.errors import SearchError

    return isinstance(error, IndexerError | ModelError | SearchError | OSError)


if __name__ == "__main__":
    main()
