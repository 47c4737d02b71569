"""Old encodings are read, and nothing that a subtitle file holds leads to a crash or a hang."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import UnreadableFile
from indexer.media import subtitle_files
from indexer.media.reading import Transcript
from indexer.media.subtitle_files import read_subtitles
from model.sentences import Cue

SRT = "1\n00:00:01,000 --> 00:00:02,500\n{}\n"


@pytest.fixture
def formats(shared_data: Path) -> Path:
    return shared_data / "subtitle_formats"


def read(tmp_path: Path, content: bytes) -> Transcript:
    (tmp_path / "a.srt").write_bytes(content)
    return read_subtitles(tmp_path / "a.srt")


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "Un café noir"),
        ("utf-8-sig", "Un café noir"),
        ("utf-16", "Un café noir"),
        ("utf-16-le", "Un café noir"),
        ("utf-16-be", "Un café noir"),
        ("utf-32", "Un café noir"),
        ("cp1252", "Un café noir"),
        ("cp1250", "Zażółć gęślą jaźń, mówię ci to już po raz ósmy, dziękuję"),
        ("cp1251", "Я провёл почти двадцать лет, наблюдая за людьми"),
        ("koi8-r", "Я провёл почти двадцать лет, наблюдая за людьми"),
        ("cp1253", "Έχω περάσει σχεδόν δύο δεκαετίες παρατηρώντας"),
        ("cp1254", "Şanslı insanları gözlemleyerek yaklaşık yirmi yıl geçirdim, değil mi"),
        ("shift_jis", "私は二十年近く、幸運な人々を観察してきました"),
        ("gb18030", "我花了近二十年的时间观察是什么让人更幸运"),
        ("big5", "我花了近二十年的時間觀察是什麼讓人更幸運"),
        ("cp949", "저는 거의 이십 년 동안 사람들을 관찰해 왔습니다"),
    ],
)
def test_old_encodings_are_read(tmp_path: Path, encoding: str, said: str):
    content = SRT.format(said).replace("\n", "\r\n").encode(encoding)
    assert read(tmp_path, content).cues == (Cue(1, 2.5, said),)


def test_french_in_its_old_encoding(formats: Path, tmp_path: Path):
    path = formats / "accented.srt"
    content = path.read_text(encoding="utf-8").encode("cp1252")
    assert read(tmp_path, content).cues == read_subtitles(path).cues


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no format of subtitles"),
        (b"a\0\0b\0", "no text"),
        (b"\0\0\1\xba\x44\0\4", "pictures of text.*VobSub"),
        (b"# VobSub index file, v7", "pictures of text"),
        (b"WEBVTT\n\n", "no subtitle"),
        (SRT.format("<i></i> ").encode(), "no subtitle"),
        (SRT.format("a" * 10_001).encode(), "10,001 characters"),
        (b'<!DOCTYPE tt [<!ENTITY a "b">]><tt>&a;</tt>', "not understood.*DTD"),
        (b"<html><body>a</body></html>", "html"),
        (b"<tt>", "not understood"),
        (b'[{"start": NaN, "end": 1, "text": "a"}]', "not understood"),
        (b'{"events": 7}', "not understood"),
        (b"850STL25.01" + b"0" * 500, "not understood"),
        (b'{"a":' * 100_000, "not understood"),
        (b"<tt><body>" + b"<div>" * 100_000, "not understood"),
    ],
)
def test_broken_files_are_refused_with_a_reason(tmp_path: Path, content: bytes, reason: str):
    with pytest.raises(UnreadableFile, match=rf"(?s)a\.srt: .*{reason}.*Convert it to \.srt"):
        read(tmp_path, content)


def test_missing_and_endless_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_subtitles(tmp_path / "gone.srt")
    with pytest.raises(UnreadableFile, match="no regular file"):
        read_subtitles(tmp_path)
    monkeypatch.setattr(subtitle_files, "MOST_BYTES", 10)
    with pytest.raises(UnreadableFile, match="larger than 10 bytes"):
        read(tmp_path, SRT.format("Hello").encode())


HEADS = [
    b"",
    b"WEBVTT\n\n00:01.000 --> 00:02.000\n",
    b"1\n00:00:01,000 --> 00:00:02,000\n",
    b"[Script Info]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,",
    b"Scenarist_SCC V1.0\n\n00:00:01:00\t9425 94ad 9470 ",
    b"<SAMI><SYNC Start=1><P Class=A>",
    b"<tt xmlns='http://www.w3.org/ns/ttml'><body><div><p begin='1s'>",
    b"<timedtext><p t='1' d='2'>",
    b'{"events": [',
    b'[{"start": 1, "end": ',
    b"{1}{1}25\n{25}{50}",
    b"[10][20]",
    b"00:00:01:",
    b"00:00:01:00,00:00:02:00,",
    b"0:00:01.000,0:00:02.000\n",
    b"850STL25.0110009" + b"1" * 1008,
    b"\xff\xfe",
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(HEADS),
    st.binary(max_size=300) | st.text("<>{}[]\\/:,.0123pab \n").map(str.encode),
)
def test_no_bytes_lead_to_anything_but_cues_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, tail: bytes
):
    check(tmp_path_factory.getbasetemp() / "fuzz.srt", head + tail)


KINDS = (
    "ass",
    "dfxp",
    "json",
    "sami",
    "sbv",
    "scc",
    "srt",
    "ssa",
    "stl",
    "sub",
    "tmp",
    "vtt",
    "ytt",
)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_no_damage_to_real_files_leads_to_anything_else(
    formats: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    kind = data.draw(st.sampled_from(KINDS))
    content = bytearray((formats / f"test.{kind}").read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    damaged = bytes(content[: data.draw(st.integers(0, len(content)))])
    check(tmp_path_factory.getbasetemp() / "damaged.srt", damaged)


def check(path: Path, content: bytes) -> None:
    """Anything but UnreadableFile fails the test, and so do cues that are out of order."""
    path.write_bytes(content)
    try:
        cues = read_subtitles(path, 25).cues
    except UnreadableFile:
        return
    assert cues
    assert all(0 <= cue.start_s <= cue.end_s < float("inf") and cue.text.strip() for cue in cues)
    assert [cue.start_s for cue in cues] == sorted(cue.start_s for cue in cues)
