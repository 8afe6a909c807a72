"""The Saltmarsh Observer: the untidy one. Tables for layout, dates in words, advertisements in the text.

Its "next" layout is what a redesign without notice looks like: other names for everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from crawler.demo.cast import ENGLISH
from crawler.demo.grammar import Dice
from crawler.demo.markup import anchor, block_html, items, spread
from crawler.demo.paper import Paper, day_in_words, facts_of, page_of, write_stories
from crawler.demo.story import Story
from crawler.demo.wire import Reply, Request, html
from sites.article import Block

__all__ = ["Observer"]

_STAFF = ("Edwin Bramley", "Carmen Dunmore", "Rolf Pascoe", "Gwen Underhill", "Ismail Corvin")
_ADS = (
    "Grieve & Grieve, roofs and gutters. Ring before the rain does.",
    "Two for one at the Cooper Street fish bar, Tuesdays, with this newspaper in your hand.",
    "Is your boat insured? Ask Mortlake. Mortlake knows.",
    "Piano for sale, slightly flooded. Apply at the Observer under number 40.",
)
_PROMO = "You are reading this for nothing. Somebody paid for it. Become a Friend of the Observer!"
_LETTERS = (
    "I have lived in {street} for forty years and nobody has ever asked me. Well, now I have said it.",
    "The article is right, but it is too long, and my neighbour is not mentioned.",
    "To the person who wrote in last week about the gulls: they were not gulls, they were terns.",
    "My late husband always said that it would come to this, and he was in the fire brigade.",
    "Excellent reporting. The crossword, however, was wrong again at fourteen down.",
    "Why does nobody speak of the parking? I counted nine vans on {day}, all of them empty.",
)


class Observer(Paper):
    def __init__(self, seed: int, today: date, *, layout: str = "", extra: int = 0) -> None:
        super().__init__("observer.example", "The Saltmarsh Observer")
        self.layout = layout
        self.stories = write_stories(
            self, seed, ENGLISH, count=48, today=today, staff=_STAFF, extra=extra, days_apart=1.5
        )
        self.sections = tuple(sorted({story.section for story in self.stories}))
        self._numbers = {story.slug: 1000 + len(self.stories) - n for n, story in enumerate(self.stories)}
        self._by_number = {str(self._numbers[story.slug]): story for story in self.stories}
        self.text("/robots.txt", "# come in, all of you\nUser-agent: *\nDisallow:\n")
        self.page("/", lambda: self._frame(self.name, self._list(self.stories[:10])))
        self.routes["/index.php"] = self._section
        self.routes["/story.php"] = self._story
        self.page(
            "/contact.html",
            lambda: self._frame("Contact", "<h1>Contact</h1><p>Ring twice, we are in the yard.</p>"),
        )
        for story in self.stories:
            url = self.origin + self._path(story)
            self.truth[url] = facts_of(
                story,
                url,
                self._blocks(story),
                dateline=None,
                site_name=self.name,
                published=f"{story.published:%Y-%m-%d}",
                section=story.section,
            )

    def _path(self, story: Story) -> str:
        return f"/story.php?id={self._numbers[story.slug]}"

    def _blocks(self, story: Story) -> tuple[Block, ...]:
        """The story, with a table of figures in every third one and a list in every fourth."""
        number = self._numbers[story.slug]
        dice = Dice(f"table {story.slug}")
        blocks = list(story.blocks)
        if number % 3 == 0:
            towns = dice.some(ENGLISH.towns, 4)
            rows = "\n".join(f"{town}\t{dice.between(11, 99)}\t{dice.between(110, 990)}" for town in towns)
            blocks.insert(4, Block("table", f"Town\tLast year\tThis year\n{rows}"))
        elif number % 4 == 0:
            lines = [f"In {town}: {street}, from {dice.between(7, 11)} o'clock" for town, street in zip(
                dice.some(ENGLISH.towns, 3), dice.some(ENGLISH.streets, 3), strict=True
            )]  # fmt: skip
            blocks.insert(5, Block("list", "\n".join(lines)))
        return tuple(blocks)

    def _story(self, request: Request) -> Reply:
        fields = dict(pair.partition("=")[::2] for pair in request.query.split("&"))
        story = self._by_number.get(fields.get("id", ""))
        if story is None:
            return self.missing(request)
        if "print" in fields:
            return html(self._frame(story.title, "".join(map(block_html, self._blocks(story)))))
        return html(self._frame(story.title, self._new(story) if self.layout == "next" else self._old(story)))

    def _old(self, story: Story) -> str:
        number, dice = self._numbers[story.slug], Dice(f"ads {story.slug}")
        others = [other for other in self.stories if other is not story]
        ad = (
            '<table class="ad" align="right" bgcolor="#ffffcc"><tr><td><b>ADVERTISEMENT</b><br>'
            f"{dice.pick(_ADS)}</td></tr></table>"
        )
        see = "".join(
            f'<p class="also">READ ALSO: {anchor(self._path(other), other.title)}</p>'
            for other in dice.some(others, 1)
        )
        promo = f'<p class="promo">{_PROMO}</p>'
        body = spread([block_html(block) for block in self._blocks(story)], [(2, ad), (3, see), (6, promo)])
        # The headline had a class of its own until the typesetter left; since then it is a plain <h1>.
        title = escape(story.title, quote=False)
        head = f"<h1>{title}</h1>" if number % 2 else f'<font size="6"><b class="headline">{title}</b></font>'
        day = day_in_words(story.published)
        return (
            '<table width="100%" cellpadding="6"><tr><td valign="top" width="140" bgcolor="#eeeeee">'
            f"<b>More news</b><br>{items((self._path(other), other.title) for other in others[:6])}</td>\n"
            '<td class="story" valign="top"><font color="gray" '
            f'class="rubric">{story.section}</font><br>\n{head}\n'
            f'<p class="by"><i>By {" and ".join(story.authors)}, our '
            f"{'reporters' if story.authors[1:] else 'reporter'}"
            f" &middot; {day}</i></p>\n{body}\n"
            f'<p class="tools"><a href="{escape(self._path(story))}&amp;print=1">Printable '
            "version</a></p></td></tr></table>\n"
            f"{self._letters(dice)}"
        )

    def _letters(self, dice: Dice) -> str:
        made = ""
        for letter in dice.some(_LETTERS, 3):
            text = letter.format(street=dice.pick(ENGLISH.streets), day=dice.pick(ENGLISH.days))
            who = ENGLISH.person(dice.chance(0.5), dice.below(99), dice.below(99)).full
            made += f'<tr><td class="letter"><b>{who}</b> writes:<br>{text}</td></tr>\n'
        return f'<table class="letters" border="1"><tr><th>Our readers write</th></tr>\n{made}</table>'

    def _new(self, story: Story) -> str:
        body = "\n".join(block_html(block) for block in self._blocks(story))
        return (
            f'<div class="c-leaf"><div class="c-leaf__title">{escape(story.title, quote=False)}</div>\n'
            f'<div class="c-leaf__who">{" / ".join(story.authors)}</div>'
            f'<div class="c-leaf__on">{story.published:%d.%m.%y}</div>\n'
            f'<div class="c-leaf__text">{body}</div></div>'
        )

    def _frame(self, title: str, body: str) -> str:
        links = " | ".join(anchor(f"/index.php?cat={name}", name) for name in self.sections)
        tab = escape(title, quote=False)
        return (
            f"<html><head><title>{self.name} - {tab}</title></head>\n"
            '<body bgcolor="#fffff4" link="#003366"><center><a href="/"><font size="7" face="Times">'
            f"<i>{self.name}</i></font></a><br>{links} | <a href=/contact.html>Contact</a>"
            f"</center><hr>\n{body}\n<hr>"
            "<center><font size=1>The Observer is printed in Amberley Quay on paper that has "
            "been something else before."
            "</font></center></body></html>\n"
        )

    def _section(self, request: Request) -> Reply:
        fields = dict(pair.partition("=")[::2] for pair in request.query.split("&"))
        own = [story for story in self.stories if story.section == fields.get("cat")]
        number = fields.get("p", "1")
        page = int(number) if number.isdecimal() and len(number) < 5 else 1
        shown, more = page_of(own, page, 8)
        after = (
            f'<p><a href="/index.php?cat={escape(fields.get("cat", ""))}&p={page + 1}">older &gt;&gt;</a></p>'
            if more
            else ""
        )
        return html(self._frame(escape(fields.get("cat", "News")), self._list(shown) + after))

    def _list(self, stories: Sequence[Story]) -> str:
        return "\n".join(
            f"<p><b>{anchor(self._path(story), story.title)}</b><br>{escape(story.deck, quote=False)}"
            f" <font color=gray>({day_in_words(story.published)})</font></p>"
            for story in stories
        )
