"""A recurrent tower is trained from tables of sentences, and what is held out stays apart."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.checkpoint import PRETRAINED, Checkpoint, write_manifest
from model.distillation import DistillationConfig
from model.errors import ModelError
from model.export_recurrent import Teacher, export
from model.grouped_sentences import GroupedSentences
from model.text_features import open_text_features
from tests.small_recurrent import SMALL, write_checkpoint

FEW_PIECES = 2200
"""The vocabulary's rare letters and its most frequent words."""


def write_tables(folder: Path, groups: int) -> list[Path]:
    """The same five sentences a picture as CSV and as TSV; a quote in each closes nowhere."""
    rows = [(g, f'a {g}" {word} dog') for g in range(groups) for word in "abcde"]
    table, plain = folder / "captions.csv", folder / "text.tsv"
    with table.open("w", encoding="utf-8", newline="") as file:
        named = [(f"flickr8k/{g}_{g:04x}.jpg", text) for g, text in rows]
        csv.writer(file).writerows([("image", "caption"), *named])
    lines = [f"{g}.jpg\t{text}\n" for g, text in rows]
    plain.write_text("id\tcaption\n" + "".join(lines), "utf-8")
    return [table, plain]


def test_tables_are_read_and_pictures_are_groups(tmp_path: Path):
    """A picture is one group by whichever name a set has it."""
    tables = write_tables(tmp_path, groups=3)
    for read in map(GroupedSentences.read, ([table] for table in tables)):
        assert read.texts[5] == 'a 1" a dog'
        assert read.groups == ["0"] * 5 + ["1"] * 5 + ["2"] * 5
    assert len(GroupedSentences.read(tables).texts) == 30


def test_a_picture_is_held_out_with_all_its_sentences(tmp_path: Path):
    sentences = GroupedSentences.read(write_tables(tmp_path, groups=400))
    apart = sentences.held_out()
    assert 0.005 < apart.mean() < 0.05
    taught, held_out = sentences.where(~apart), sentences.where(apart)
    assert not set(taught.groups) & set(held_out.groups)
    assert len(taught.texts) + len(held_out.texts) == 4000


def test_the_wording_of_a_held_out_sentence_is_held_out_everywhere(tmp_path: Path):
    sentences = GroupedSentences.read(write_tables(tmp_path, groups=400)[:1])
    known = sentences.where(sentences.held_out())
    taught = sentences.where(~sentences.held_out()).groups[0]
    more = GroupedSentences(
        [*known.texts, known.texts[0], "elsewhere"], [*known.groups, taught, taught]
    )
    assert more.held_out().tolist() == [*[True] * len(known.texts), True, False]


@pytest.mark.parametrize("content", [None, "id\ttitle\na\tb\n", "caption\na\n", "", b"\xff\xfe"])
def test_a_table_that_is_none_is_refused(tmp_path: Path, content: str | bytes | None):
    path = tmp_path / "text.tsv"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        path.write_text(content)
    with pytest.raises(ModelError, match=r"text\.tsv: cannot be read.*column caption"):
        GroupedSentences.read([path])


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Teacher:
    """A teacher that is quick: a small vocabulary, random weights."""
    folder = tmp_path_factory.mktemp("teacher")
    tokenizer = json.loads((PRETRAINED / "tokenizer.json").read_text("utf-8"))
    pieces = tokenizer["model"]["vocab"]
    tokenizer["model"]["vocab"] = {p: i for p, i in pieces.items() if i < FEW_PIECES}
    config = replace(SMALL, vocab_size=FEW_PIECES)
    write_checkpoint(folder, json.dumps(tokenizer).encode(), config)
    return Teacher(Checkpoint.open(folder))


def test_an_exported_tower_agrees_as_it_says(teacher: Teacher, tmp_path: Path):
    """Its cosine, measured again on the files it wrote."""
    sentences = GroupedSentences.read(write_tables(tmp_path, groups=150)[:1])
    cosine = export(sentences, teacher, tmp_path / "out", DistillationConfig(epochs=1, batch=128))
    held_out = sentences.where(sentences.held_out()).texts
    learnt = open_text_features(Checkpoint.open(tmp_path / "out"))
    vectors = open_text_features(teacher.checkpoint)(held_out)
    assert (learnt(held_out) * vectors).sum(1).mean() == pytest.approx(cosine, abs=2e-3)
    assert cosine > 0.8


def test_what_the_teacher_said_is_kept(teacher: Teacher, tmp_path: Path):
    """For the same sentences alone."""
    teacher = Teacher(teacher.checkpoint, tmp_path)
    first = teacher(["a dog", "a cat"])
    (kept,) = tmp_path.iterdir()
    np.save(kept, 2 * first)
    np.testing.assert_array_equal(teacher(["a dog", "a cat"]), 2 * first)
    np.testing.assert_array_equal(teacher(["a cat", "a dog"]), first[::-1])


def test_the_vocabulary_is_taught_too(teacher: Teacher):
    vectors, words = teacher.vocabulary()
    assert vectors.shape == (FEW_PIECES, 384)
    (people,) = teacher.token_ids(["people"])
    row = words.token_ids.index(people)
    np.testing.assert_array_equal(words.vectors[row], vectors[people[1]])
    assert (words.vectors[row] @ teacher(["people"])[0]) > 0.999
    assert all(len(sentence) == 3 for sentence in words.token_ids)


def test_another_checkpoint_is_not_overwritten(teacher: Teacher, tmp_path: Path):
    write_manifest(tmp_path, {"encoder": "videobert"})
    with pytest.raises(ModelError, match="holds another checkpoint"):
        export(GroupedSentences(["a"], ["b"]), teacher, tmp_path, DistillationConfig())


def test_too_little_text_is_refused(teacher: Teacher, tmp_path: Path):
    with pytest.raises(ModelError, match="too few to hold any out"):
        export(GroupedSentences(["a"], ["b"]), teacher, tmp_path, DistillationConfig())
