"""The engine of another process: `videobert serve`, asked over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar
from urllib.request import Request

from indexer.media.placing import require_free
from search.connection import API, Connection
from search.downloads import download
from search.errors import InvalidQuery, ServerProblem
from search.form_file import FormFile
from search.moment_ref import MomentRef
from search.results import Moment, SearchResult

if TYPE_CHECKING:
    from search.reasons import Reasons

AnyMoment: TypeAlias = Moment | MomentRef | str
"""A result, or its name: VIDEO@START-END with the video's id."""
T = TypeVar("T")
_PAGE = 200


class Client:
    """Asks one server. Safe to use from several threads. All raise ServerProblem.

    >>> from search import Client
    >>> client = Client("http://127.0.0.1:8000")
    >>> for moment in client.search("a dog on a beach").moments:
    ...     print(moment.video, moment.start_s)

    Options of a search are the API's parameters, described at /api/v1/openapi.json: `like`,
    `channels`, `after`, `tag`, `by_video`, `page` and others; `in_` stands for `in`. A list is
    given several times, but `channels` are joined; None is left out. A busy server is asked
    again up to three times, when it says.
    """

    def __init__(
        self, address: str, timeout_s: float = 60.0, *, making_timeout_s: float = 3600.0
    ) -> None:
        """`timeout_s` bounds each wait for the server.

        Not for a cut or a preview, which it makes before it answers: `making_timeout_s` does.
        Raises InvalidQuery for no HTTP address.
        """
        self._connection = Connection(address, timeout_s)
        self._making_timeout_s = making_timeout_s

    def search(self, question: str, k: int = 10, **options: Any) -> SearchResult:
        """The best `k` moments for a question in the query language."""
        return self._result(self._request("/search", {"q": question, "k": k, **options}))

    def like(self, moment: AnyMoment, k: int = 10, **options: Any) -> SearchResult:
        """Moments that look like the middle of `moment`, or like the point VIDEO@SECONDS.

        Words go with it as `q`.
        """
        return self._result(self._request("/search", {"like": _point(moment), "k": k, **options}))

    def search_clip(self, path: Path, k: int = 10, **options: Any) -> SearchResult:
        """Moments like the video file `path`, which is sent; words go with it as `q`."""
        return self._upload("/search/clip", path, {"k": k, **options})

    def search_image(self, path: Path, k: int = 10, **options: Any) -> SearchResult:
        """Moments like the picture `path`, which is sent; words go with it as `q`."""
        return self._upload("/search/image", path, {"k": k, **options})

    def explain(self, question: str, moment: AnyMoment, **options: Any) -> Reasons:
        """Why `moment` answers `question`."""
        from search.reasons import Reasons

        asked = {"q": question, "moment": _id(moment), **options}
        return self._read(self._request("/explain", asked), Reasons.from_json)

    def judge(self, question: str, moment: AnyMoment, relevant: bool | None) -> dict[str, Any]:
        """Keep a thumb up or down, or take it back (None); returns all thumbs of the question.

        They count where `thumbs=True` is among the options of a search.
        """
        said = {"q": question, "moment": _id(moment), "relevant": relevant}
        body = json.dumps(said).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        request = self._connection.request(f"{API}/judgements", body=[body], headers=headers)
        return self._read(request, dict)

    def judgements(self, question: str) -> dict[str, Any]:
        """The thumbs that are kept of a question: ids of moments, `relevant` and `irrelevant`."""
        return self._read(self._request("/judgements", {"q": question}), dict)

    def videos(self) -> Iterator[dict[str, Any]]:
        """All videos of the library by ascending id, as the API describes them."""
        after: int | None = 0
        while after is not None:
            request = self._request("/videos", {"after": after, "limit": _PAGE})
            page, after = self._read(request, lambda told: (told["videos"], told["next"]))
            yield from page

    def newest(self, limit: int = 50, **filters: Any) -> list[dict[str, Any]]:
        """The newest videos that the filters let through."""
        request = self._request("/videos/newest", {"limit": limit, **filters})
        return self._read(request, lambda told: list(told["videos"]))

    def video(self, video_id: int) -> dict[str, Any]:
        """All that is known of one video."""
        return self._read(self._request(f"/videos/{int(video_id)}"), dict)

    def transcript(self, video_id: int, language: str | None = None) -> dict[str, Any]:
        """What is said in a video, in `language` or the first that there is: `cues` with times."""
        path = f"/videos/{int(video_id)}/transcript"
        return self._read(self._request(path, {"language": language}), dict)

    def status(self) -> dict[str, Any]:
        """How big the library is, and which generation answers."""
        return self._read(self._request("/status"), dict)

    def cut(
        self, moment: AnyMoment, target: Path, *, fast: bool = False, overwrite: bool = False
    ) -> Path:
        """Write a moment to the file `target`, or into that folder; returns the file.

        It is named by the video's id, as results do. The extension of a file is .mp4 or the
        video's own. See `videobert cut`. Raises InvalidQuery for no moment,
        indexer.errors.TargetExists, OSError.
        """
        ref = _stretch(moment)
        extension = None if target.is_dir() else target.suffix
        asked = {"start": ref.start_s, "end": ref.end_s, "fast": fast, "extension": extension}
        request = self._request(f"/videos/{ref.video}/cut", asked)
        return self._download(request, target, None, overwrite)

    def preview(self, moment: AnyMoment, target: Path, *, overwrite: bool = False) -> Path:
        """Write a small MP4 of a moment, which every browser plays, as `cut` does."""
        ref = _stretch(moment)
        asked = {"start": ref.start_s, "end": ref.end_s}
        request = self._connection.request(f"/media/{ref.video}/preview.mp4", asked)
        return self._download(request, target, f"{ref}.mp4", overwrite)

    def _download(self, request: Request, target: Path, name: str | None, overwrite: bool) -> Path:
        if not (target.is_dir() or overwrite):
            require_free(target)  # before the server works for nothing
        timeout_s = self._making_timeout_s
        return download(
            self._connection, request, target, name=name, overwrite=overwrite, timeout_s=timeout_s
        )

    def _upload(self, path: str, file: Path, asked: dict[str, Any]) -> SearchResult:
        with FormFile(Path(file)) as form:
            request = self._connection.request(f"{API}{path}", asked, form, form.headers)
            return self._result(request)

    def _request(self, path: str, asked: dict[str, Any] | None = None) -> Request:
        return self._connection.request(f"{API}{path}", asked)

    def _result(self, request: Request) -> SearchResult:
        return self._read(request, SearchResult.from_json)

    def _read(self, request: Request, understand: Callable[[dict[str, Any]], T]) -> T:
        told = self._connection.json(request)
        try:
            return understand(told)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"{request.full_url} answers in another form; is it the same version?"
            raise ServerProblem("OddAnswer", message, 200) from error


def _id(moment: AnyMoment) -> str:
    return moment.id if isinstance(moment, Moment) else str(moment)


def _stretch(moment: AnyMoment) -> MomentRef:
    """Raises InvalidQuery when it does not name its video by the id."""
    ref = MomentRef.parse(_id(moment))
    if not (ref.video.isascii() and ref.video.isdigit()):
        raise InvalidQuery(f"{ref}: name the video by its id, as results do: 17@12.5-18.")
    return ref


def _point(moment: AnyMoment) -> str:
    """VIDEO@SECONDS: a point as it is, of a stretch its middle."""
    text = _id(moment)
    if "-" not in text.rpartition("@")[2]:
        return text
    ref = _stretch(text)
    return f"{ref.video}@{ref.middle_s:.3f}"
