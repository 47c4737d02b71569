"""Subtitle files of every format say the same words at the same times, or say why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from indexer.errors import UnreadableFile
from indexer.media.subtitle_files import read_subtitles
from model.sentences import Cue

SRT = "1\n00:00:01,000 --> 00:00:02,500\n{}\n"
FILM_HZ = 24.0
"""What test.scc counts its frames by."""

READ = {
    "test.ass": 0.01,
    "test.json": 0.001,
    "test.sami": 0.001,
    "test.sbv": 0.001,
    "test.scc": 1.5 / FILM_HZ,
    "test.srt": 0.0,
    "test.ssa": 0.01,
    "test.sub": 1 / 25,
    "test.tmp": 1.0,
    "test.vtt": 0.001,
    "test.ytt": 0.001,
    "test__bdafcea.srt": 0.001,
    "test_mpl2.txt": 0.1,
    "test_too_long.srt": 0.001,
}
"""File, and how exact its times can be, in seconds."""
REFUSED = {
    "test spaced.vtt",
    "test.txt",
    "test_plain.txt",
    "test_utils.scc",
    "test_utils.srt",
    "test_utils.xml",
    "with_newlines.txt",
}
LATE = {"test.dfxp", "test.xml"}
"""Their own times are 2 s after those of test.srt."""


@pytest.fixture
def formats(shared_data: Path) -> Path:
    return shared_data / "subtitle_formats"


def read(tmp_path: Path, content: str | bytes, name: str = "a.srt", fps: float | None = None):
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_subtitles(path, fps)


def texts(tmp_path: Path, content: str | bytes) -> list[str]:
    return [cue.text for cue in read(tmp_path, content).cues]


def words(cues: tuple[Cue, ...]) -> list[str]:
    return " ".join(cue.text for cue in cues).split()


# the files of every format


def test_every_file_is_spoken_of(formats: Path):
    others = {"accented.srt", "test.stl"}
    assert {path.name for path in formats.iterdir()} == {*READ, *REFUSED, *LATE, *others}


@pytest.mark.parametrize("name", READ)
def test_every_format_gives_the_same_words_at_the_same_times(formats: Path, name: str):
    wanted = read_subtitles(formats / "test.srt").cues
    cues = read_subtitles(formats / name, FILM_HZ).cues
    assert words(cues[: len(wanted)]) == words(wanted)
    assert {cue.text for cue in cues[len(wanted) :]} <= {"(SOUND EFFECT)", "LONG SUBTITLE."}
    for cue, other in zip(cues, wanted, strict=False):
        assert cue.start_s == pytest.approx(other.start_s, abs=READ[name] + 1e-6)
        if name != "test.tmp":  # has no ends
            assert cue.end_s == pytest.approx(other.end_s, abs=READ[name] + 1e-6)


@pytest.mark.parametrize("name", sorted(LATE))
def test_times_of_ttml_are_those_that_it_gives(formats: Path, name: str):
    wanted = read_subtitles(formats / "test.srt").cues
    found = read_subtitles(formats / name)
    assert (words(found.cues[:15]), found.language) == (words(wanted), "en")
    assert all(
        cue.start_s == pytest.approx(other.start_s + 2, abs=0.002)
        for cue, other in zip(found.cues, wanted, strict=False)
    )


def test_the_ebus_format_is_read_with_its_language(formats: Path):
    found = read_subtitles(formats / "test.stl")
    assert found.language == "en"
    assert found.cues[:2] == (Cue(0, 1.32, "left single row"), Cue(1.48, 2.68, "center single row"))
    assert len(found.cues) == 7


def test_the_ebus_times_count_from_the_programmes_start(formats: Path, tmp_path: Path):
    content = bytearray((formats / "test.stl").read_bytes())
    content[256:264] = b"10000000"
    for block in range(1024, len(content), 128):
        content[block + 5] += 10  # hours of the start, and of the end
        content[block + 9] += 10
    assert read(tmp_path, bytes(content)).cues == read_subtitles(formats / "test.stl").cues


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_none_is_refused_with_a_reason(formats: Path, name: str):
    with pytest.raises(UnreadableFile, match=r"no format of subtitles.*Convert it") as caught:
        read_subtitles(formats / name)
    assert caught.value.path == str(formats / name)


def test_content_counts_not_the_name(formats: Path, tmp_path: Path):
    for name in ("test.ass", "test.scc", "test.stl", "test.ytt", "test.json", "test.sami"):
        content = (formats / name).read_bytes()
        assert read(tmp_path, content).cues == read_subtitles(formats / name).cues


def test_a_counter_that_was_translated_is_no_text(formats: Path):
    assert "dix" not in words(read_subtitles(formats / "accented.srt").cues)


# formats that no file stands for


def test_notes_styles_and_names_of_webvtt_are_no_text(tmp_path: Path):
    found = read(
        tmp_path,
        "WEBVTT - a talk\nKind: captions\nLanguage: pt-BR\n\nSTYLE\n::cue { color: red }\n\n"
        "NOTE by nobody\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Ana>em\n1984\n\n"
        "NOTE\n00:00\n\n00:03.000 --> 00:04.000\nfim\n",
    )
    assert found.language == "pt"
    assert found.cues == (Cue(1, 2, "em\n1984"), Cue(3, 4, "fim"))


def test_youtubes_rolling_captions_are_said_once(tmp_path: Path):
    found = read(
        tmp_path,
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n \nwe cut<00:00:00.500><c> the onions</c>\n\n"
        "00:00:02.000 --> 00:00:02.010\nwe cut the onions\n \n\n"
        "00:00:02.010 --> 00:00:04.000\nwe cut the onions\nand fry<c> them</c>\n",
    )
    assert found.cues == (Cue(0, 2.01, "we cut the onions"), Cue(2.01, 4, "and fry them"))


def test_captions_of_line_21_that_roll_up_are_said_once(tmp_path: Path):
    code = "{}\t9425 9425 94ad 94ad 9470 9470 {}\n\n"
    text = "Scenarist_SCC V1.0\n\n" + "".join(
        code.format(f"00:00:0{at}:00", said)
        for at, said in ((1, "c8e5 ecec ef80"), (3, "f7ef f2ec 6480"), (5, "61e7 61e9 6e80"))
    )
    assert texts(tmp_path, text) == ["Hello", "world", "again"]


def test_codes_of_line_21_are_shown_when_they_have_arrived(tmp_path: Path):
    """Thirty codes, one a frame: the caption is complete nearly a second after its line's time."""
    codes = " ".join(["9420", "9470", *["c8e5"] * 27, "942f"])
    text = f"Scenarist_SCC V1.0\n\n00:00:10:00\t{codes}\n\n00:00:15:00\t942c\n"
    (cue,) = read(tmp_path, text).cues
    assert cue.start_s == pytest.approx((300 + 29) * 1.001 / 30, abs=0.001)
    assert cue.end_s == pytest.approx(450 * 1.001 / 30, abs=0.001)


