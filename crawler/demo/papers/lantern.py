"""The Lantern: a small paper that nobody has described yet, to practise on.

What it prints is plain enough for the defaults; only who wrote it, and when, stand where no rule would look.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from html import escape

from crawler.demo.cast import ENGLISH
from crawler.demo.feeds import json_feed
from crawler.demo.markup import anchor, block_html, items
from crawler.demo.paper import Paper, facts_of, write_stories
from crawler.demo.story import Story
from crawler.demo.wire import Reply

__all__ = ["Lantern"]

_STAFF = ("Odile Merrow", "Walter Zeller", "Farida Wexford")


class Lantern(Paper):
    def __init__(self, seed: int, today: date, *, extra: int = 0) -> None:
        super().__init__("lantern.example", "The Lantern")
        self.stories = write_stories(
            self, seed, ENGLISH, count=24, today=today, staff=_STAFF, extra=extra, days_apart=3
        )
        self.text("/robots.txt", "User-agent: *\nDisallow: /letters/\n")
        self.page("/", lambda: self._frame("Front page", self._list(self.stories[:10])))
        years = sorted({story.published.year for story in self.stories}, reverse=True)
        for year in years:
            self.page(f"/year/{year}", partial(self._year, year))
        self._nav = items([("/", "Front page"), *((f"/year/{year}", f"All of {year}") for year in years)])
        feed = [(self.origin + self._path(s), s.title, s.published, s.deck) for s in self.stories[:10]]
        self.routes["/feed.json"] = lambda _: Reply(
            200,
            (("Content-Type", "application/feed+json"),),
            json_feed(self.name, f"{self.origin}/", feed).encode(),
        )
        for story in self.stories:
            url = self.origin + self._path(story)
            self.page(self._path(story), partial(self._article, story))
            self.truth[url] = facts_of(
                story,
                url,
                dateline=None,
                site_name=self.name,
                published=f"{story.published:%Y-%m-%d}",
                language="en",
            )

    def _path(self, story: Story) -> str:
        return f"/leaf/{story.slug}"

    def _article(self, story: Story) -> str:
        body = "\n".join(block_html(block) for block in story.blocks)
        day = story.published
        return self._frame(
            story.title,
            f'<div class="leaf">\n<h1>{escape(story.title, quote=False)}</h1>\n{body}\n'
            f'<p class="signed">Set down by {" and ".join(story.authors)} on {day.day} '
            f"{day:%B %Y}</p>\n</div>\n"
            f'<div class="next"><p>Also in this paper</p><ul>{self._others(story)}</ul></div>',
        )

    def _year(self, year: int) -> str:
        own = [story for story in self.stories if story.published.year == year]
        return self._frame(f"All of {year}", self._list(own))

    def _others(self, story: Story) -> str:
        at = self.stories.index(story)
        return items((self._path(other), other.title) for other in self.stories[at + 1 : at + 4])

    def _frame(self, title: str, body: str) -> str:
        return (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(title, quote=False)} - {self.name}</title>\n"
            '<link rel="alternate" type="application/feed+json" href="/feed.json"></head>\n<body>\n'
            f'<div class="top"><a href="/">{self.name}</a> <ul>{self._nav}</ul></div>\n{body}\n'
            "<div class=foot>The Lantern is written, set and folded in a kitchen in "
            "Cray.</div>\n</body></html>\n"
        )

    def _list(self, stories: Sequence[Story]) -> str:
        return "\n".join(
            f"<h3>{anchor(self._path(story), story.title)}</h3><p>{escape(story.deck, quote=False)}</p>"
            for story in stories
        )
