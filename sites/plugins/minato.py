"""みなと週報 (Harbour Weekly): in Japanese, its older half in Shift_JIS."""

import re

from sites import Page, Site, css, css_all, when


class Minato(Site):
    hosts = ("minato.example",)
    seeds = ("http://minato.example/",)
    follow = ("/", "/ran/*", "/backnumber.html")
    articles = ("/kiji/**",)
    every = "0 7 * * fri"

    site_name = "みなと週報"
    title = css("h2.midashi")
    subtitle = css("p.sodemidashi")
    section = css("p.ran")
    tags = css_all("ul.kotoba li")
    published = when(css("p.hizuke"))
    body = css_all("div.honbun > *")

    def authors(self, page: Page) -> tuple[str, ...]:
        """「文・」 are the writers; 「写真・」, after the stroke, took the pictures."""
        signed = re.match(r"文・([^／]+)", css("p.shomei")(page) or "")
        return tuple(signed[1].split("、")) if signed else ()