def test_frames_are_counted_by_the_file_else_by_the_video(tmp_path: Path):
    assert read(tmp_path, "{50}{100}Hello\n", fps=25).cues == (Cue(2, 4, "Hello"),)
    own = read(tmp_path, "{1}{1}50\n{50}{100}{y:i}Hello|you\n", fps=25)
    assert own.cues == (Cue(1, 2, "Hello\nyou"),)
    with pytest.raises(UnreadableFile, match="frames"):
        read(tmp_path, "{50}{100}Hello\n")


def test_youtubes_json_and_xml(tmp_path: Path):
    events = [
        {"tStartMs": 0, "dDurationMs": 9000, "id": 1, "wpWinPosId": 1},
        {"tStartMs": 1000, "dDurationMs": 4000, "segs": [{"utf8": "we"}, {"utf8": " cut"}]},
        {"tStartMs": 2990, "dDurationMs": 10, "aAppend": 1, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 3000, "dDurationMs": 2000, "segs": [{"utf8": "onions"}]},
    ]
    wanted = (Cue(1, 3, "we cut"), Cue(3, 5, "onions"))
    assert read(tmp_path, json.dumps({"wireMagic": "pb3", "events": events})).cues == wanted
    srv3 = (
        '<?xml version="1.0"?><timedtext format="3"><body><p t="1000" d="4000"><s>we</s>'
        '<s t="200"> cut</s></p><p t="2990" d="10" a="1">\n</p><p t="3000" d="2000">onions</p>'
        "</body></timedtext>"
    )
    assert read(tmp_path, srv3).cues == wanted
    srv1 = '<transcript><text start="1" dur="2">we cut</text><text start="3" dur="2">it&amp;#39;s'
    assert texts(tmp_path, f"{srv1}</text></transcript>") == ["we cut", "it's"]


