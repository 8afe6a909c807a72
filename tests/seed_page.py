"""The seed's page: its text, read in place from the corpus, poured into the hub's template."""

from __future__ import annotations

import re

from crawler.demo.template import Headline, HubContent, hub_page
from tests.corpus import corpus_path

__all__ = ["SEED_URL", "seed_content", "seed_html", "seed_text"]

SEED_URL = "http://www.truenorth-capital-hub.example/news/37d299.html"


def seed_text() -> str:
    return corpus_path("seed", "truenorth-article.txt").read_text("utf-8")


def seed_content(*, linked: bool = True) -> HubContent:
    """The text taken apart by its fixed words. `linked` gives headlines an address, as the page had."""
    path, title, view, date, *rest = [line for line in seed_text().split("\n") if line]
    section, glued = re.fullmatch(r"Current:Home > (Stocks)(.*)", path).groups()  # type: ignore[union-attr]
    site = glued.removeprefix(f"{title} -")
    assert view == "View"
    tags_at = rest.index("- In:")
    related_at, ranking_at, tiles_at = (rest.index(name) for name in ("Related", "Ranking", "Recommendation"))
    signature, likes = re.fullmatch(r"(.*) \((\d+)\)", rest[related_at - 1]).groups()  # type: ignore[union-attr]

    def headlines(lines: list[str]) -> tuple[Headline, ...]:
        titles = [line.removeprefix("- ") for line in lines]
        return tuple(
            Headline(text, f"/news/{abs(hash_of(text)):x}.html" if linked else "") for text in titles
        )

    body = tuple(
        headlines([line])[0] if line.startswith("- ") else line.replace("\xa0", " ")
        for line in rest[:tags_at]
    )
    return HubContent(
        site_name=site,
        section=section,
        title=title,
        date=date.removeprefix("Date:"),
        body=body,
        tags=tuple(line.removeprefix("- ") for line in rest[tags_at + 1 : related_at - 1]),
        signature=signature,
        likes=int(likes),
        related=headlines(rest[related_at + 1 : ranking_at]),
        ranking=headlines(rest[ranking_at + 1 : tiles_at]),
        recommendation=headlines(rest[tiles_at + 1 :]),
    )


def hash_of(text: str) -> int:
    return sum(ord(sign) * (n + 1) for n, sign in enumerate(text)) % 0xFFFFFF


def seed_html(*, linked: bool = True) -> bytes:
    return hub_page(seed_content(linked=linked)).encode()
