"""A hub that republishes other papers' articles in one template, under a section and a date of its own choice.

    Current:Home > Section + title -Site     View     Date:2025-04-14 14:20:43
    paragraphs, headlines pushed in between   "- In:" and tags    Related, Ranking, Recommendation
What it says of section and date is the hub's own claim; whom it copied, it does not say.
"""

from __future__ import annotations

from sites.fields import css, css_all, cut, when
from sites.site import Site

__all__ = ["CopyHub"]


class CopyHub(Site):
    """A plugin of this family names its `hosts` and `seeds`."""

    follow = ("/", "/*/")
    articles = ("/news/*.html",)

    site_name = cut(css("title"), r"^.* -")  # glued to the title, in the tab and in the path above it
    title = css("h1.title")
    section = css(".location a + a")
    authors = ()
    published = when(cut(css(".info .date"), "^Date:"))
    tags = css_all(".topics li + li")  # the first says "In:"
    body = css_all(".content > p")
    related = css_all(".content > ul a, .list-box a")