def test_segments_of_recognisers_and_what_pysubs2_wrote(tmp_path: Path):
    from pysubs2 import SSAEvent, SSAFile

    segments = [{"start": 1, "end": 2.5, "text": " Hello"}]
    found = read(tmp_path, json.dumps({"language": "de", "segments": segments}))
    assert (found.cues, found.language) == ((Cue(1, 2.5, "Hello"),), "de")
    file = SSAFile()
    file += [SSAEvent(1000, 2500, "Hello"), SSAEvent(1000, 2500, "no one", type="Comment")]
    assert read(tmp_path, file.to_string("json")).cues == (Cue(1, 2.5, "Hello"),)


def test_of_two_languages_in_sami_the_fuller_is_read(tmp_path: Path):
    text = (
        "<SAMI><HEAD><STYLE><!-- .KRCC { Name: Korean; lang: ko-KR; }\n.ENCC {lang: en-US;} -->"
        "</STYLE></HEAD><BODY><SYNC Start=1000><P Class=KRCC>안녕<P Class=ENCC>Hi<br>there\n"
        "<SYNC Start=2000><P Class=ENCC>&nbsp;<SYNC Start=3000><P Class=ENCC>Go</BODY></SAMI>"
    )
    found = read(tmp_path, text)
    assert found.language == "en"
    assert found.cues[0] == Cue(1, 2, "Hi\nthere")
    assert found.cues[1].text == "Go"


@pytest.mark.parametrize(
    ("attributes", "start_s", "end_s"),
    [
        ('begin="00:00:01:05" end="2s"', 1.2, 2),
        ('begin="1.5s" dur="500ms"', 1.5, 2),
        ('begin="00:01:00.25" end="2m"', 60.25, 120),
        ('begin="30t" end="40t"', 3, 4),
    ],
)
@pytest.mark.parametrize(
    "namespace", ["http://www.w3.org/ns/ttml", "http://www.w3.org/2006/10/ttaf1"]
)
def test_times_of_ttml(
    tmp_path: Path, namespace: str, attributes: str, start_s: float, end_s: float
):
    text = (
        f'<tt xmlns="{namespace}" xmlns:p="{namespace}#parameter" p:frameRate="25" p:tickRate="10"'
        f' xml:lang="fr"><body begin="10s"><div><p {attributes}>un\n  deux<br/><span>trois</span>'
        "</p></div></body></tt>"
    )
    found = read(tmp_path, text)
    assert found.language == "fr"
    assert found.cues == (
        Cue(pytest.approx(10 + start_s), pytest.approx(10 + end_s), "un deux\ntrois"),
    )


def test_both_formats_called_stl(tmp_path: Path):
    spruce = "//English\n$FontName = Arial\n00:00:01:05 , 00:00:02:10 , ^BHello^B|you\n"
    assert read(tmp_path, spruce, "a.stl").cues == (Cue(1.2, 2.4, "Hello\nyou"),)


def test_words_of_another_format_within_a_cue_mislead_nobody(tmp_path: Path):
    said = "Dialogue: it is hard\n[12][34] is no time\n{1}{2} neither"
    assert texts(tmp_path, SRT.format(said)) == [
        "Dialogue: it is hard\n[12][34] is no time\nneither"
    ]


def test_what_ass_draws_colours_and_remarks_is_no_text(tmp_path: Path):
    line = "Dialogue: 0,0:00:0{}.00,0:00:0{}.50,Default,,0,0,0,,{}\n"
    text = (
        "[Script Info]\n[V4+ Styles]\nStyle: Default,broken\n[Events]\n"
        + line.format(1, 1, r"{\pos(1,2)\k20}Put {\i1}it{\i0}\Nthere, please")
        + line.format(3, 3, r"{\an7\p1}m 0 0 l 100 0 100 100{\p0}")
        + line.format(5, 5, "x").replace("Dialogue", "Comment")
        + "Dialogue: broken\n"
    )
    assert read(tmp_path, text).cues == (Cue(1, 1.5, "Put it\nthere, please"),)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("a.srt", ""),
        ("a.en.srt", "en"),
        ("a.pt-BR.forced.srt", "pt"),
        ("a.English.srt", "en"),
        ("a.ger.srt", "de"),
        ("a.hi.srt", "hi"),
        ("a.en.hi.srt", "en"),
        ("a.hi.sdh.srt", ""),
        ("a.zh_Hans.srt", "zh"),
        ("My.film.srt", ""),
    ],
)
def test_the_name_says_the_language(tmp_path: Path, name: str, language: str):
    found = read(tmp_path, SRT.format("Hello"), name)
    assert (found.language, found.name, found.source) == (language, name, "file")
