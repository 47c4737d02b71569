"""The tags of an opened container, as they stand in the file.

Files are written by strangers: number and length of everything are bounded. What the tags mean is
read by `indexer.media.container_details`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from indexer.media.wording import one_line, tidy

if TYPE_CHECKING:
    from av.container import InputContainer

AUDIO_LANGUAGE = "audio_language"
"""Key of the tag that is made of the sound's own: the language of its first track that has one."""
MOST_TAGS = 100
MOST_KEY = 64
MOST_VALUE = 5000
"""Characters of a key, and of a value."""


def container_tags(container: InputContainer) -> dict[str, str]:
    """Up to `MOST_TAGS` tags, keys in lower case, values of one line or more, none empty.

    Of the streams only the time of the first picture stream and the language of the sound count.
    """
    tags: dict[str, str] = {}
    for key, value in islice(container.metadata.items(), 10 * MOST_TAGS):
        key, value = one_line(key.lower(), MOST_KEY), tidy(value, MOST_VALUE)
        if key and value:
            tags.setdefault(key, value)
        if len(tags) == MOST_TAGS - 2:
            break
    for stream in container.streams.video[:1]:
        if time := one_line(stream.metadata.get("creation_time", ""), MOST_VALUE):
            tags.setdefault("creation_time", time)
    languages = (stream.metadata.get("language", "") for stream in container.streams.audio)
    if spoken := next((one_line(code, MOST_KEY) for code in languages if code), ""):
        tags[AUDIO_LANGUAGE] = spoken
    return tags
