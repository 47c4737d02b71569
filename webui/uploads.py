"""Searching with a clip or a picture that the client sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint, abort, request

from indexer.errors import MediaError
from search.results import SearchResult
from webui.asked import asked
from webui.present import Presenter
from webui.state import config, engine, gate

blueprint = Blueprint("uploads", __name__, url_prefix="/api/v1/search")

FORM_OVERHEAD_BYTES = 64 * 2**10
"""What a form may add around its file."""
REMEDY = "Choose another file: a video such as MP4, or a picture such as JPEG."


@dataclass(frozen=True)
class Upload:
    """A file that a client sent."""

    path: Path
    """Where it lies while the request lasts."""
    name: str
    """What the client calls it; never used as a path."""


@blueprint.post("/clip")
def clip() -> dict[str, Any]:
    """The moments that look like the clip in the form's `file`; best first.

    :raises MediaError: it is no video that can be read.
    :raises Busy: too many are being searched with already.
    """
    wanted = asked(with_upload=True)
    with gate().place(), _uploaded() as upload:  # reading a big form is work too
        result = wanted.of(engine(), clips=[upload.path])
    return Presenter(engine()).result(_named(result, upload))


@blueprint.post("/image")
def image() -> dict[str, Any]:
    """The moments that look like the picture in the form's `file`; best first.

    :raises MediaError: it is no picture that can be read.
    :raises Busy: too many are being searched with already.
    """
    wanted = asked(with_upload=True)
    with gate().place(), _uploaded() as upload:  # reading a big form is work too
        result = wanted.of(engine(), pictures=[upload.path])
    return Presenter(engine()).result(_named(result, upload))


def _named(result: SearchResult, upload: Upload) -> SearchResult:
    """With the name that the client knows."""
    return replace(result, query=result.query.replace(upload.path.name, upload.name))


@contextmanager
def _uploaded() -> Iterator[Upload]:
    """The form's `file` on disk, gone afterwards whatever happens."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        abort(400, "Send the clip or picture as the form field named file.")
    name = PurePath(sent.filename.replace("\\", "/")).name or "upload"
    with TemporaryDirectory(prefix="videobert-", dir=config().upload_folder) as folder:
        upload = Upload(Path(folder) / f"query{_suffix(name)}", name)
        sent.save(upload.path)
        try:
            yield upload
        except MediaError as error:
            # the client knows neither our temporary file nor a folder to mend it in
            error.reason = error.reason.replace(str(upload.path), name)
            error.path, error.remedy = name, REMEDY
            raise


def _suffix(name: str) -> str:
    """The extension, kept for readers that look at it; nothing else of the name is."""
    found = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    return found.group().lower() if found else ""
