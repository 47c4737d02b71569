"""Everything that can go wrong while a question is answered.

    SearchError
    ├── InvalidQuery        empty, too long, or not what it should be
    │   └── QuerySyntaxError    a part of it cannot be read; it says which
    ├── UnknownVideo        no such video in the library
    ├── NothingSaid         no subtitles, and no speech was recognised
    ├── ServerProblem       a server that was asked has refused, or does not answer
    └── EmptyLibrary        nothing has been indexed yet

What is wrong with the library or with a query's own file is `indexer.errors`.
"""

from textwrap import indent

from search.pointing import pointed


class SearchError(Exception):
    """Base of all errors raised by `search`."""

    @property
    def code(self) -> str:
        """A stable machine-readable name, such as `InvalidQuery`."""
        return type(self).__name__


class InvalidQuery(SearchError):
    """The question cannot be asked; the message says what to change."""


class QuerySyntaxError(InvalidQuery):
    """A part of the question cannot be read."""

    def __init__(self, message: str, text: str, start: int, end: int) -> None:
        """`text[start:end]` is the part, of the question as it was typed."""
        super().__init__(message)
        self.text, self.start, self.end = text, start, end

    def __str__(self) -> str:
        """The message, the question, and a line that points at the part."""
        return f"{self.message}\n{indent(pointed(self.text, self.start, self.end), '  ')}"

    @property
    def message(self) -> str:
        """What is wrong, in one line."""
        return str(self.args[0])


class UnknownVideo(SearchError):
    """No video of the library has this id or path."""


class NothingSaid(SearchError):
    """There is no transcript of a video."""


class ServerProblem(SearchError):
    """A server did not do what it was asked."""

    def __init__(self, code: str, message: str, status: int) -> None:
        """`code` as in the API's errors, or Unreachable; `status` of HTTP, 0 without an answer."""
        super().__init__(message)
        self._code, self.message, self.status = code, message, status

    @property
    def code(self) -> str:
        return self._code


class EmptyLibrary(SearchError):
    """The library holds no searchable clip; the message says how to add videos."""
