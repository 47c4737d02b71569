"""A new model without decoding: the shard of one encoder made of the tokens of another's."""

from __future__ import annotations

from indexer.assembly import make_shard
from indexer.errors import CorruptShard
from indexer.store.paths import LibraryPaths
from indexer.store.shards import Shard, read_shard
from model.encoder import Encoder


def reencode(paths: LibraryPaths, content: str, encoder: Encoder) -> Shard | None:
    """The shard of a content by `encoder`, from the tokens in another encoder's shard.

    None unless one lies there, undamaged, whose tokens the same CNN made of the same
    preprocessing. The other shard stays as it is: its generation may be the live one.
    """
    for path in sorted(paths.shards.glob(f"*/{content}.safetensors")):
        if path.parent.name == encoder.fingerprint:
            continue
        try:
            other = read_shard(path)
        except (CorruptShard, FileNotFoundError):
            continue  # `rebuild` by the encoder that it is of says so
        if other.features and other.features == encoder.feature_fingerprint:
            return make_shard(encoder, content, other.size_bytes, other.info, other.tokens)
    return None
