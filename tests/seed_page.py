"""The seed's page: its text, read in place from the corpus, poured into the hub's template."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin

from crawler.demo.template import Headline, HubContent, hub_page
from crawler.demo.wire import Reply, Request, html, not_found
from tests.corpus import corpus_path

__all__ = [
    "SEED_HOST",
    "SEED_PLUGIN",
    "SEED_URL",
    "SeedHub",
    "seed_content",
    "seed_facts",
    "seed_html",
    "seed_text",
]

SEED_HOST = "www.truenorth-capital-hub.example"
SEED_URL = f"http://{SEED_HOST}/news/37d299.html"
SEED_PLUGIN = """from sites.families import CopyHub


class TrueNorth(CopyHub):
    hosts = ("truenorth-capital-hub.example",)
    seeds = ("http://www.truenorth-capital-hub.example/",)
"""
_SOURCE = "http://first-publisher.example"


def seed_text() -> str:
    return corpus_path("seed", "truenorth-article.txt").read_text("utf-8")


def seed_content(*, linked: bool = True) -> HubContent:
    """The text taken apart by its fixed words. `linked` gives headlines an address, as the page had: those
    among the paragraphs lead to the paper that was copied, the others to pages of the hub."""
    path, title, view, date, *rest = [line for line in seed_text().split("\n") if line]
    section, glued = re.fullmatch(r"Current:Home > (Stocks)(.*)", path).groups()  # type: ignore[union-attr]
    site = glued.removeprefix(f"{title} -")
    assert view == "View"
    tags_at = rest.index("- In:")
    related_at, ranking_at, tiles_at = (rest.index(name) for name in ("Related", "Ranking", "Recommendation"))
    signature, likes = re.fullmatch(r"(.*) \((\d+)\)", rest[related_at - 1]).groups()  # type: ignore[union-attr]

    def headlines(lines: list[str], origin: str = "") -> tuple[Headline, ...]:
        titles = [line.removeprefix("- ") for line in lines]
        return tuple(
            Headline(text, f"{origin}/news/{hash_of(text):x}.html" if linked else "") for text in titles
        )

    body = tuple(
        headlines([line], _SOURCE)[0] if line.startswith("- ") else line.replace("\xa0", " ")
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


def seed_facts() -> dict[str, Any]:
    """What must come out of the page, in the Article schema."""
    content = seed_content()
    beside = [part for part in content.body if isinstance(part, Headline)]
    beside += [*content.related, *content.ranking, *content.recommendation]
    links = {urljoin(SEED_URL, headline.href): headline.title for headline in beside}
    return {
        "url": SEED_URL,
        "title": content.title,
        "site_name": content.site_name,
        "section": "Stocks",
        "published": "2025-04-14T14:20:43",
        "authors": [],
        "dateline": "Beijing",
        "tags": list(content.tags),
        "blocks": [{"kind": "paragraph", "text": part} for part in content.body if isinstance(part, str)],
        "related": [{"url": url, "text": text} for url, text in links.items()],
    }


class SeedHub:
    """A host for the demo's server: a front page that leads to the seed's page, and nothing at the others."""

    hosts = (SEED_HOST,)

    def handle(self, request: Request) -> Reply:
        if request.path == "/":
            return html(f'<title>Hub</title><ul><li><a href="{SEED_URL}">{seed_content().title}</a></ul>')
        return (
            Reply(200, (("Content-Type", "text/html; charset=utf-8"),), seed_html())
            if request.path == "/news/37d299.html"
            else not_found()
        )
