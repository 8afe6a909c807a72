"""The Maze Valley Diary: a trap. A calendar without end, session ids, paths that grow, lists in every order.

Six notices are all that it has to say; behind them lie more pages than anyone could ask for.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import partial
from hashlib import blake2b
from html import escape
from itertools import permutations

from crawler.demo.cast import ENGLISH
from crawler.demo.markup import anchor, block_html, items
from crawler.demo.paper import Paper, facts_of, write_stories
from crawler.demo.story import Story
from crawler.demo.wire import Reply, Request, html, not_found

__all__ = ["Labyrinth"]

_STAFF = ("Ottokar Thackeray",)
_ORDERS = ("date", "name", "place", "size")


class Labyrinth(Paper):
    def __init__(self, seed: int, today: date) -> None:
        super().__init__("labyrinth.example", "The Maze Valley Diary")
        self._today = today
        self._notices = write_stories(self, seed, ENGLISH, count=6, today=today, staff=_STAFF, days_apart=9)
        self.text("/robots.txt", "User-agent: *\nAllow: /\n")
        self.page("/", self._front)
        for number, story in enumerate(self._notices, 1):
            path = f"/notice/{number}"
            self.page(path, partial(self._notice, story))
            self.truth[self.origin + path] = facts_of(
                story,
                self.origin + path,
                dateline=None,
                site_name=self.name,
                published=f"{story.published:%Y-%m-%d}",
            )

    def handle(self, request: Request) -> Reply:
        if request.path in self.routes:
            return super().handle(request)
        kind, _, rest = request.path.strip("/").partition("/")
        match kind:
            case "calendar":
                return self._calendar(rest)
            case "session":
                return self._session(request)
            case "maze":
                return self._maze(request)
            case "list":
                return self._list(request)
        return not_found("There is no such corner in the maze.")

    def _front(self) -> str:
        notices = items((f"/notice/{n}", story.title) for n, story in enumerate(self._notices, 1))
        today = self._today
        return self._frame(
            "Notices",
            f"<ul>{notices}</ul><h2>What is on</h2><p>{anchor(f'/calendar/{today:%Y/%m}', 'Calendar')}"
            f" {anchor('/session/', 'My diary')} {anchor('/maze/', 'Walk the maze')} "
            f"{anchor('/list?sort=date', 'All places')}</p>",
        )

    def _notice(self, story: Story) -> str:
        body = "\n".join(block_html(block) for block in story.blocks)
        return self._frame(
            story.title,
            f"<article><h1>{escape(story.title, quote=False)}</h1>"
            f'<p class="by">By {" and ".join(story.authors)}, '
            f'<time datetime="{story.published:%Y-%m-%d}">{story.published:%d %B %Y}</time>'
            f"</p>\n{body}</article>",
        )

    def _calendar(self, rest: str) -> Reply:
        """A month with a page for each day, and the months before and after it, for ever."""
        parts = [int(part) if part.isdecimal() and len(part) < 5 else 0 for part in rest.split("/")]
        if not 2 <= len(parts) <= 3 or not 1 <= parts[1] <= 12 or not 1 <= parts[0] <= 9998:
            return not_found()
        year, month = parts[:2]
        name = f"{ENGLISH.months[month - 1]} {year}"
        before, after = (year - (month == 1), (month - 2) % 12 + 1), (year + (month == 12), month % 12 + 1)
        turns = " ".join(
            anchor(f"/calendar/{y}/{m:02d}", text) for (y, m), text in ((before, "before"), (after, "after"))
        )
        if len(parts) == 3:
            return html(self._frame(f"{parts[2]} {name}", f"<p>Nothing is on.</p><p>{turns}</p>"))
        days = range(1, monthrange(year, month)[1] + 1)
        cells = "".join(
            f"<td>{anchor(f'/calendar/{year}/{month:02d}/{day:02d}', str(day))}</td>" for day in days
        )
        return html(self._frame(name, f"<table><tr>{cells}</tr></table><p>{turns}</p>"))

    def _session(self, request: Request) -> Reply:
        """The same three pages, with another session id in every link."""
        marks = [
            blake2b(f"{request.target} {request.visit} {turn}".encode(), digest_size=8).hexdigest()
            for turn in range(3)
        ]
        links = items(
            (f"/session/{page}?sid={mark}", page)
            for page, mark in zip(("today", "week", "friends"), marks, strict=True)
        )
        return html(self._frame("My diary", f"<p>You have no entries.</p><ul>{links}</ul>"))

    def _maze(self, request: Request) -> Reply:
        """Relative links that make every path one segment longer."""
        if len(request.path) > 4000:
            return not_found("You are lost.")
        turns = items((f"{turn}/", turn) for turn in ("left", "right", "on"))
        depth = request.path.count("/") - 2
        return html(
            self._frame(
                "The maze", f"<p>You stand at a fork, {depth} turns from the gate.</p><ul>{turns}</ul>"
            )
        )

    def _list(self, request: Request) -> Reply:
        """One list, in every order, page and selection."""
        orders = [f"/list?sort={a}&then={b}&only={c}" for a, b, c in permutations(_ORDERS, 3)]
        number = request.query.rpartition("page=")[2]
        page = int(number) if number.isdecimal() and len(number) < 5 else 1
        onward = f"/list?{request.query.partition('&page=')[0]}&page={page + 1}"
        links = items([(order, order.partition("?")[2]) for order in orders] + [(onward, "more")])
        return html(self._frame("All places", f"<ul>{links}</ul>"))

    def _frame(self, title: str, body: str) -> str:
        return (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{escape(title, quote=False)} - "
            f'{self.name}</title></head>\n<body><p><a href="/">{self.name}</a></p>\n{body}\n</body></html>\n'
        )
