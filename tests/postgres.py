"""A PostgreSQL server of our own, for as long as the tests run."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_DEBIAN = Path("/usr/lib/postgresql")
_UNPRIVILEGED = ("postgres", "nobody")


def server_programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps them off the path."""
    found = [Path(program).resolve().parent for program in [shutil.which("initdb")] if program]
    found += sorted(_DEBIAN.glob("*/bin"), reverse=True)
    whole = [folder for folder in found if (folder / "initdb").exists()]
    return next((folder for folder in whole if (folder / "pg_ctl").exists()), None)


@contextmanager
def started(programs: Path) -> Iterator[str]:
    """A server on a socket in a new folder; gives its URL. Nothing it writes outlives it."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path has at most 107 bytes
    who = _somebody(folder)
    try:
        make = ["initdb", "-D", folder / "data", "-U", "tests", "-A", "trust", "-N"]
        _run(programs, [*make, "-E", "UTF8", "--locale=C"], who)
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        control = ["pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
        _run(programs, [*control, "-o", settings, "start"], who)
        try:
            yield f"postgresql+psycopg://tests@/postgres?host={folder}"
        finally:
            _run(programs, [*control, "-m", "immediate", "stop"], who)
    finally:
        shutil.rmtree(folder)


def _somebody(folder: Path) -> dict[str, Any]:
    """Who runs the server: it refuses root, so somebody else then, whom `folder` is given to."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = next(names[name] for name in _UNPRIVILEGED if name in names)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(programs: Path, command: list[Any], who: dict[str, Any]) -> None:
    name, *arguments = command
    subprocess.run(
        [programs / name, *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/", **who
    )
