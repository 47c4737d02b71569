"""Whether decoding can start at a key packet without anything that came before it."""

from __future__ import annotations

from collections.abc import Iterator

PLANNED_CODECS = frozenset(
    {"h264", "hevc", "av1", "vp9", "mpeg1video", "mpeg2video", "mpeg4"}
    | {"mjpeg", "prores", "dnxhd", "cfhd"}
)
"""Codecs of one shown picture to a packet, whose key flags can be trusted. Not VP8: some of its
packets are never shown."""
SKIPPING_CODECS = PLANNED_CODECS - {"av1"}
"""Those whose decoder can be told, packet by packet, to skip what nothing refers to."""

_H264_IDR = frozenset({5})
_HEVC_IDR_OR_BLA = frozenset(range(16, 21))


def restarts(codec: str, packet: memoryview) -> bool:
    """Whether the key packet `packet` of `codec` opens a closed group.

    Containers also flag recovery points of H.264 and HEVC, whose successors may refer back.
    """
    if codec == "h264":
        return any(packet[at] & 0x1F in _H264_IDR for at in _unit_starts(packet))
    if codec == "hevc":
        return any(packet[at] >> 1 & 0x3F in _HEVC_IDR_OR_BLA for at in _unit_starts(packet))
    return True


def _unit_starts(packet: memoryview) -> Iterator[int]:
    """Offsets of the units of an MP4 or Matroska packet, each after its 4-byte length."""
    at = 0
    while at + 4 < len(packet):
        length = int.from_bytes(packet[at : at + 4], "big")
        if length == 0 or at + 4 + length > len(packet):
            return
        yield at + 4
        at += 4 + length
