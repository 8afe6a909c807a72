"""The Evening Mood: every page is sent in another temper; `crawler.demo.moods.MOODS` is the table of them."""

from __future__ import annotations

from datetime import date
from html import escape

from crawler.demo.cast import ENGLISH
from crawler.demo.markup import block_html, items
from crawler.demo.moods import MOODS, Mood
from crawler.demo.paper import Paper, facts_of, write_stories
from crawler.demo.story import Story
from crawler.demo.wire import Reply, Request

__all__ = ["Moody"]

_STAFF = ("Konrad Grieve", "Lucia Yarrow")


class Moody(Paper):
    """`moods` maps each URL to its row of the table."""

    def __init__(self, seed: int, today: date) -> None:
        super().__init__("moody.example", "The Evening Mood")
        stories = write_stories(
            self, seed, ENGLISH, count=len(MOODS), today=today, staff=_STAFF, dateline=0.3
        )
        self.moods: dict[str, Mood] = {}
        self.text("/robots.txt", "User-agent: *\nDisallow: /private/\n")
        listed = [(f"/news/{mood.name}", story.title) for mood, story in zip(MOODS, stories, strict=True)]
        self.page("/", lambda: self._frame(self.name, f"<ul>{items(listed)}</ul>", ""))
        for mood, story in zip(MOODS, stories, strict=True):
            self._add(mood, story)

    def _add(self, mood: Mood, story: Story) -> None:
        path = f"/news/{mood.name}"
        url = self.origin + path
        page = self._article(story)
        self.routes[path] = lambda request: mood.act(page, request)
        self.moods[url] = mood
        if mood.reads:
            self.truth[url] = facts_of(
                story, url, site_name=self.name, published=story.published.isoformat(), language="en"
            )

    def handle(self, request: Request) -> Reply:
        route = self.routes.get(request.path)
        return route(request) if route is not None else self.missing(request)

    def _article(self, story: Story) -> str:
        body = "\n".join(block_html(block) for block in story.blocks)
        head = (
            '<meta property="og:type" content="article">\n<meta property="og:site_name" '
            f'content="{self.name}">\n'
            f'<meta property="article:published_time" content="{story.published.isoformat()}">\n'
            + "".join(f'<meta name="author" content="{name}">\n' for name in story.authors)
        )
        return self._frame(
            story.title,
            f"<article>\n<h1>{escape(story.title, quote=False)}</h1>\n{body}\n</article>",
            head,
        )

    def _frame(self, title: str, body: str, head: str) -> str:
        return (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
            f"<title>{escape(title, quote=False)} – {self.name}</title>\n{head}</head>\n<body>\n"
            f'<header><a href="/">{self.name}</a></header>\n{body}\n'
            "<footer>Café, reading room and editorial office: Weir Road 2.</footer>\n</body></html>\n"
        )
