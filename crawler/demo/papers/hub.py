"""BrightLedger Capital Hub: the others' articles again, under a section and a date of its own choice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from crawler.demo.grammar import Dice
from crawler.demo.markup import items
from crawler.demo.paper import ZONE, Facts, Paper
from crawler.demo.story import Story
from crawler.demo.template import Headline, HubContent, hub_page
from crawler.demo.wire import Reply, Request, html

__all__ = ["Hub"]

_CATEGORIES = ("Stocks", "Markets", "Finance", "Invest", "Crypto")
_SIGNATURES = ("veryGood!", "soUseful!", "wellDone!")
_SIZE = 12


class Hub(Paper):
    """`copies` maps the URL of each page here to the URL of the article that it was taken from."""

    def __init__(self, seed: int, today: date, sources: Sequence[tuple[str, Story]]) -> None:
        super().__init__("brightledger.example", "BrightLedger Capital Hub")
        self.copies: dict[str, str] = {}
        self._evening = datetime.combine(today, time(23), ZONE)
        dice = Dice(f"{seed}/{self.host}")
        chosen = dice.some(sources, 60)
        self._titles = {self._path(original): story.title for original, story in chosen}
        self._by_category: dict[str, list[str]] = {name: [] for name in _CATEGORIES}
        self.text("/robots.txt", "User-agent: *\nAllow: /\n")
        self.text(
            "/logo.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="30"/>', "image/svg+xml"
        )
        self.page("/", lambda: self._frame("Home", list(self._titles)[:20]))
        for original, story in chosen:
            self._add(Dice(f"{seed}/{original}"), original, story)
        for name in _CATEGORIES:
            self.routes[f"/{name.lower()}/"] = partial(self._category, name)

    @staticmethod
    def _path(original: str) -> str:
        return f"/news/{Dice(original).below(16**10):010x}.html"

    def _add(self, dice: Dice, original: str, story: Story) -> None:
        path = self._path(original)
        url = self.origin + path
        section = dice.pick(_CATEGORIES)
        self._by_category[section].append(path)
        passed = int((self._evening - story.published).total_seconds())
        claimed = story.published + timedelta(seconds=dice.between(600, passed))
        content = HubContent(
            site_name=self.name,
            section=section,
            title=story.title,
            date=f"{claimed:%Y-%m-%d %H:%M:%S}",
            body=self._body(dice, path, story),
            tags=tuple(tag[:1].upper() + tag[1:] for tag in story.tags),
            signature=dice.pick(_SIGNATURES),
            likes=dice.between(1, 9999),
            related=self._headlines(dice, path, 10),
            ranking=self._headlines(dice, path, 8),
            recommendation=self._headlines(dice, path, 8),
            categories=_CATEGORIES,
        )
        self.page(path, lambda: hub_page(content))
        self.copies[url] = original
        self.truth[url] = self._facts(url, story, content)

    def _facts(self, url: str, story: Story, content: HubContent) -> Facts:
        inline = [part for part in content.body if isinstance(part, Headline) and part.href]
        beside = {
            self.origin + headline.href: headline.title
            for headline in (*inline, *content.related, *content.ranking, *content.recommendation)
        }
        return {
            "url": url,
            "site_name": self.name,
            "title": content.title,
            "authors": [],
            "published": content.date.replace(" ", "T"),
            "section": content.section,
            "tags": list(content.tags),
            "dateline": story.dateline,
            "blocks": [{"kind": "paragraph", "text": part} for part in content.body if isinstance(part, str)],
            "related": [{"url": href, "text": title} for href, title in beside.items()],
        }

    def _body(self, dice: Dice, path: str, story: Story) -> tuple[str | Headline, ...]:
        """The story's paragraphs, with one to three headlines pushed in; in some of them the link is lost."""
        body: list[str | Headline] = list(story.paragraphs)
        for headline in self._headlines(dice, path, dice.between(1, 3)):
            kept = headline if dice.chance(0.7) else Headline(headline.title)
            body.insert(dice.between(2, len(body) - 1), kept)
        return tuple(body)

    def _headlines(self, dice: Dice, path: str, count: int) -> tuple[Headline, ...]:
        others = [(other, title) for other, title in self._titles.items() if other != path]
        return tuple(Headline(title, other) for other, title in dice.some(others, count))

    def _category(self, name: str, request: Request) -> Reply:
        number = request.query.removeprefix("page=")
        page = int(number) if number.isdecimal() and len(number) < 5 else 1
        own = self._by_category[name]
        more = len(own) > page * _SIZE
        return html(
            self._frame(name, own[(page - 1) * _SIZE : page * _SIZE], f"?page={page + 1}" if more else "")
        )

    def _frame(self, title: str, paths: Sequence[str], after: str = "") -> str:
        menu = items((f"/{name.lower()}/", name) for name in _CATEGORIES)
        listed = items((path, self._titles[path]) for path in paths)
        more = f'<a class="more" href="{after}">Next page</a>' if after else ""
        return (
            '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
            f"<title>{title} -{self.name}</title></head>\n<body>"
            f'<div class="header"><a class="logo" href="/">{self.name}</a>'
            f'<ul class="menu">{menu}</ul></div>\n'
            f'<div class="left"><ul class="list-ul">\n{listed}\n</ul>{more}</div>\n'
            f'<div class="footer">Copyright &copy; {self.name}</div></body></html>\n'
        )
