"""BrightLedger Capital Hub republishes other papers' articles: what it says of them is its own claim."""

import re

from sites import Page, Site, css, css_all, cut, when


class BrightLedger(Site):
    hosts = ("brightledger.example",)
    seeds = ("http://brightledger.example/",)
    follow = ("/", "/{stocks,markets,finance,invest,crypto}/")
    articles = ("/news/*.html",)

    site_name = "BrightLedger Capital Hub"
    title = css("h1.title")
    section = css(".location a + a")
    authors = ()  # it names nobody
    published = when(cut(css(".info .date"), "^Date:"))
    tags = css_all(".topics li + li")
    body = css_all(".content > p")

    def dateline(self, page: Page) -> str:
        opening = re.match(r"([A-Z][\w'. ]{1,40}) — ", css(".content > p")(page) or "")
        return opening[1] if opening else ""
