"""Opens a file with FFmpeg so that nothing but this one file can be read."""

from __future__ import annotations

import os
import stat
from os import PathLike
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.stream import Discard, Disposition
from av.video.stream import VideoStream

from indexer.errors import (
    DecodeMemoryExceeded,
    EmptyFile,
    EncryptedVideo,
    MediaError,
    NotAVideo,
    NoVideoStream,
    UndecodableVideo,
    UnreadableFile,
)
from indexer.media.signatures import SNIFF_BYTES, is_video_container

MAX_PIXELS = 8192 * 8192
"""Largest picture: 8K is half of it. A damaged header easily claims 16k x 16k."""

# Demuxers that read one file and nothing else. Left out on purpose: playlists and anything that
# opens other files (hls, dash, concat, imf, mlv, sdp), image sequences, devices, filter graphs.
_VIDEO_FORMATS = (
    "mov,matroska,webm,avi,asf,asf_o,flv,live_flv,kux,mpeg,mpegts,mpegvideo,m4v,h261,h263,h264,"
    "hevc,vvc,evc,av1,obu,avs,avs2,avs3,cavsvideo,dirac,dnxhd,mjpeg,ogg,gif,apng,rm,ivr,ivf,nut,"
    "mxf,gxf,dv,wtv,nsv,nuv,pva,ty,vc1,vc1test,yuv4mpegpipe,swf,4xm,anm,bethsoftvid,bfi,bink,bmv,"
    "c93,cdg,cdxl,cine,dfa,dhav,dxa,ea,film_cpk,filmstrip,flic,frm,hnm,idcin,ifv,ipmovie,iv8,jv,"
    "lmlm4,lvf,mm,moflex,msnwctcp,mtv,mv,mvi,mxg,paf,pmp,psxstr,r3d,rl2,roq,rpl,siff,smk,smush,"
    "thp,tmv,vividas,vivo,vmd,wc3movie,wsvqa,xmv,yop"
)
# Sound files are opened too, so that they are named what they are.
_AUDIO_FORMATS = "mp3,wav,w64,flac,aac,ac3,eac3,amr,aiff,caf,ape,au,tta,wv,dts"

_NOT_A_PICTURE_TRACK = (
    Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
)


def open_container(path: str | PathLike[str]) -> InputContainer:
    """The opened file. Raises a MediaError for anything that is not a readable container."""
    name = _checked_name(path)
    _check_file(name)
    options = {
        "protocol_whitelist": "file",
        "format_whitelist": f"{_VIDEO_FORMATS},{_AUDIO_FORMATS}",
    }
    try:
        # "file:" keeps "-x.mp4", "concat:x" and "http://x" from meaning anything.
        return av.open(f"file:{name}", "r", options=options, metadata_errors="replace")
    except Exception as error:
        raise open_error(name, error) from error


def choose_stream(container: InputContainer, path: str) -> VideoStream:
    """The film: no cover art, the default one of several, else the largest."""
    streams = [s for s in container.streams.video if not s.disposition & _NOT_A_PICTURE_TRACK]
    if not streams:
        raise NoVideoStream(path, "has no video stream")
    readable = [s for s in streams if s.codec_context is not None]
    if not readable:
        raise UndecodableVideo(path, "no decoder for its video codec is available")
    best = max(readable, key=_preference)
    if best.width * best.height > MAX_PIXELS:
        raise DecodeMemoryExceeded(path, f"its pictures are {best.width} x {best.height} pixels")
    for stream in container.streams:
        if stream.index != best.index:
            stream.discard = Discard.all
    return best


def is_encrypted(container: InputContainer, stream: VideoStream) -> bool:
    """Whether the container says that the stream is locked (MP4 `encv`, WebM key, ASF DRM)."""
    return (
        stream.codec_context.codec_tag in ("encv", "drmi")
        or "enc_key_id" in stream.metadata
        or "ASF_Protection_Type" in container.metadata
    )


def open_error(path: str, error: Exception) -> MediaError:
    """The typed error for what FFmpeg or the system said while `path` was opened."""
    if isinstance(error, MediaError):
        return error
    if isinstance(error, MemoryError):
        return DecodeMemoryExceeded(path, "its header asks for too much memory")
    if isinstance(error, av.error.PermissionError):
        return UnreadableFile(path, "may not be read")
    if isinstance(error, av.error.OSError | OSError):
        return UnreadableFile(path, f"the file system reports: {error.strerror}")
    with Path(path).open("rb") as file:
        known = is_video_container(file.read(SNIFF_BYTES))
    if known:
        return UndecodableVideo(path, "starts as a video, but is damaged or truncated")
    return NotAVideo(path, "is in no video format that is accepted")


def encrypted(path: str) -> EncryptedVideo:
    """The error for a locked stream."""
    return EncryptedVideo(path, "its video is encrypted")


def _preference(stream: VideoStream) -> tuple[bool, int, int]:
    default = bool(stream.disposition & Disposition.default)
    return default, stream.width * stream.height, -stream.index


def _checked_name(path: str | PathLike[str]) -> str:
    name = os.fspath(path)
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(name).decode("utf-8", "backslashreplace")
        raise UnreadableFile(shown, "its name is not UTF-8", "Rename the file.") from None
    if "\0" in name:
        raise UnreadableFile(name.replace("\0", "\\0"), "its name has a zero byte")
    return name


def _check_file(name: str) -> None:
    """Refuse what would block or can never be a video, before FFmpeg sees it."""
    try:
        status = Path(name).stat()
        if stat.S_ISREG(status.st_mode):
            os.close(os.open(name, os.O_RDONLY))
    except OSError as error:
        raise UnreadableFile(name, f"cannot be opened: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFile(name, "is not a regular file", "Give a video file.")
    if status.st_size == 0:
        raise EmptyFile(name, "is empty (0 bytes)")
