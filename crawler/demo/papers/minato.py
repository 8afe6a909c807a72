"""みなと週報 (Harbour Weekly): another language and script. Its older half is still encoded in Shift_JIS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from html import escape
from urllib.parse import quote

from crawler.demo.cast import JAPANESE
from crawler.demo.feeds import atom
from crawler.demo.grammar import Dice
from crawler.demo.markup import block_html, items
from crawler.demo.paper import Paper, facts_of, write_stories
from crawler.demo.story import Story
from crawler.demo.wire import Reply, Request, html, xml

__all__ = ["Minato"]

_STAFF = ("汐見文恵", "宇野俊介", "真鍋千夏", "高瀬直樹")
_CAMERAS = ("三雲誠", "氷室玲奈")
_WEEKDAYS = "月火水木金土日"
_PER_ISSUE = 4


class Minato(Paper):
    def __init__(self, seed: int, today: date, *, extra: int = 0) -> None:
        super().__init__("minato.example", "みなと週報")
        self.stories = write_stories(
            self, seed, JAPANESE, count=32, today=today, staff=_STAFF, extra=extra, days_apart=7 / _PER_ISSUE
        )
        self.sections = tuple(dict.fromkeys(story.section for story in self.stories))
        self.text("/robots.txt", "User-agent: *\nDisallow: /kaiin/\n")
        self.page("/", lambda: self._frame("トップ", self._list(self.stories[:9]) + self._years()))
        self.page("/backnumber.html", lambda: self._frame("バックナンバー", self._list(self.stories)))
        self.routes["/atom.xml"] = lambda _: xml(
            atom(
                self.name,
                f"{self.origin}/",
                [(self.origin + self._path(s), s.title, s.published, s.deck) for s in self.stories[:10]],
            ),
            "application/atom+xml",
        )
        for section in self.sections:
            self.page(f"/ran/{quote(section)}", partial(self._section, section))
        for story in self.stories:
            self._add(story)

    def _path(self, story: Story) -> str:
        return f"/kiji/{story.published:%Y}/{story.published:%m%d}-{self._number(story):02d}.html"

    def _number(self, story: Story) -> int:
        return self.stories[::-1].index(story) + 1

    def _add(self, story: Story) -> None:
        url = self.origin + self._path(story)
        older = self._number(story) <= 16
        picture = self.picture(f"/shashin/{self._number(story)}.svg")

        def route(_: Request) -> Reply:
            page = self._article(story, picture, "Shift_JIS" if older else "UTF-8")
            return Reply(200, (("Content-Type", "text/html"),), page.encode("cp932")) if older else html(page)

        self.routes[self._path(story)] = route
        self.truth[url] = facts_of(
            story,
            url,
            site_name=self.name,
            subtitle=story.deck,
            published=f"{story.published:%Y-%m-%d}",
            section=story.section,
            tags=list(story.tags),
            language="ja",
            dateline="",
        )

    def _article(self, story: Story, picture: str, charset: str) -> str:
        when = story.published
        day = f"{when.year}年{when.month}月{when.day}日（{_WEEKDAYS[when.weekday()]}）"
        signed = f"文・{'、'.join(story.authors)}／写真・{Dice(story.title).pick(_CAMERAS)}"
        body = "\n".join(block_html(block) for block in story.blocks)
        tags = "".join(f"<li>{tag}</li>" for tag in story.tags)
        return self._frame(
            story.title,
            '<div class="kiji">\n<p class="ran"><a '
            f'href="/ran/{quote(story.section)}">{story.section}</a></p>\n'
            f'<h2 class="midashi">{escape(story.title, quote=False)}</h2>\n<p '
            f'class="sodemidashi">{story.deck}</p>\n'
            f'<p class="hizuke">{day}発行　第{1200 + self._number(story) // _PER_ISSUE}号</p>\n'
            f'<img class="shashin" src="{picture}" alt="">\n<div class="honbun">\n{body}\n</div>\n'
            f'<p class="shomei">{signed}</p>\n<ul class="kotoba">{tags}</ul>\n</div>\n'
            '<div class="koukoku">'
            "<p>みなと週報の定期購読は月々四百円。毎週金曜日の朝、自転車でお届けします。</p>"
            "</div>",
            charset,
        )

    def _frame(self, title: str, body: str, charset: str = "UTF-8") -> str:
        sections = items((f"/ran/{quote(name)}", name) for name in self.sections)
        return (
            f'<!DOCTYPE html>\n<html lang="ja">\n<head>\n<meta charset="{charset}">\n'
            f"<title>{escape(title, quote=False)}｜{self.name}</title>\n"
            f'<link rel="alternate" type="application/atom+xml" href="/atom.xml">\n</head>\n<body>\n'
            f'<h1 class="daiji"><a href="/">{self.name}</a></h1>\n<ul class="annai">{sections}'
            f'<li><a href="/backnumber.html">バックナンバー</a></li></ul>\n{body}\n'
            f"<address>{self.name}編集部　汐凪町海岸通り三丁目</address>\n</body>\n</html>\n"
        )

    def _list(self, stories: Sequence[Story]) -> str:
        links = ((self._path(story), story.title) for story in stories)
        return f'<ul class="ichiran">{items(links)}</ul>'

    def _section(self, section: str) -> str:
        return self._frame(section, self._list([story for story in self.stories if story.section == section]))

    def _years(self) -> str:
        return '<p><a href="/backnumber.html">これまでの記事</a></p>'
