"""Passages in many languages, in a catalog that full text is tried on."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.catalogs import add_video
from indexer.store.database import upgrade
from indexer.store.fulltext import index_passages
from indexer.store.passages import PassageHit
from indexer.store.schema import Video

PASSAGES = {
    "dog": ("speech", "en", "A dog runs along the beach."),
    "dogs": ("speech", "en", "Two dogs were running home."),
    "cat": ("speech", "en", "The cat sleeps on the red sofa all day."),
    "beach": ("speech", "en", "The beach is empty today."),
    "phone": ("screen", "en", "New iPhone with Wi-Fi, don't miss it"),
    "sale": ("screen", "", "SUMMER SALE −50% @ O'Brien's"),
    "name": ("name", "", "IMG_2024_beachParty.mp4"),
    "german": ("speech", "de", "Die Häuser in der Straße sind schön."),
    "french": ("speech", "fr", "L'été, les enfants mangeaient à l'école."),
    "russian": ("speech", "ru", "Собаки бежали по зелёному пляжу."),
    "turkish": ("speech", "tr", "İSTANBUL'da ışık var"),
    "arabic": ("speech", "ar", "الكِتَابُ على الطاولة والمدرسة بعيدة"),
    "hindi": ("speech", "hi", "कुत्ता समुद्र तट पर दौड़ रहा है"),
    "greek": ("speech", "el", "Ο σκύλος τρέχει στην παραλία"),
    "chinese": ("speech", "zh", "一只狗在沙滩上跑步，天气很好。"),
    "japanese": ("speech", "ja", "砂浜を走る犬とｶﾒﾗ"),
    "korean": ("speech", "ko", "해변에서 강아지가 달린다"),
    "thai": ("speech", "th", "สุนัขวิ่งบนชายหาด"),
    "khmer": ("speech", "km", "ឆ្កែរត់លើឆ្នេរ"),
    "lao": ("speech", "lo", "ໝາແລ່ນຢູ່ຫາດຊາຍ"),
    "burmese": ("speech", "my", "ခွေးသည် ကမ်းခြေပေါ်တွင် ပြေးနေသည်"),
    "hebrew": ("speech", "he", "כֶּלֶב רָץ על החוף"),
}


def enter(session: Session, path: str | None, rows: list[tuple[str, str, str]]) -> int:
    """A video at `path`, or without a file, with (channel, language, text) for passages."""
    count = session.scalar(select(func.count(Video.id))) or 0
    video = add_video(session, f"{count:064}", path)
    columns = ("channel", "language", "text")
    rest = {"video_id": video, "start_s": 1.0, "end_s": 2.5, "confidence": None}
    index_passages(
        session,
        [
            {**dict(zip(columns, row, strict=True)), **rest, "position": i}
            for i, row in enumerate(rows)
        ],
    )
    return video


def filled(engine: Engine, place: Path) -> Engine:
    """An empty database, now a catalog of a video with `PASSAGES`."""
    upgrade(engine, place)
    with Session(engine) as session, session.begin():
        enter(session, "/videos/a.mp4", list(PASSAGES.values()))
    return engine


def names(hits: list[PassageHit]) -> list[str]:
    """Of the `PASSAGES` that were found."""
    by_text = {passage[2]: name for name, passage in PASSAGES.items()}
    return [by_text[hit.text] for hit in hits]
