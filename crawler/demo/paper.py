"""What all the demo's papers have in common: routes, and the truth about their articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from crawler.demo.cast import Cast
from crawler.demo.grammar import Dice, load_plots
from crawler.demo.story import Story, write_story
from crawler.demo.wire import Reply, Request, html, negotiate, not_found
from sites.article import Block

__all__ = ["ZONE", "Facts", "Paper", "day_in_words", "facts_of", "page_of", "write_stories"]

Facts = dict[str, Any]
ZONE = timezone(timedelta(hours=1))
_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">'
    '<rect width="640" height="360" fill="#{0}"/>'
    '<path d="M0 240q160-{1} 320 0t320 0v120H0z" fill="#{2}"/></svg>'
)


class Paper:
    """One host. `truth` maps the URL of each article to what is to be found in it, in the Article schema.

    Keys that are absent say nothing; "" and [] say that there is nothing to be found.
    """

    def __init__(self, host: str, name: str) -> None:
        self.host, self.name = host, name
        self.origin = f"http://{host}"
        self.routes: dict[str, Callable[[Request], Reply]] = {}
        self.truth: dict[str, Facts] = {}

    def handle(self, request: Request) -> Reply:
        """The reply to a request for this host. Pure."""
        route = self.routes.get(request.path)
        return negotiate(request, route(request) if route is not None else self.missing(request))

    def missing(self, request: Request) -> Reply:
        """What is said of a path without a route."""
        return not_found()

    def text(self, path: str, text: str, media_type: str = "text/plain; charset=utf-8") -> None:
        """Serve a fixed text at this path."""
        self.routes[path] = lambda _: Reply(200, (("Content-Type", media_type),), text.encode())

    def page(self, path: str, make: Callable[[], str]) -> None:
        """Serve the page that `make` writes, written anew when it is asked for."""
        self.routes[path] = lambda _: html(make())

    def picture(self, path: str) -> str:
        """Serve a small drawing at this path; gives its URL."""
        dice = Dice(path)
        shades = [f"{dice.between(0x60, 0xEE):02x}" for _ in range(6)]
        drawing = _PICTURE.format("".join(shades[:3]), dice.between(20, 160), "".join(shades[3:]))
        self.text(path, drawing, "image/svg+xml")
        return self.origin + path

    def __repr__(self) -> str:
        return f"<Paper {self.host}: {self.name}, {len(self.truth)} articles>"


def write_stories(
    paper: Paper,
    seed: int,
    cast: Cast,
    *,
    count: int,
    today: date,
    staff: Sequence[str],
    extra: int = 0,
    days_apart: float = 1.0,
    dateline: float = 0.0,
) -> tuple[Story, ...]:
    """`count` stories up to `today`, and `extra` after it, newest first; no two have the same slug or title.

    `dateline` is the share of them that open with a place. The extra ones change nothing of the others.
    """
    *plots, asides = load_plots("japanese" if cast.surname_first else "english")
    morning = datetime.combine(today, time(6, 0), ZONE)
    stories: list[Story] = []
    taken: set[str] = set()
    for index in range(count - 1, -1 - extra, -1):
        for attempt in range(99):
            dice = Dice(f"{seed}/{paper.host}/{index}/{attempt}")
            published = morning - timedelta(days=round(index * days_apart), minutes=-dice.below(720))
            plot = plots[(index * 7 + seed + attempt) % len(plots)]
            told = dice.chance(dateline)
            story = write_story(plot, asides, cast, dice, published, staff=tuple(staff), dateline=told)
            if story.slug not in taken and story.title not in taken:
                break
        taken |= {story.slug, story.title} - {""}
        stories.append(story)
    stories.sort(key=lambda story: story.published, reverse=True)
    return tuple(stories)


def facts_of(story: Story, url: str, blocks: Sequence[Block] | None = None, **more: Any) -> Facts:
    """What is true of a story printed at this URL; `more` adds facts or, with None, takes some away."""
    facts: Facts = {
        "url": url,
        "title": story.title,
        "authors": list(story.authors),
        "dateline": story.dateline,
        "blocks": [
            {"kind": block.kind, "text": block.text} for block in (story.blocks if blocks is None else blocks)
        ],
    }
    facts |= more
    return {name: value for name, value in facts.items() if value is not None}


def page_of(stories: Sequence[Story], number: int, size: int) -> tuple[Sequence[Story], bool]:
    """The stories of a list's page (from 1), and whether another follows."""
    start = (max(1, number) - 1) * size
    return stories[start : start + size], len(stories) > start + size


def day_in_words(day: datetime | date) -> str:
    """As the Observer writes it: "Friday, the 11th of September 2026"."""
    ending = "th" if 10 <= day.day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"{day:%A}, the {day.day}{ending} of {day:%B} {day.year}"
