"""The Harbour Gazette, a tidy daily: its structured data says everything, so four lines are enough.

Before it was rebuilt in 2020 it had no structured data. Old captures are read by the class with `until`.
"""

from datetime import date

from sites import Site, css, css_all, cut, split, when


class Gazette(Site):
    hosts = ("gazette.example",)
    seeds = ("http://gazette.example/",)
    follow = ("/", "/section/*")
    articles = ("/news/**",)


class GazetteOf2019(Gazette):
    until = date(2020, 2, 1)
    site_name = "The Harbour Gazette"
    title = css("#content h1")
    authors = split(cut(css(".meta"), r"^By ", r" \|.*"), " and ")
    published = when(cut(css(".meta"), r".*Published "))
    body = css_all("#content .text > *", without=".box")
