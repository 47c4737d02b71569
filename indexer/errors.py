"""Everything that can go wrong while a library is built or opened.

    IndexerError
    ├── MediaError                  one file cannot be read; the run goes on
    │   ├── EmptyFile               zero bytes
    │   ├── NotAVideo               no known container, or a playlist
    │   ├── NoVideoStream           audio only
    │   ├── EncryptedVideo          frames are there, but locked
    │   ├── UndecodableVideo        damaged or truncated: not one frame came out
    │   ├── DecodeTimeout           no progress within the time bound
    │   ├── DecodeMemoryExceeded    the decoder asked for more than its bound
    │   ├── DecoderCrashed          the decoder's process died
    │   ├── UnreadableFile          permission, I/O error, or a name that is not UTF-8
    │   ├── NoSound                 no sound track: nothing to be heard
    │   ├── UndecodableSound        a sound track of which nothing can be decoded
    │   └── RecognitionFailed       the speech recogniser gave up on it
    ├── ReaderMissing               what reads on-screen text is not installed
    ├── SavedQueryError             no saved query of this name, or one already
    ├── TargetExists                a file to be written is there already
    ├── RecogniserUnavailable       a speech recogniser's package or model is missing
    └── LibraryError                the library as a whole
        ├── LibraryNotFound         nothing was indexed there yet
        ├── LibraryBusy             another indexer holds the lock
        ├── StorageFailed           the disk is full, broken or read-only
        ├── LibraryMismatch         catalog, generation and encoder do not agree
        ├── CorruptShard            a shard's bytes are not what was written
        ├── RootMissing             a folder of the library is gone or empty
        └── GenerationRefused       a candidate failed its verification

Every message names the file and says what to do about it.
"""

from __future__ import annotations

from os import PathLike, fspath


class IndexerError(Exception):
    """Base of all errors raised by `indexer`."""

    @property
    def code(self) -> str:
        """A stable machine-readable name, such as `EmptyFile`."""
        return type(self).__name__


class MediaError(IndexerError):
    """A file that cannot be indexed.

    `path` is the file, `reason` what was wrong, `remedy` what the user can do.
    """

    default_remedy = "Play it to see whether it is intact, or remove it."

    def __init__(self, path: str | PathLike[str], reason: str, remedy: str | None = None) -> None:
        self.path = fspath(path)
        self.reason = reason
        self.remedy = remedy or self.default_remedy
        super().__init__(self.path, reason, self.remedy)

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}. {self.remedy}"


class EmptyFile(MediaError):
    """The file has no bytes."""

    default_remedy = "Copy or download it again."


class NotAVideo(MediaError):
    """No video container that is accepted; playlists are refused."""

    default_remedy = "Remove it from the folder, or convert it to MP4."


class NoVideoStream(MediaError):
    """A container without a video stream, such as an audio recording."""

    default_remedy = "Remove it from the folder; only files with a picture can be searched."


class EncryptedVideo(MediaError):
    """The stream is encrypted."""

    default_remedy = "Decrypt it first; protected files cannot be read."


class UndecodableVideo(MediaError):
    """A video stream of which no frame can be decoded."""

    default_remedy = "Copy or download it again, or re-encode it with ffmpeg."


class DecodeTimeout(MediaError):
    """Decoding made no progress within its time bound."""

    default_remedy = "Re-encode it with ffmpeg, for example to H.264."


class DecodeMemoryExceeded(MediaError):
    """Decoding needed more memory than a file may use."""

    default_remedy = "Re-encode it at a smaller picture size."


class DecoderCrashed(MediaError):
    """The decoding process died; the file is damaged in a way the decoder cannot survive."""

    default_remedy = "Re-encode it with ffmpeg, or remove it."


class UnreadableFile(MediaError):
    """The file system refuses the file, or its name cannot be stored."""

    default_remedy = "Check the file's permissions and its name."


class ReaderMissing(IndexerError):
    """An optional package that the chosen channel needs; the message says how to install it."""


class NoSound(MediaError):
    """A video without a sound track."""

    default_remedy = "There is nothing to do: silent videos are found by their pictures."


class UndecodableSound(MediaError):
    """A sound track of which nothing can be decoded."""

    default_remedy = "Re-encode its sound with ffmpeg, for example to AAC."


class RecognitionFailed(MediaError):
    """The speech recogniser gave up on a video's sound."""

    default_remedy = "Index it again, on the CPU or with another recogniser."


class RecogniserUnavailable(IndexerError):
    """A speech recogniser that was asked for, whose package or model is missing."""


class SavedQueryError(IndexerError):
    """A saved query that is not there, or whose name cannot be taken."""


class TargetExists(IndexerError):
    """A file that would have to be overwritten."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = fspath(path)
        super().__init__(f"{self.path} is there already. Choose another name, or overwrite it.")


class LibraryError(IndexerError):
    """A library that cannot be used as it is."""


class LibraryNotFound(LibraryError):
    """There is no library at this place."""


class LibraryBusy(LibraryError):
    """Another process is writing to the library."""


class StorageFailed(LibraryError):
    """The disk does not take, or give, what the library needs."""


class LibraryMismatch(LibraryError):
    """Catalog, generation, shards and encoder do not belong together."""


class CorruptShard(LibraryError):
    """A shard whose checksum or layout is wrong."""


class RootMissing(LibraryError):
    """A place of the library is gone or empty; what was indexed from it is kept."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = fspath(path)
        super().__init__(
            f"{self.path}: it is gone or holds no video any more; what was indexed from it is "
            "kept. Mount it again, or run `videobert forget` on it."
        )


class GenerationRefused(LibraryError):
    """A candidate generation failed its verification and was not made live."""
