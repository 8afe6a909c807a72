"""Words of bylines that are no person's name: roles, days, desks, firms; what a text has of them, as bits.

Each word is asked once, and remembered: names are made of words that are met again, and few of the dear patterns need be tried.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = [
    "ENDS",
    "IN_TAIL",
    "MONTH",
    "NOBODY",
    "OF_FIRM",
    "OF_NOBODY",
    "OF_ORGANISATION",
    "ROLE",
    "WEEKDAY",
    "says",
]

MONTH: Final = (
    r"Jan(?:uary?)?|Feb(?:ruary?)?|Mar(?:ch)?|März|Apr(?:il)?|Ma[yi]|Jun[ei]?|Jul[yi]?|Aug(?:ust)?|Sept?(?:ember)?|O[ck]t(?:ober)?|"
    r"Nov(?:ember)?|De[cz](?:ember)?"
)
ROLE: Final = (
    r"Senior|Junior|Staff|Chief|Lead|Managing|Guest|Contributing|Lifestyle|Content|Marketing|Full-Stack|Freelance|Trial|Follow|Updated|Published|"
    r"Tech|Last|Consultant|Certified|Former|Attorney|Developer|Director|Manager|Writer|Editor|Founder|CEO|Expert|Contributor|Columnist|Correspondent|Reporter|Journalist|Author|Analyst|Producer|Redakteur\w*|"
    r"Korrespondent\w*|Chefredakteur\w*"
)
WEEKDAY: Final = r"Mon(?:day|tag)|Tuesday|Dienstag|Wednesday|Mittwoch|Thursday|Donnerstag|Friday|Freitag|Saturday|Samstag|Sonnabend|Sun(?:day)|Sonntag"
_NOBODIES: Final = (
    r"staff|admin|administrator|\w*redaktion|redaction|rédaction|redazione|redacción|redação|newsroom|web ?desk|news ?desk|redaksi\w*|"
    r"redaktionen|redakcja|redakce|redaksjonen|redactie|"
    r"toimitus|szerkesztőség|"
    r"haber merkezi|editör\w*|agenc(?:ies|ias)|agences|agenzie|agências|bureau|our correspondent|special correspondent|"
    r"anonymous|unknown|undefined|none|null|webmaster|wordpress\w*|team|gmbh|ag|se|co\.? kg|kg|verlag|e\. ?v|ltd|inc|llc|copyright|all rights|"
    r"https?|photo|image|getty|istockphoto|foto|posts?|articles?|profile?|weiter\w*|mehr|more|view|website|editors?|editorial|"
    r"community|germany|deutschland|author|autor|updated|published|comments?|kommentare?|share|min|read|reporter|correspondent|"
    r"subscribe|follow|email|twitter|facebook|anzeigen|inhalte|beiträge|archiv|contents?|written|posted|by|caption|name|takeaways?|next|previous|page|summary|conclusion|related"
)
NOBODY: Final = re.compile(rf"\b(?:{_NOBODIES})\b", re.I)
_BEGINNING: Final = frozenset(
    part.partition(" ")[0].rstrip("\\.?") for part in _NOBODIES.split("|") if " " in part
)
_HOUSE: Final = (
    r"\w*minist\w+|\w*verband\w*|\w*anstalt|institut\w*|universit\w+|foundation|stiftung|sekretariat|partei|\w*fraktion|"
    r"fachverlag|association|abteilung|department|feuerwehr"
)
_FIRM: Final = re.compile(rf"\b(?:{_HOUSE})\b", re.I)
_ORGANISATION: Final = re.compile(
    rf"\b(?:{_HOUSE}|corporation|company|agency|agentur|verein|magazine?|zeitung|nachrichten|news|times|presse\w*|gazette|herald|"
    r"journal|sentinel|tribune|chronicle|shimbun|watch|photography|photos|daily|post|release|society|gesellschaft|office|services?|"
    r"solutions?|works|systems|studios?|labs|software|consulting|partners|coalition|council|committee|alliance|network|federation|cent(?:er|re)|bureau|interactive|international|global|direkt|team|equipo|équipe|university|universidad|université|fundación|fondation|instituto|group|gruppe|media|medien|online|blog|clinic|hospital|bank|college|school|museum|radio|newspaper)\b",
    re.I,
)
_RUN: Final = re.compile(r"\w+")
OF_NOBODY: Final = 1
OF_FIRM: Final = 2
OF_ORGANISATION: Final = 4
IN_TAIL: Final = 8
ENDS: Final = 16
_TAILING: Final = frozenset("for is via on am le el".split())
_GLUED: Final = re.compile("[a-zß-ÿ][A-Z]|기자")
_ENDING: Final = re.compile(rf"{ROLE}|Full|{MONTH}|{WEEKDAY}|\w*\d\w*")
"""The words that may end a name, or begin what is none."""


@lru_cache(maxsize=4096)
def _word_says(word: str) -> int:
    """Which of the dear patterns one word of a text may be a match of, or the beginning of one."""
    bits = 0
    if word.lower() in _BEGINNING or NOBODY.fullmatch(word):
        bits |= OF_NOBODY
    if _FIRM.fullmatch(word):
        bits |= OF_FIRM
    if _ORGANISATION.fullmatch(word):
        bits |= OF_ORGANISATION
    if word in _TAILING or _GLUED.search(word):
        bits |= IN_TAIL
    if _ENDING.fullmatch(word):
        bits |= ENDS
    return bits


@lru_cache(maxsize=256)
def says(text: str) -> int:
    """The same of all words of a text: names are made of words that are met again, and few patterns need be tried."""
    bits = 0
    for word in _RUN.findall(text):
        bits |= _word_says(word)
    return bits
