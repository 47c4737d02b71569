"""Known video containers by their first bytes, whatever the file is called."""

from __future__ import annotations

SNIFF_BYTES = 1024

_AT_START: tuple[bytes, ...] = (
    b"\x1aE\xdf\xa3",  # Matroska, WebM
    b"OggS",
    b"FLV\x01",
    b"0&\xb2u\x8ef\xcf\x11",  # ASF: WMV
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\x00\x00\x01\xb3",  # MPEG video
    b"\x00\x00\x01\xb0",  # MPEG-4 video
    b"\x00\x00\x00\x01\x67",  # H.264 Annex B
    b"\x00\x00\x00\x01\x40\x01",  # HEVC Annex B
    b"GIF87a",
    b"GIF89a",
    b".RMF",
    b"DKIF",  # IVF
    b"DFIA",
    b"\x06\x0e\x2b\x34\x02\x05\x01\x01",  # MXF
    b"nut/multimedia container\x00",
    b"YUV4MPEG2",
    b"NSVf",
    b"BIKi",
    b"SMK2",
    b"\xb7\xd8\x00\x20\x37\x49\xda\x11",  # WTV
)
_ATOMS = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot", b"styp"})
_RIFF_FORMS = frozenset({b"AVI ", b"AVIX", b"AMV ", b"4XMV"})
_TRANSPORT_PACKETS = ((188, 0), (192, 4), (204, 0))


def is_video_container(head: bytes) -> bool:
    """Whether `head`, a file's first bytes (1,024 are enough), open a known container."""
    return (
        head.startswith(_AT_START)
        or head[4:8] in _ATOMS
        or (head[:4] == b"RIFF" and head[8:12] in _RIFF_FORMS)
        or _is_transport_stream(head)
        or _is_vc1_test(head)
    )


def _is_transport_stream(head: bytes) -> bool:
    """MPEG-TS has no magic number: a sync byte opens each packet of a fixed size."""
    return any(
        len(head) > start + 4 * packet and all(head[start + i * packet] == 0x47 for i in range(5))
        for packet, start in _TRANSPORT_PACKETS
    )


def _is_vc1_test(head: bytes) -> bool:
    """The VC-1 reference format: 0xC5 in byte 3, header lengths 4 and 12 at fixed places."""
    return (
        len(head) > 36
        and head[3] == 0xC5
        and head[4:8] == b"\x04\0\0\0"
        and head[20:24] == b"\x0c\0\0\0"
    )
