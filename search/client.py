"""The engine of another process: `videobert serve`, asked over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfileobj
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.request import Request

from indexer.media.placing import part_of, place, require_free
from search.connection import Connection
from search.errors import InvalidQuery, ServerProblem
from search.form_file import FormFile
from search.moment_ref import MomentRef
from search.results import Moment, SearchResult

if TYPE_CHECKING:
    from search.reasons import Reasons

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
    given several times, but `channels` are joined; None is left out.
    """

    def __init__(self, address: str, timeout_s: float = 60.0) -> None:
        """`timeout_s` bounds each wait for the server. Raises InvalidQuery for no HTTP address."""
        self._connection = Connection(address, timeout_s)

    def search(self, question: str, k: int = 10, **options: Any) -> SearchResult:
        """The best `k` moments for a question in the query language."""
        return self._result(self._connection.request("/search", {"q": question, "k": k, **options}))

    def search_clip(self, path: Path, k: int = 10, **options: Any) -> SearchResult:
        """Moments like the video file `path`, which is sent; words go with it as `q`."""
        return self._upload("/search/clip", path, {"k": k, **options})

    def search_image(self, path: Path, k: int = 10, **options: Any) -> SearchResult:
        """Moments like the picture `path`, which is sent; words go with it as `q`."""
        return self._upload("/search/image", path, {"k": k, **options})

    def explain(self, question: str, moment: Moment | MomentRef | str, **options: Any) -> Reasons:
        """Why `moment` answers `question`."""
        from search.reasons import Reasons

        asked = {"q": question, "moment": _id(moment), **options}
        return self._read(self._connection.request("/explain", asked), Reasons.from_json)

    def videos(self) -> Iterator[dict[str, Any]]:
        """All videos of the library by ascending id, as the API describes them."""
        after: int | None = 0
        while after is not None:
            request = self._connection.request("/videos", {"after": after, "limit": _PAGE})
            page, after = self._read(request, lambda told: (told["videos"], told["next"]))
            yield from page

    def video(self, video_id: int) -> dict[str, Any]:
        """All that is known of one video."""
        return self._read(self._connection.request(f"/videos/{int(video_id)}"), dict)

    def status(self) -> dict[str, Any]:
        """How big the library is, and which generation answers."""
        return self._read(self._connection.request("/status"), dict)

    def cut(
        self,
        moment: Moment | MomentRef | str,
        target: Path,
        *,
        fast: bool = False,
        overwrite: bool = False,
    ) -> Path:
        """Write a moment to the file `target`, or into that folder; returns the file.

        It is named by the video's id, as results do. The extension of a file is .mp4 or the
        video's own. See `videobert cut`. Raises InvalidQuery for no moment,
        indexer.errors.TargetExists, OSError.
        """
        ref = MomentRef.parse(_id(moment))
        if not (ref.video.isascii() and ref.video.isdigit()):
            raise InvalidQuery(f"{ref}: name the video by its id, as results do: 17@12.5-18.")
        if not (target.is_dir() or overwrite):
            require_free(target)
        extension = None if target.is_dir() else target.suffix
        asked = {"start": ref.start_s, "end": ref.end_s, "fast": fast, "extension": extension}
        request = self._connection.request(f"/videos/{ref.video}/cut", asked)
        return self._download(request, target, overwrite)

    def _download(self, request: Request, target: Path, overwrite: bool) -> Path:
        with self._connection.opened(request) as answer:
            name = Path(answer.headers.get_filename() or "cut.mp4").name
            path = target / name if target.is_dir() else target
            with part_of(path.parent) as part:
                with part.open("wb") as file:
                    copyfileobj(answer, file)
                if answer.length:  # a broken connection ends a copy as the file's end does
                    raise ServerProblem("Unreachable", f"{name}: the answer broke off.", 0)
                place(part, path, overwrite=overwrite)
        return path

    def _upload(self, path: str, file: Path, asked: dict[str, Any]) -> SearchResult:
        with FormFile(Path(file)) as form:
            request = self._connection.request(path, asked, form.body(), form.headers)
            return self._result(request)

    def _result(self, request: Request) -> SearchResult:
        return self._read(request, SearchResult.from_json)

    def _read(self, request: Request, understand: Callable[[dict[str, Any]], T]) -> T:
        told = self._connection.json(request)
        try:
            return understand(told)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"{request.full_url} answers in another form; is it the same version?"
            raise ServerProblem("OddAnswer", message, 200) from error


def _id(moment: Moment | MomentRef | str) -> str:
    return moment.id if isinstance(moment, Moment) else str(moment)
