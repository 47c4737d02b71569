"""Everything that can go wrong while a question is answered.

    SearchError
    ├── InvalidQuery        empty, too long, or not what it should be
    ├── UnknownVideo        no such video in the library
    ├── NothingSaid         no subtitles, and no speech was recognised
    └── EmptyLibrary        nothing has been indexed yet

What is wrong with the library or with a query's own file is `indexer.errors`.
"""


class SearchError(Exception):
    """Base of all errors raised by `search`."""

    @property
    def code(self) -> str:
        """A stable machine-readable name, such as `InvalidQuery`."""
        return type(self).__name__


class InvalidQuery(SearchError):
    """The question cannot be asked; the message says what to change."""


class UnknownVideo(SearchError):
    """No video of the library has this id or path."""


class NothingSaid(SearchError):
    """There is no transcript of a video."""


class EmptyLibrary(SearchError):
    """The library holds no searchable clip; the message says how to add videos."""
