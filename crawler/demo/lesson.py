"""A plugin for the Lantern with one rule that is wrong, and the same with the rule mended.

`broadsheet demo` crawls with the first, replays with the second, and shows what the archive gave back.
"""

from __future__ import annotations

__all__ = ["LESSON_FIELDS", "LESSON_FILE", "LESSON_HOST", "MENDED_RULE", "WRONG_RULE", "lesson_plugin"]

LESSON_HOST = "lantern.example"
LESSON_FILE = "lantern.py"
LESSON_FIELDS = ("authors",)
WRONG_RULE = 'authors = css_all(".byline a")'
MENDED_RULE = 'authors = split(cut(css(".signed"), r"^Set down by ", r" on [0-9].*"), " and ")'

_PLUGIN = '''"""The Lantern, a small paper printed in a kitchen."""

from sites import Site, css, css_all, cut, split, when


class Lantern(Site):
    hosts = ("lantern.example",)
    seeds = ("http://lantern.example/",)
    follow = ("/", "/year/*")
    articles = ("/leaf/*",)

    site_name = "The Lantern"
    {rule}
    published = when(css(".signed"))
    body = css_all(".leaf > :is(p, h2)", without=".signed")
'''


def lesson_plugin(*, mended: bool) -> str:
    """The plugin's source, to be written to LESSON_FILE in a folder for `--sites`."""
    return _PLUGIN.format(rule=MENDED_RULE if mended else WRONG_RULE)
