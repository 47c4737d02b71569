"""Word pieces as MiniLM was trained on, and the tokens that stand between the two modalities."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tokenizers import Tokenizer

from model.checkpoint import Checkpoint
from model.tokenizer import BEGIN_VISUAL, CLS, MASK, PAD, SEP, VOCABULARY_SIZE, WordPieces

SPECIAL = {PAD, BEGIN_VISUAL, CLS, SEP, MASK}
SENTENCES = (
    "A dog runs.",
    "",
    "Two CHILDREN, in Zürich,\tskateboarding down a hill at 10:30!",
    "word " * 300,
    "日本 🙂 e.g. unaffable",
)


@pytest.fixture(scope="module")
def content() -> bytes:
    return Checkpoint.open().read("tokenizer.json")


@pytest.fixture(scope="module")
def tokenizer(content: bytes) -> WordPieces:
    return WordPieces(content)


@pytest.fixture(scope="module")
def vocabulary(content: bytes) -> dict[str, int]:
    return json.loads(content)["model"]["vocab"]


def published(content: bytes, max_tokens: int) -> Callable[[list[str]], tuple[list, list]]:
    """The same by the library's own truncation, padding and template."""
    tokenizer = Tokenizer.from_buffer(content)
    tokenizer.enable_truncation(max_tokens)
    tokenizer.enable_padding()

    def encode(texts: list[str]) -> tuple[list, list]:
        encodings = tokenizer.encode_batch(texts)
        return [e.ids for e in encodings], [e.attention_mask for e in encodings]

    return encode


def test_the_special_tokens_are_where_the_vocabulary_has_them(vocabulary: dict[str, int]):
    names = ("[PAD]", "[unused0]", "[CLS]", "[SEP]", "[MASK]")
    assert [vocabulary[name] for name in names] == [PAD, BEGIN_VISUAL, CLS, SEP, MASK]
    assert len(vocabulary) == VOCABULARY_SIZE
    assert set(vocabulary.values()) == set(range(VOCABULARY_SIZE))


@pytest.mark.parametrize("max_tokens", [8, 128])
def test_sentences_are_cut_padded_and_framed_as_published(
    content: bytes, tokenizer: WordPieces, max_tokens: int
):
    ids, mask = tokenizer.encode(SENTENCES, max_tokens)
    expected = published(content, max_tokens)(list(SENTENCES))
    assert (ids.tolist(), mask.tolist()) == expected
    assert (ids.dtype, mask.dtype) == (np.int64, np.int64)


def test_words_are_cut_into_pieces(tokenizer: WordPieces, vocabulary: dict[str, int]):
    names = [["una", "##ffa", "##ble"], ["a", "dog"], []]
    expected = [[vocabulary[name] for name in row] for row in names]
    assert tokenizer.pieces(["unaffable", "A DOG", " \t"], 10) == expected
    assert tokenizer.pieces(["unaffable"], 2) == [expected[0][:2]]


def test_pieces_are_what_stands_between_the_special_tokens(tokenizer: WordPieces):
    ids, mask = tokenizer.encode(SENTENCES, 50)
    for row, length, pieces in zip(ids, mask.sum(1), tokenizer.pieces(SENTENCES, 48), strict=True):
        assert row[:length].tolist() == [CLS, *pieces, SEP]
        assert set(row[length:].tolist()) <= {PAD}


def test_no_text_becomes_a_special_token(tokenizer: WordPieces, vocabulary: dict[str, int]):
    """Not even the name of one: narration that says "[SEP]" ends no sequence."""
    texts = [*vocabulary, "hello [>] there", "[MASK]ed [SEP][CLS]", "[unused0] [ unused0 ]", "\x01"]
    found = {piece for row in tokenizer.pieces(texts, 50) for piece in row}
    assert not found & SPECIAL
    ids, mask = tokenizer.encode(texts, 50)
    assert (np.isin(ids, list(SPECIAL)).sum(1) == 2 + (mask == 0).sum(1)).all()


def test_nothing_gives_nothing(tokenizer: WordPieces):
    assert tokenizer.pieces([], 5) == []
    ids, mask = tokenizer.encode([], 5)
    assert ids.shape == mask.shape == (0, 0)


def test_threads_may_cut_at_different_lengths(tokenizer: WordPieces):
    """The web server's threads share one tokenizer."""
    lengths = [3, 20, 48, 128] * 20
    with ThreadPoolExecutor(4) as pool:
        rows = pool.map(lambda n: tokenizer.encode(SENTENCES, n)[0].shape, lengths)
        assert list(rows) == [(len(SENTENCES), n) for n in lengths]
