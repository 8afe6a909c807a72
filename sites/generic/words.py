"""What a class or id says of an element: some twenty groups of words, as bits."""

from __future__ import annotations

import re
from typing import Final

from sites.generic.elements import kind_of

__all__ = ["GROUPS", "KNOWN", "PLACES", "class_bits", "class_words", "tag_bits"]

GROUPS: dict[str, str] = {
    "article": r"article|story|post|entry|news|blog",
    "body": r"body|content|text|copy|rich|wysiwyg|prose|richtext|editor|main|paragraph|artikel",
    "comment": r"comment|comments|disqus|reply|replies|discussion|respond|kommentar|kommentare|commentlist|livefyre",
    "related": r"related|recommend|recommended|recommendations|recirc|recirculation|more|also|similar|readmore|"
    r"outbrain|taboola|upnext|popular|trending|latest|mostread|viewed|suggested|zergnet|recent",
    "teaser": r"teaser|teasers|card|cards|promo|promos|tile|tiles|river|carousel|slider|swiper|grid",
    "navigation": r"nav|navbar|navigation|menu|submenu|breadcrumb|breadcrumbs|pagination|pager|skip|masthead|topbar|toolbar",
    "side": r"sidebar|aside|widget|widgets|rail|secondary|column|complementary|right|left",
    "footer": r"footer|foot|bottom|colophon|copyright|imprint|legal|footnotes|disclaimer",
    "header": r"header|head|hero|top|banner|intro",
    "share": r"share|sharing|social|follow|twitter|facebook|tweet|whatsapp|addtoany|sharedaddy|print|email|buttons",
    "signup": r"newsletter|subscribe|signup|subscription|register|login|donate|donation|membership|cta|offer|form",
    "advert": r"ad|ads|advert|advertisement|adsbygoogle|sponsor|sponsored|anzeige|werbung|promotion|promoted|affiliate",
    "consent": r"cookie|cookies|consent|gdpr|modal|popup|overlay|lightbox|notice|alert|toast",
    "author": r"author|authors|byline|bio|autor|auteur|contributor|profile|avatar|vcard|writer|reporter",
    "meta": r"meta|date|time|timestamp|published|updated|info|details|datum|infos|postinfo|postmeta|reading",
    "caption": r"caption|captions|credit|figure|figcaption|image|img|photo|picture|gallery|slideshow|media|video|"
    r"bild|bildunterschrift|copyright|thumb|thumbnail|audio|player",
    "tags": r"tag|tags|category|categories|topic|topics|keywords|label|labels|cat|section|kicker|overline",
    "summary": r"summary|lead|lede|standfirst|dek|deck|intro|subtitle|subheadline|subhead|excerpt|abstract|"
    r"description|teasertext|vorspann|chapo|strapline|sommario|entradilla",
    "title": r"title|headline|heading|titel|hed|titre|titulo|h1|h2|h3",
    "paywall": r"paywall|premium|subscriber|subscribers|plus|locked|piano|metered|gate",
    "list": r"list|item|items|feed|archive|archives|index|results|listing|ul|li|loop",
    "quote": r"quote|blockquote|pullquote|zitat|pull",
    "box": r"box|infobox|factbox|embed|inline|callout|highlight|note|aside|module|block|component|takeaways|key",
    "hidden": r"hidden|hide|sr|screenreader|visuallyhidden|offscreen|invisible|d-none|collapse|collapsed|assistive",
    "contents": r"toc|contents|inhalt|anchor|jump",
    "shop": r"product|products|price|shop|buy|cart|store|deal|deals|merch",
    "live": r"live|liveblog|timeline|ticker|scoreboard|score|results|standings|stats|table",
    "question": r"faq|faqs|question|answer|accordion|quiz|poll|transcript",
}
"""The groups, in the order of their bits."""

PLACES = (
    "article", "main", "section", "aside", "nav", "footer", "header", "form", "table", "ul ol dl menu", "blockquote",
    "figure figcaption", "details dialog", "li dd dt", "pre", "h1 h2 h3 h4 h5 h6",
)  # fmt: skip
"""Elements whose being around a text says something of it; their bits follow those of the groups."""
_BIT: dict[str, int] = {}
for _number, _words in enumerate(GROUPS.values()):
    for _word in _words.split("|"):
        _BIT[_word] = _BIT.get(_word, 0) | 1 << _number
_WORD = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
_LIMIT = 600


def class_words(text: str) -> list[str]:
    """The words of a class or id, lower case: "storyBody_2 ad-slot" gives story, body, ad, slot."""
    return [word.lower() for word in _WORD.findall(text[:_LIMIT])]


_MEMO: Final = 50_000
_PIECES: dict[str, int] = {}
KNOWN: Final[dict[str, int]] = {}
"""What `class_bits` worked out before, within bounds: it depends on nothing but the words."""


def class_bits(name: str) -> int:
    """The groups whose words stand in a class and id, as bits in the order of GROUPS."""
    bits = KNOWN.get(name)
    if bits is None:
        if len(KNOWN) >= _MEMO:
            KNOWN.clear()
        bits = KNOWN[name] = _bits_of(name)
    return bits


def _bits_of(text: str) -> int:
    bits = 0
    for piece in text[:_LIMIT].split():
        known = _PIECES.get(piece)
        if known is None:
            known = 0
            for word in _WORD.findall(piece):
                known |= _BIT.get(word.lower(), 0)
            if len(_PIECES) >= _MEMO:
                _PIECES.clear()
            _PIECES[piece] = known
        bits |= known
    return bits


def tag_bits() -> dict[int, int]:
    """Lexbor's number of each element in PLACES, and its bit."""
    return {
        kind_of(name): 1 << number + len(GROUPS)
        for number, names in enumerate(PLACES)
        for name in names.split()
    }
