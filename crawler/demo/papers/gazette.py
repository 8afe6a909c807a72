"""The Harbour Gazette: the tidy daily. JSON-LD, OpenGraph, sitemaps, a feed, and rules for robots.

In its "2019" layout, before it was rebuilt, it said all this in words only.
"""

from __future__ import annotations

import json
from datetime import date
from html import escape
from typing import Any

from crawler.demo.cast import ENGLISH
from crawler.demo.feeds import news_sitemap, rss, sitemap, sitemap_index
from crawler.demo.grammar import Dice
from crawler.demo.markup import anchor, block_html, items, spread
from crawler.demo.paper import Paper, facts_of, page_of, write_stories
from crawler.demo.story import Story, slug
from crawler.demo.wire import Reply, Request, html, xml
from sites.article import Block, TextLink

__all__ = ["Gazette"]

_STAFF = (
    "Nora Quill", "Tom Adeyemi", "Hanne Lindqvist", "Felix Marsh", "Priya Oakes", "Jasper "
    "Kettering", "Ruth Orme",
)  # fmt: skip
_PROMO = "The Gazette lives on its readers. Take a subscription, four weeks for the price of one."


class Gazette(Paper):
    """`crawl_delay` is what robots.txt asks for, in seconds."""

    def __init__(
        self, seed: int, today: date, *, layout: str = "", extra: int = 0, crawl_delay: float = 0.2
    ) -> None:
        super().__init__("gazette.example", "The Harbour Gazette")
        self.layout = layout
        self.stories = write_stories(
            self, seed, ENGLISH, count=64, today=today, staff=_STAFF, extra=extra, dateline=0.6
        )
        self.sections = tuple(sorted({story.section for story in self.stories}))
        self.text(
            "/robots.txt",
            f"User-agent: *\nDisallow: /search\nDisallow: /print/\nCrawl-delay: {crawl_delay:g}\n\n"
            f"Sitemap: {self.origin}/sitemap.xml\nSitemap: {self.origin}/sitemap-news.xml\n",
        )
        self.page("/", self._front)
        self.page("/about", self._about)
        self.routes["/search"] = lambda request: html(
            self._frame("Search", f"<p>{escape(request.query)}</p>")
        )
        for section in self.sections:
            self.routes[f"/section/{section.lower()}"] = self._section_route(section)
        for index, story in enumerate(self.stories):
            self._add(story, self.stories[index + 1 :])
        listed = [(self._url(s), s.title, s.published, s.deck) for s in self.stories]
        changed = [(self._url(story), story.modified or story.published) for story in self.stories]
        self.routes["/sitemap.xml"] = lambda _: xml(
            sitemap_index(f"{self.origin}/sitemap-{name}.xml" for name in ("articles", "news"))
        )
        self.routes["/sitemap-articles.xml"] = lambda _: xml(sitemap(changed))
        self.routes["/sitemap-news.xml"] = lambda _: xml(news_sitemap(self.name, "en", listed[:4]))
        self.routes["/feed.xml"] = lambda _: xml(
            rss(self.name, f"{self.origin}/", listed[:15]), "application/rss+xml"
        )

    def _url(self, story: Story) -> str:
        return f"{self.origin}/news/{story.published:%Y/%m/%d}/{story.slug}"

    def _path(self, story: Story) -> str:
        return self._url(story).removeprefix(self.origin)

    def _add(self, story: Story, older: tuple[Story, ...]) -> None:
        url = self._url(story)
        blocks = self._blocks(story, older)
        self.routes[self._path(story)] = lambda _: html(
            self._old_article(story, blocks) if self.layout == "2019" else self._article(story, blocks, older)
        ).having(("Last-Modified", f"{story.modified or story.published:%a, %d %b %Y %H:%M:%S} GMT"))
        self.page(f"/print/{story.slug}", lambda: self._frame(story.title, "".join(map(block_html, blocks))))
        picture = self.picture(f"/media/{story.slug}.svg")
        if self.layout == "2019":
            self.truth[url] = facts_of(
                story, url, blocks, site_name=self.name, published=f"{story.published:%Y-%m-%dT%H:%M}"
            )
            return
        self.truth[url] = facts_of(
            story,
            url,
            blocks,
            canonical_url=url,
            site_name=self.name,
            subtitle=story.deck,
            published=story.published.isoformat(),
            modified=story.modified.isoformat() if story.modified else None,
            section=story.section,
            tags=list(story.tags),
            language="en",
            image={"url": picture},
            paywalled=self._paywalled(older),
        )

    def _blocks(self, story: Story, older: tuple[Story, ...]) -> tuple[Block, ...]:
        """The story's blocks; every third one points at an older story."""
        if len(older) % 3 or len(older) < 9:
            return story.blocks
        earlier = Dice(story.slug).pick(older[3:20])
        before = "Readers of this newspaper will remember the report headlined "
        link = TextLink(self._url(earlier), earlier.title, len(before), len(before) + len(earlier.title))
        said = Block("paragraph", f"{before}{earlier.title}.", links=(link,))
        return (*story.blocks[:3], said, *story.blocks[3:])

    @staticmethod
    def _paywalled(older: tuple[Story, ...]) -> bool:
        return len(older) % 11 == 4

    @staticmethod
    def _caption(story: Story) -> str:
        return f"A drawing for the Gazette, {story.published:%B %Y}"

    def _byline(self, story: Story) -> str:
        return "By " + " and ".join(story.authors)

    def _related(self, story: Story, older: tuple[Story, ...]) -> str:
        chosen = Dice(f"related {story.slug}").some(older[:12], 4)
        return items((self._path(other), other.title) for other in chosen)

    def _article(self, story: Story, blocks: tuple[Block, ...], older: tuple[Story, ...]) -> str:
        url, picture = self._url(story), f"{self.origin}/media/{story.slug}.svg"
        data: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": url,
            "headline": story.title,
            "alternativeHeadline": story.deck,
            "datePublished": story.published.isoformat(),
            **({"dateModified": story.modified.isoformat()} if story.modified else {}),
            "author": [
                {"@type": "Person", "name": name, "url": f"{self.origin}/staff/{slug(name)}"}
                for name in story.authors
            ],
            "publisher": {"@type": "NewsMediaOrganization", "name": self.name, "url": f"{self.origin}/"},
            "articleSection": story.section,
            "keywords": list(story.tags),
            "image": {"@type": "ImageObject", "url": picture},
            "isAccessibleForFree": not self._paywalled(older),
            "inLanguage": "en",
        }
        metas = {
            "og:type": "article",
            "og:site_name": self.name,
            "og:title": story.title,
            "og:description": story.deck,
            "og:url": url,
            "og:image": picture,
            "article:published_time": story.published.isoformat(),
            "article:section": story.section,
        }
        head = "".join(
            f'<meta property="{key}" content="{escape(value)}">\n' for key, value in metas.items()
        ) + "".join(f'<meta property="article:tag" content="{escape(tag)}">\n' for tag in story.tags)
        if story.modified:
            head += f'<meta property="article:modified_time" content="{story.modified.isoformat()}">\n'
        head += f'<link rel="canonical" href="{url}">\n'
        head += f'<script type="application/ld+json">{json.dumps(data)}</script>'
        promo = f'<p class="promo">{_PROMO} <a href="/about">How to subscribe</a></p>'
        body = spread([block_html(block) for block in blocks], [(3, promo)])
        return self._frame(
            story.title,
            f'<article class="story">\n<p class="kicker">{story.section}</p>\n'
            f'<h1 class="headline">{escape(story.title, quote=False)}</h1>\n'
            f'<p class="deck">{escape(story.deck, quote=False)}</p>\n'
            f'<div class="byline">{self._byline(story)} '
            f'<time datetime="{story.published.isoformat()}">{story.published:%d %B %Y, %H.%M}</time></div>\n'
            f'<figure><img src="{picture}" alt=""><figcaption>{self._caption(story)}</figcaption></figure>\n'
            f'{body}\n<p class="tools"><a href="/print/{story.slug}">Print this article</a></p>\n</article>\n'
            '<aside class="related"><h3>More from the Gazette</h3>'
            f"<ul>{self._related(story, older)}</ul></aside>",
            head,
        )

    def _old_article(self, story: Story, blocks: tuple[Block, ...]) -> str:
        body = spread([block_html(block) for block in blocks], [(2, f'<div class="box">{_PROMO}</div>')])
        return self._frame(
            story.title,
            f'<div id="content"><h1>{escape(story.title, quote=False)}</h1>\n<div '
            f'class="meta">{self._byline(story)} | '
            f"Published {story.published.day} {story.published:%B %Y, %H:%M}</div>\n"
            f'<div class="text">\n{body}\n</div></div>',
        )

    def _frame(self, title: str, body: str, head: str = "") -> str:
        sections = items((f"/section/{name.lower()}", name) for name in self.sections)
        name = escape(self.name)
        tab = name if title == self.name else f"{escape(title, quote=False)} | {name}"
        return (
            f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{tab}</title>\n'
            f'<link rel="alternate" type="application/rss+xml" href="/feed.xml">\n{head}\n</head>\n<body>\n'
            f'<header><a class="logo" href="/">{name}</a>\n<nav><ul>{sections}<li>'
            '<a href="/about">About us</a></li>'
            f'<li><a href="/search?q=harbour">Search</a></li></ul></nav></header>\n<main>\n{body}\n</main>\n'
            f"<footer><p>{name}, Lower Quay 4, Saltby. Printed every day but Christmas.</p>"
            "</footer>\n</body>\n</html>\n"
        )

    def _list(self, stories: tuple[Story, ...]) -> str:
        return "\n".join(
            f'<div class="teaser"><h2>{anchor(self._path(story), story.title)}</h2>'
            f"<p>{escape(story.deck, quote=False)}</p></div>"
            for story in stories
        )

    def _front(self) -> str:
        return self._frame(self.name, self._list(self.stories[:12]))

    def _about(self) -> str:
        staff = items((f"/staff/{slug(name)}", name) for name in _STAFF)
        return self._frame("About us", f"<h1>About us</h1><p>The Gazette is written by:</p><ul>{staff}</ul>")

    def _section_route(self, section: str) -> Any:
        own = tuple(story for story in self.stories if story.section == section)

        def route(request: Request) -> Reply:
            number = request.query.removeprefix("page=")
            page = int(number) if number.isdecimal() and len(number) < 5 else 1
            shown, more = page_of(own, page, 8)
            after = f'<p class="pages"><a rel="next" href="?page={page + 1}">Older</a></p>' if more else ""
            return html(self._frame(section, f"<h1>{section}</h1>{self._list(tuple(shown))}{after}"))

        return route

    def missing(self, request: Request) -> Reply:
        names = {f"/staff/{slug(name)}": name for name in _STAFF}
        if name := names.get(request.path):
            own = tuple(story for story in self.stories if name in story.authors)
            return html(self._frame(name, f"<h1>{name}</h1>{self._list(own)}"))
        return super().missing(request)
