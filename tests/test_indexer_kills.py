"""kill -9 at any moment: the library opens, and the next run goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from indexer import pipeline
from indexer.errors import LibraryBusy
from indexer.store.lock import exclusive_lock
from tests.conftest import REPOSITORY, ColourEncoder
from tests.kill_nine import holds_lock, run_and_kill, torment
from tests.library_tools import snapshot, write_subtitles, write_video


def command(library: Path, *arguments: Path | str) -> list[str]:
    return [sys.executable, "-m", "tests.index_colours", str(library), *map(str, arguments)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for shade in (60, 140, 220):
        write_video(tmp_path / "videos" / f"{shade}.mp4", (shade, 0, 100), seconds=1)
    write_subtitles(tmp_path / "videos" / "220.srt", "This is red.", "That is green.")
    return tmp_path / "videos"


def test_runs_killed_at_random_moments_lose_nothing(tmp_path: Path, folder: Path):
    calm = pipeline.index(tmp_path / "calm", [folder], ColourEncoder())
    library, half = tmp_path / "library", tmp_path / "half"
    pipeline.index(half, [folder / "60.mp4"], ColourEncoder())
    tally = torment(
        command(library, folder),
        library,
        snapshot(tmp_path / "calm"),
        kills=6,
        longest_s=calm.elapsed_s,
        seed=9,
        half=half,
    )
    assert tally.mid_run == tally.opened + tally.not_found == 6
    assert tally.opened > 0


def test_a_run_killed_before_any_one_step_is_made_good_by_the_next(tmp_path: Path, folder: Path):
    """From a library with generations to prune; a file was removed, one renamed, one added."""
    library, encoder = tmp_path / "library", ColourEncoder()
    for shade in (10, 20):
        write_video(folder / "changing.mp4", (shade, 0, 0), seconds=0.5 + shade / 20)
        pipeline.index(library, [folder], encoder)
    truth = tmp_path / "truth"
    masters = tmp_path / "masters"
    masters.mkdir()
    (masters / "gone.mp4").write_bytes((folder / "changing.mp4").read_bytes())
    (folder / "changing.mp4").unlink()
    pipeline.index(library, [folder], encoder)
    (folder / "60.mp4").rename(folder / "sixty.mp4")
    (masters / "140.mp4").write_bytes((folder / "140.mp4").read_bytes())
    (folder / "140.mp4").unlink()
    write_video(folder / "new.mp4", (0, 250, 250), seconds=1)
    write_subtitles(folder / "220.srt", "Nothing is blue.")
    write_subtitles(folder / "new.vtt", "Now red and blue.")
    pipeline.index(truth, [folder, masters], encoder)
    done = subprocess.run(
        command(library, folder, "--each-step", truth),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    survived = json.loads(done.stdout)
    assert len(survived) > 15
    assert all(survived), done.stderr


def test_the_lock_keeps_a_second_process_out_and_goes_with_its_holder(tmp_path: Path, folder: Path):
    library, lock = tmp_path / "library", tmp_path / "library" / "indexer.lock"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib\nfrom indexer.store.lock import exclusive_lock\n"
            "with exclusive_lock(pathlib.Path(sys.argv[1])):\n print(flush=True)\n input()",
            str(lock),
        ],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LibraryBusy, match=f"process {holder.pid} is indexing") as caught:
            pipeline.index(library, [folder], ColourEncoder())
        assert str(library) in str(caught.value)
        holder.kill()
    assert pipeline.index(library, [folder], ColourEncoder()).ok


def test_the_decoders_of_a_killed_run_do_not_hold_the_lock(tmp_path: Path, folder: Path):
    library = tmp_path / "library"
    assert run_and_kill(command(library, folder), library, 0.1)
    with exclusive_lock(library / "indexer.lock"):
        pass
    assert not holds_lock(library, 0)


def test_the_lock_is_free_again_after_a_run_and_after_a_refusal(tmp_path: Path):
    lock = tmp_path / "library" / "indexer.lock"
    with exclusive_lock(lock), pytest.raises(LibraryBusy), exclusive_lock(lock):
        pass
    with exclusive_lock(lock):
        pass
