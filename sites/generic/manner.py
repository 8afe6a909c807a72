"""How a page speaks: whom its text addresses, what its short lines offer, what its title and links are like.

An article tells what happened; a shop, a school or an agency speaks for itself to the reader ("we", "you", "call now"); a list offers more
of its kind. Each word is looked up once.
"""

from __future__ import annotations

import re
from typing import Final

from sites.generic.facts import Facts
from sites.url import path_query

__all__ = ["COUNTED", "PRICES", "RATED", "count_signs", "manner"]

_SAYS: Final = {
    "you": "you your yours you're you'll du dein deine deinen ihr ihre ihren ihnen vous votre vos tu usted sus",
    "we": "we our us ours we're we've wir unser unsere unseren uns nous notre nos nuestro nuestra",
    "may": "can will may should must need kann können muss sollte",
}
_OFFERS: Final = {
    "more": "filter results page weiterlesen showing browse episodes items subscribe read_more load_more view_all see_all show_more "
    "next_page older_posts newer_posts sort_by view_more mehr_lesen all_posts clear_all",
    "pitch": "services testimonials enroll demo pricing locations appointment consultation kontakt angebot apply tuition admissions "
    "programs licensed insured schedule contact_us get_started free_trial free_quote free_estimate book_now apply_now call_us "
    "call_now get_a_quote learn_more our_services why_choose_us request_info register_now sign_up our_team get_in_touch",
    "cart": "sku warenkorb lieferzeit qty quantity wishlist availability price returns ratings checkout shipping versand mwst preis "
    "add_to_cart add_to_bag add_to_basket buy_now in_stock out_of_stock free_shipping customer_reviews size_guide sold_out",
    "posts": "replies reply posts joined reputation upvote antworten quote answers permalink moderator member beiträge mitglied "
    "registriert zitieren member_since",
    "manual": "parameter parameters return returns install installation changelog syntax documentation docs quickstart reference "
    "api manual tutorial table_of_contents edit_this_page api_reference on_this_page edit_on_github getting_started user_guide",
}
_SAID: Final = {word: number for number, words in enumerate(_SAYS.values()) for word in words.split()}
_OFFERED: Final = {
    word: number for number, words in enumerate(_OFFERS.values()) for word in words.split() if "_" not in word
}
_PHRASES: Final = {
    form(word.replace("_", " ")): number
    for number, words in enumerate(_OFFERS.values())
    for word in words.split()
    if "_" in word
    for form in (str.lower, str.capitalize, str.title, str.upper)
}
"""Whole lines, as they are written: few are, and lower case costs more than four ways of writing."""
_ANSWERS: Final = ("回复", "回答", "赞同", "楼主", "举报", "收藏", "关注")
_IN_ANSWERS: Final = "回同主报藏注"
"""One sign of each of these, of which no half is common in other scripts: quickly seen to be missing."""
PRICES: Final = "$€£"
_ASKS: Final = re.compile(r"(?:how|what|why|when|where|who|wie|warum|was|best|top|\d+) ", re.I)
_LONG: Final = re.compile(r"\d{5}")
_USERS: Final = ("/u/", "/user", "/member", "/profile", "uid=")
_LEAST: Final = 30
_OFTEN: Final = 15.0
_BODY: Final = 2_000
_SHORT: Final = 2_500
"""So many letters of the text and of the short lines are read for words."""

COUNTED: Final[tuple[str, ...]] = (
    *(f"offers:{name}" for name in _OFFERS),
    "answers",
    "users",
    "below",
    "path",
)
"""Counts, of which the logarithm tells more."""
RATED: Final[tuple[str, ...]] = (
    *(f"says:{name}" for name in _SAYS), "says:-ed", "says:!", "says:money",
    "title asks", "title colon", "title comma", "title digit", "hyphens", "long number",
)  # fmt: skip
"""Rates (a hundred words), shares and flags."""


def manner(
    facts: Facts, title: str, body: str, lines: list[str], short: str
) -> tuple[list[int], list[float], list[str]]:
    """COUNTED and RATED of a page, by its title, the beginning of its text, its short lines, and those as one text.

    And the words of that beginning.
    """
    offered = [0] * len(_OFFERS)
    for word in [word for word in short[:_SHORT].lower()[:_SHORT].split() if word in _OFFERED]:
        offered[_OFFERED[word]] += 1
    for line in [line for line in lines if line in _PHRASES]:
        offered[_PHRASES[line]] += 1
    text = body[:_BODY].lower()
    words = text.split()
    said = [0] * len(_SAYS)
    for word in [word for word in words if word in _SAID]:
        said[_SAID[word]] += 1
    rate = 100 / max(_LEAST, len(words), len(text) // _LEAST)
    rates = [*said, _all(text, ("ed ", "ed,", "ed.")), text.count("!"), count_signs(text, PRICES)]
    path = path_query(facts.page.url).partition("?")[0]
    hrefs = {anchor.href for anchor in facts.found.anchors}
    joined = "\n".join(hrefs)
    answers = 0 if short.isascii() or not _holds_any(short, _IN_ANSWERS) else _all(short, _ANSWERS)
    below = path.rstrip("/") + "/"
    return [
        *offered, answers, _all(joined, _USERS), joined.count(below) if len(below) > 1 else 0, len(path),
    ], [
        *[min(_OFTEN, count * rate) for count in rates],
        _ASKS.match(title) is not None, ":" in title, "," in title, any(map(str.isdigit, title)),
        joined.count("-") / (1 + len(hrefs)), _LONG.search(path) is not None,
    ], words  # fmt: skip


def count_signs(text: str, signs: str) -> int:
    """How often any of some rare signs stands in a text: to look for one is far quicker than to count it."""
    count = 0
    for sign in signs:
        if sign in text:
            count += text.count(sign)
    return count


def _holds_any(text: str, signs: str) -> bool:
    return any(sign in text for sign in signs)


def _all(text: str, marks: tuple[str, ...]) -> int:
    count = 0
    for mark in marks:
        count += text.count(mark)
    return count
