"""Text drawn on moving video, written, decoded and read again."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from nltk.metrics.distance import edit_distance

from indexer.errors import ReaderMissing
from indexer.media.pyav import PyavReader
from indexer.media.reading import ScreenText
from indexer.media.screen import recorder as screen
from indexer.media.screen import spans as spans_module
from indexer.media.screen.attention import Attention
from indexer.media.screen.reader import RapidReader, reader_version, require_reader
from indexer.media.screen.recorder import ScreenRecorder
from indexer.media.screen.strokes import Strokes
from tests.synthetic import Clip, constant_rate, write_clip

FPS = 4
SIZE = (640, 360)


class CountingReader:
    """The real reader, which counts what reaches it; the networks are loaded once."""

    real = RapidReader()

    def __init__(self) -> None:
        self.pictures = 0
        self.lines = 0

    def find(self, image):
        self.pictures += 1
        return self.real.find(image)

    def read(self, image, corners):
        self.lines += len(corners)
        return self.real.read(image, corners)


@pytest.fixture
def reader() -> CountingReader:
    pytest.importorskip("rapidocr_onnxruntime", reason="rapidocr-onnxruntime is not installed")
    return CountingReader()


def background(index: int, width: int, height: int) -> np.ndarray:
    """Soft hills of grey that drift to the left."""
    x = np.arange(width)[None] + 6 * index
    y = np.arange(height)[:, None]
    grey = 90 + 35 * np.sin(x / 37) + 25 * np.cos(y / 23 + x / 90)
    return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)


def write(image: np.ndarray, text: str, bottom: int, scale: float = 0.9) -> np.ndarray:
    """White letters with a dark rim, as subtitles have them."""
    for colour, thickness in ((0, 6), (255, 2)):
        cv2.putText(
            image, text, (40, bottom), cv2.FONT_HERSHEY_SIMPLEX, scale, (colour,) * 3, thickness,
            cv2.LINE_AA,
        )  # fmt: skip
    return image


def titles(*shown: tuple[float, float, str]):
    """Draws each text from its first to its second time."""

    def draw(index: int, width: int, height: int) -> np.ndarray:
        image = background(index, width, height)
        for start_s, end_s, text in shown:
            if start_s <= index / FPS < end_s:
                write(image, text, height - 50)
        return image

    return draw


def read(path: Path, reader) -> tuple[ScreenText, ...]:
    """What is on screen in `path`."""
    recorder = None
    with PyavReader(path, size=64) as video:
        for time_s, picture in video.pictures():
            recorder = recorder or ScreenRecorder(reader, shown_size=video.shown_size())
            recorder.add(time_s, picture, video.orientation(picture))
        assert recorder is not None
        assert recorder.warnings == ()
        return recorder.finish(video.info().duration_s)


def clip(path: Path, seconds: float, draw, **options) -> Path:
    width, height = options.pop("size", SIZE)
    return write_clip(
        path,
        Clip(
            constant_rate(FPS, seconds), width=width, height=height, draw=draw,
            rate=Fraction(FPS), options={"preset": "veryfast"}, **options,
        ),
    )  # fmt: skip


def test_titles_are_read_with_their_times(tmp_path, reader):
    shown = [(1.0, 3.0, "Fold the dough twice"), (4.5, 7.0, "Bake for 35 minutes")]
    spans = read(clip(tmp_path / "x.mp4", 8, titles(*shown)), reader)
    wanted = " ".join(text for _, _, text in shown)
    got = " ".join(span.text for span in spans)
    assert edit_distance(wanted, got) / len(wanted) <= 0.05
    assert len(spans) == 2
    for span, (start_s, end_s, _) in zip(spans, shown, strict=True):
        assert span.start_s == pytest.approx(start_s, abs=0.5)
        assert span.end_s == pytest.approx(end_s, abs=0.5)
        assert spans_module.MIN_CONFIDENCE <= span.confidence <= 1
    assert reader.lines <= 4


def test_pictures_without_text_never_reach_the_reader(tmp_path, reader):
    assert read(clip(tmp_path / "x.mp4", 8, background), reader) == ()
    assert read(write_clip(tmp_path / "blocks.mp4", Clip(constant_rate(4, 4))), reader) == ()
    assert reader.pictures == 0


@pytest.mark.parametrize("shape", [(1, 1), (2, 700), (700, 2), (16, 16), (3, 5)])
def test_a_picture_of_any_shape_can_be_looked_at(shape):
    noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    seen = Strokes.of(noise)
    assert seen.slope.shape == shape
    Attention().judge(0.0, seen)


@pytest.mark.parametrize("scale", [0.5, 0.9, 2.5, 3.5])
def test_drawn_text_has_strokes_and_hills_have_none(scale):
    hills = background(0, *SIZE)[..., 0]
    text = write(background(0, *SIZE), "Fold the dough", 200, scale)[..., 0]
    assert not Strokes.of(hills).cells.any()
    rows, _ = np.nonzero(Strokes.of(text).cells)
    assert rows.size
    assert 200 - 40 * scale <= rows.min() * 8
    assert rows.max() * 8 <= 200 + 20 * scale


def test_a_slide_is_searched_once_and_each_line_read_once(tmp_path, reader):
    def slide(index: int, width: int, height: int) -> np.ndarray:
        image = np.full((height, width, 3), 250, np.uint8)
        for row, text in enumerate(("Results of 2019", "Sales went up", "Costs went down")):
            cv2.putText(image, text, (60, 90 + 70 * row), 0, 1.1, (20, 20, 60), 2, cv2.LINE_AA)
        return image

    spans = read(clip(tmp_path / "x.mp4", 6, slide), reader)
    assert {span.text for span in spans} == {"Results of 2019", "Sales went up", "Costs went down"}
    assert {(span.start_s, span.end_s) for span in spans} == {(0.0, 6.0)}
    assert (reader.pictures, reader.lines) == (1, 3)


def test_one_changed_digit_is_read_again(tmp_path, reader):
    shown = titles((0.0, 2.0, "Round 3 of 8"), (2.0, 4.0, "Round 4 of 8"))
    read(clip(tmp_path / "x.mp4", 4, shown), reader)
    assert reader.lines >= 2


def test_the_shown_picture_is_read_not_the_stored_one(tmp_path, reader):
    def draw(index: int, width: int, height: int) -> np.ndarray:
        upright = write(background(index, height, 2 * width), "Turned on its side", 300)
        squeezed = cv2.resize(upright, (height, width), interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray(np.rot90(squeezed, -1))

    path = clip(
        tmp_path / "x.mov", 2, draw, size=(180, 480), rotation=90, aspect=Fraction(2, 1)
    )  # fmt: skip
    assert [span.text for span in read(path, reader)] == ["Turned on its side"]


def test_credits_that_roll_are_one_span_a_line(tmp_path, reader):
    names = ("Directed by Jane Doe", "Music by Max Munster", "Filmed in Uppsala")

    def roll(index: int, width: int, height: int) -> np.ndarray:
        image = np.zeros((height, width, 3), np.uint8)
        for row, name in enumerate(names):
            write(image, name, height + 40 + 60 * row - 24 * index)
        return image

    spans = read(clip(tmp_path / "x.mp4", 6, roll), reader)
    assert [span.text for span in spans] == list(names)
    assert all(2.5 <= span.end_s - span.start_s <= 4.5 for span in spans)


def test_chinese_is_read(tmp_path, reader):
    from matplotlib.font_manager import findSystemFonts
    from PIL import Image, ImageDraw, ImageFont

    hints = ("cjk", "wqy", "simhei", "simsun", "pingfang", "songti", "uming", "ukai", "droidsansf")
    fonts = [f for f in findSystemFonts() if any(hint in Path(f).name.lower() for hint in hints)]
    if not fonts:
        pytest.skip("no Chinese font is installed")

    def draw(index: int, width: int, height: int) -> np.ndarray:
        image = Image.fromarray(background(index, width, height))
        font = ImageFont.truetype(fonts[0], 36)
        ImageDraw.Draw(image).text((60, 250), "今天天气很好", font=font, fill=(255, 255, 255))
        return np.asarray(image)

    assert [span.text for span in read(clip(tmp_path / "x.mp4", 2, draw), reader)] == [
        "今天天气很好"
    ]


def test_chinese_subtitles_of_a_real_clip_are_read(shared_data, reader):
    spans = read(shared_data / "captioned_videos" / "msrvtt__video9880.mp4", reader)
    text = " ".join(span.text for span in spans)
    assert "沈佳宜國中" in text
    assert "學生之間的距離" in text


def test_titles_of_a_real_clip_are_read(shared_data, reader):
    spans = read(shared_data / "narrated_videos" / "0J7UPHL08fU-Scene-003.mp4", reader)
    titles = {span.text: span for span in spans}
    assert titles.keys() >= {"AWAY Luggage Carry-On", "$225"}
    assert titles["$225"].start_s == pytest.approx(1.0, abs=0.5)
    assert titles["$225"].end_s == pytest.approx(5.0, abs=0.5)


class FailingReader(CountingReader):
    """Cannot read the first picture."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def find(self, image):
        if self.pictures == 0:
            self.pictures = 1
            raise self.error
        return super().find(image)


