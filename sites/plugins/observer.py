"""The Saltmarsh Observer, untidy: no structured data, advertisements in the text, dates in words."""

import re

from sites import Page, Site, css, css_all, first, when


class Observer(Site):
    hosts = ("observer.example",)
    seeds = ("http://observer.example/",)
    follow = ("/", "/index.php?cat=**")  # with its further pages: &p=2
    articles = ("/story.php?id=*",)
    drop_params = (*Site.drop_params, "print")  # the printable version is the same page
    every = "6h"

    site_name = "The Saltmarsh Observer"
    title = first(css("b.headline"), css("h1"))  # a plain h1 since the typesetter left
    section = css(".rubric")
    published = when(css("p.by"))
    body = css_all("td.story > :is(p, h2, ul, table.figures)", without=".by, .promo, .also, .tools")

    def authors(self, page: Page) -> tuple[str, ...]:
        byline = re.match(r"By (.+?), our reporter", css("p.by")(page) or "")
        return tuple(byline[1].split(" and ")) if byline else ()
