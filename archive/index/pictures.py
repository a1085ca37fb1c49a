"""Pictures and who shows them.  Only reads."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """An article that shows a picture, in its current text.  url: by which address; published: ISO 8601 or empty."""

    article: str
    title: str
    outlet: str
    published: str
    url: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A kept picture.  hash: 64 bits in hex that change little with size and quality; empty when they say nothing."""

    sha256: str
    path: str
    size: int
    width: int
    height: int
    frames: int
    hash: str
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Like:
    """A picture that looks the same.  distance: differing bits of 64."""

    picture: Known
    distance: int


def named(db: sqlite3.Connection, word: str) -> list[str]:
    """The pictures a word may mean: a hash or its beginning, a path in the archive, an address (at most a few)."""
    mark = word.rpartition("/")[2].partition(".")[0].lower()
    if len(mark) >= 6 and set(mark) <= set("0123456789abcdef"):
        rows = db.execute(
            "select sha256 from images where sha256 >= :mark and sha256 < :mark || 'g' order by sha256 limit 6",
            {"mark": mark},
        ).fetchall()
        if rows:
            return [sha256 for (sha256,) in rows]
    rows = db.execute(
        """
        select distinct sha256 from article_images
        where sha256 is not null and (url = :word or origin = :word) limit 6
        """,
        {"word": word},
    ).fetchall()
    return [sha256 for (sha256,) in rows]


def known(db: sqlite3.Connection, sha256: str) -> Known:
    """A kept picture with every article that shows it, the earliest first."""
    row = db.execute(
        "select path, size, width, height, frames, hash from images where sha256 = ?", (sha256,)
    ).fetchone()
    path, size, width, height, frames, mark = row
    uses = db.execute(
        """
        select a.id, a.title, a.outlet, coalesce(a.published, ''), i.url, i.caption, i.alt
        from article_images i join articles a on a.id = i.article and a.revision = i.revision
        left join texts t on t.id = a.id where i.sha256 = ? order by t.key, i.position
        """,
        (sha256,),
    )
    return Known(
        sha256=sha256,
        path=path,
        size=size,
        width=width,
        height=height,
        frames=frames,
        hash=mark,
        uses=tuple(
            Use(
                article=id,
                title=title,
                outlet=outlet,
                published=published,
                url=url,
                caption=caption,
                alt=alt,
            )
            for id, title, outlet, published, url, caption, alt in uses
        ),
    )


def like(db: sqlite3.Connection, mark: str, *, bits: int, but: str) -> list[Like]:
    """The pictures but one whose hash differs from `mark` in at most `bits` of 64 bits, the most alike first."""
    if not mark:
        return []
    wanted = int(mark, 16)
    found = sorted(
        (distance, sha256)
        for sha256, other in db.execute("select sha256, hash from images where hash <> ''")
        if sha256 != but and (distance := (int(other, 16) ^ wanted).bit_count()) <= bits
    )
    return [Like(known(db, sha256), distance) for distance, sha256 in found]