@pytest.mark.usefixtures("reader")
def test_a_picture_that_cannot_be_read_costs_only_itself(tmp_path):
    path = clip(tmp_path / "x.mp4", 3, titles((0.0, 3.0, "Fold the dough")))
    reader = FailingReader(ValueError("damaged"))
    with PyavReader(path, size=64) as video:
        pictures = list(video.pictures())
        recorder = ScreenRecorder(reader, shown_size=video.shown_size())
        for time_s, picture in pictures:
            recorder.add(time_s, picture, video.orientation(picture))
    (span,) = recorder.finish(3.0)
    assert (span.start_s, span.end_s, span.text) == (0.5, 3.0, "Fold the dough")
    assert recorder.warnings == ("1 picture could not be searched for text",)


def test_running_out_of_memory_is_told(tmp_path):
    path = clip(tmp_path / "x.mp4", 1, titles((0.0, 1.0, "Fold the dough")))
    with PyavReader(path, size=64) as video:
        (time_s, picture), *_ = video.pictures()
        recorder = ScreenRecorder(FailingReader(MemoryError()), shown_size=video.shown_size())
        with pytest.raises(MemoryError):
            recorder.add(time_s, picture, video.orientation(picture))


@pytest.mark.usefixtures("reader")
def test_a_shortage_inside_the_networks_is_a_memory_error(monkeypatch):
    from rapidocr_onnxruntime.utils.infer_engine import ONNXRuntimeError

    def refuse(*_: object) -> object:
        raise ONNXRuntimeError("std::bad_alloc")

    small = RapidReader()
    small.find(np.zeros((64, 64, 3), np.uint8))
    monkeypatch.setattr(small._engine.text_det, "infer", refuse)
    with pytest.raises(MemoryError):
        small.find(np.zeros((64, 64, 3), np.uint8))


def test_what_is_not_installed_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    monkeypatch.setitem(sys.modules, "pyclipper", None)
    with pytest.raises(ReaderMissing, match=r"rapidocr-onnxruntime, pyclipper .* pip install"):
        require_reader()
    with pytest.raises(ReaderMissing):
        RapidReader().find(np.zeros((64, 64, 3), np.uint8))


@pytest.mark.usefixtures("reader")
def test_the_recipe_changes_with_the_settings(monkeypatch):
    before = screen.recipe()
    assert reader_version() in before
    monkeypatch.setattr(screen, "FIND_SIDE_PX", 960)
    assert screen.recipe() != before
