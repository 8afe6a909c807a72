"""How bylines are written, in the languages of most pages: what stands before, between and after the names.

BYLINE    By …, Written by …, Von …   at the beginning of a line;  INSIDE  after a date or another part of it
LABELS    Author, Texto, 記者           alone in a block before the names
END       on Monday, | Updated, Photos:  where the names end;  is_checked  Reviewed by …: another's name follows
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "END",
    "LABELS",
    "PROFILE",
    "WHO",
    "beginnings",
    "byline",
    "inside",
    "is_checked",
    "may_begin",
    "posted",
    "signed",
]

_DONE: Final = (
    r"written|posted|published|words|story|report(?:ed)?|text|review|created|submitted|veröffentlicht|erstellt|"
    r"eingestellt|verfasst|geschrieben|gespeichert|publié|rédigé|publicado|escrito|pubblicato|scritto|geplaatst|geschreven|"
    r"guest (?:post|blog|column|essay|article)|propos recueillis|(?:eine? )?(?:interview|pressemitteilung|gastbeitrag|gastkommentar|kommentar|kolumne|essay|glosse|porträt|"
    r"analyse|rezension|reportage|bericht|artikel|(?:blog )?beitrag)|(?:show |view |zeige )?(?:all |alle |more )?(?:posts|articles|beiträge|artikel)"
)
_LABEL: Final = r"text\s*(?:&|und|and|\+)\s*(?:fotos?|photos?|bilder)|autor(?:[/:*]?-?in(?:nen)?|en|es|as)?|authors?|auteurs?|texte?|words|interview|escribe"
_COLON: Final = (
    r"penulis|reporter|journalist|yazan|yazar|haber|szerző|författare|forfatter|skribent|teksti?|toimittaja|kirjoittaja|redactora?|"
    r"autor(?:[ae]|zy|ka|ři)|автор\w*|текст|oprac\w*|συντάκτης|bài và ảnh|tác giả|muhabir"
)
_FIELD: Final = (
    r"(?:post|entry) author|beitrags-?autor|auteur(?:/autrice)? de la publication|autor de la entrada|autore articolo|bericht ?auteur|"
    r"autor do post"
)
"""What screens that are read aloud say before it."""
_OTHERS: Final = (
    r"by|von|vom|par|por|di|door|av|af|oleh|a cura di|skrevet a[vf]|skriven av|napisał[ay]?|napsala?|piše|írta|scris de|"
    r"γράφει [οη]|του|της|oprac\.|text[oe] de|testo di|(?-i:de)(?=\s+[A-ZÀ-Þ][\w'’.-]+\s+[A-ZÀ-Þ])"
)
BYLINE: Final = re.compile(
    rf"\s*[~|,–—-]?\s*(?:(?:{_FIELD})[\s:]*)?(?:(?:{_DONE})\s*(?:by|von|vom|par|por|da|door|from)|{_OTHERS}|"
    rf"(?:{_COLON})(?=\s*:)|(?:{_LABEL})(?:\s*(?:by|von))?)(?:\s*[:\-]\s*|\s+|(?-i:(?<=[a-z])(?=[A-Z])))",
    re.I,
)
"""What stands before the names in a byline, in the languages of most pages."""

_NAMING: Final = r"\s*\b(?:[Ww]ritten by|[Rr]eported by|by|By|BY|von|Von|par|Par|por|Por|door|Door|av|Av|af|Af|oleh|Oleh|T[eE][kKxX][sS][tT]:|Autor:|Author:?):?\s+(?=[A-ZÀ-Þ])"
_IN_NAMING: Final = ("by", "von", "par", "por", "oor", "av", "af", "oleh", "utor", "uthor", "st:")
"""One of these is in all that it matches."""
_AFTER_SIGN: Final = re.compile(rf"[·|•–—,~\d]{_NAMING}")
_AFTER_WORD: Final = re.compile(
    r"(?!(?i:sponsored|presented|powered|photo|image|video|design|hosted|translated|bild|foto|tweet|grafik|quelle))"
    rf"\w{{2,14}}\b(?: am)?{_NAMING}"
)
END: Final = re.compile(
    r"(?=[\s|·•⋅∙●–—~,\d-])(?:\s+(?:on|am|le|il|el|in|at|um|under|[|·•⋅∙●–—@~])\s|\s*[|·•⋅∙●–—~-]?\s*\d|\s*[|·•⋅∙●]|,?\s+(?:updated|published|kategorien|tags?|quelle|source|fuente|fonte|bron)\b"
    r"|\s+who\s|\s(?:illustration|fotos?|photos?|photographs?|fotograf(?:ia|ía|ie|ias|ías)|bilder|grafik|video|kamera|übersetzung|translated|edited|redigiert)\s?(?::|by|von|par|por|di|\s))",
    re.I,
)
_SIGNING: Final = (
    r"(?:(?:written|posted|words)\s+by|(?:erstellt|verfasst|geschrieben|eingestellt|veröffentlicht|text|beitrag|interview)\s+von|"
    r"autor(?:in|en|innen)?\s*:?|authors?\s*:|words\s*:|text\s*:|publié par|escrito por|scritto da)\s+(?=[A-ZÀ-Þ])"
)
_SIGNED: Final = re.compile(_SIGNING, re.I)
LABELS: Final = frozenset(
    "by author authors writer words text reporter autor autorin autor:in autoren von text beitrag auteur auteurs par autore di "
    "autores por texto redactor escrito auteurs door tekst skribent journalist forfatter författare av skrevet kirjoittaja yazar "
    "penulis автор 作者 記者 文 執筆 기자 الكاتب".split()
) | {
    "written by",
    "posted by",
    "geschrieben von",
    "verfasst von",
    "erstellt von",
    "escrito por",
    "scritto da",
    "écrit par",
}
"""What stands in a block of its own before the names."""
_POSTING: Final = (
    r"posted|written|published|submitted|created|erstellt|verfasst|geschrieben|gespeichert|eingestellt|veröffentlicht|publié|"
    r"publicado|escrito|pubblicato|scritto|geplaatst|geschreven"
)
_POSTED: Final = re.compile(
    rf"(?:{_POSTING})\b[^.]{{0,40}}?\b(?:by|von|par|por|da|door)\s*:?\s+(?P<name>\w[\w.-]{{2,30}})"
    r"(?=\s*(?:$|[|·•⋅∙●–—,@(]|\d|(?:on|am|um|at|le|el|il|under|in)\b))",
    re.I,
)
_CHECKED: Final = (
    "reviewed checked edited verified approved updated translated photographed geprüft redigiert lektoriert übersetzt "
    "aktualisiert relu révisé revisado editado editor reviewer lektorat redaktion redaktionelle".split()
)
_CHECKED_BY: Final = "by von par por da door".split()
_CHECKING: Final = re.compile(rf"\b(?:{'|'.join(_CHECKED)})\b(?:\s(?:{'|'.join(_CHECKED_BY)}))?\W*\Z", re.I)
_LAST: Final = frozenset((*_CHECKED, *_CHECKED_BY))


def is_checked(before: str) -> bool:
    """Does the text before a name end with what says that its bearer but looked at the article: "Reviewed by"?"""
    end = len(before)
    while end and not before[end - 1].isalnum():
        end -= 1
    if not end:
        return False
    last = before[before.rfind(" ", 0, end) + 1 : end].lower()
    # nearly all lines end with another plain word, and are not searched
    return (last in _LAST or not (last.isascii() and last.isalnum())) and _CHECKING.search(before) is not None


PROFILE: Final = re.compile(
    r"/(?:authors?|autor(?:en|es|in|zy)?|autor[ei]|auteurs?|avtory?|yazar(?:lar)?|forfattere?|skribenter?|redakteure?|redakcja|"
    r"columnists?|columnistas|firmas|firme|penulis|byline|journalisten?|people|person(?:en)?|profiles?|profil|team|staff|writers?|contributors?|journalists?|users?|by|periodista)/",
    re.I,
)
WHO: Final = re.compile(
    r"(?:,|'s|’s)? (?:is|was|has|writes|ist|war|hat|schreibt|arbeitet|est|écrit|es|è|scrive)\b"
)


def inside(text: str) -> re.Match[str] | None:
    """What stands before the names in the middle of a line: of those who wrote, if it names who checked as well."""
    lowered = text.lower()
    if not any(part in lowered for part in _IN_NAMING):
        return None
    match = _AFTER_WORD.match(text) or _AFTER_SIGN.search(text)
    if match is not None and is_checked(text[: match.end()]):
        return _AFTER_SIGN.search(text, match.end()) or match
    return match


def beginnings(pattern: str) -> frozenset[str]:
    """The first two letters of what a pattern of alternatives matches, and of some that stand further behind in it."""
    whole = ""
    while whole != pattern:  # groups that follow a letter begin nothing
        whole, pattern = pattern, re.sub(r"((?<=\w)|(?<=\w ))\(\?:[^()]*\)", "", pattern)
    return frozenset(begin.lower() for begin in re.findall(r"(?<![\w *+])\w[\w ]", pattern))


def may_begin(text: str, known: frozenset[str]) -> bool:
    """May a pattern of these `beginnings` match here? Most texts begin otherwise, and a pattern that ignores case is dear."""
    return text[:2].lower() in known or not text[:1].isalnum()


_OF_BYLINES: Final = beginnings(f"{_FIELD}|{_DONE}|{_COLON}|{_LABEL}|{_OTHERS}")
_OF_SIGNED: Final = beginnings(_SIGNING)
_OF_POSTED: Final = beginnings(_POSTING)


def byline(text: str) -> re.Match[str] | None:
    """`BYLINE` at the beginning of a text."""
    return BYLINE.match(text) if may_begin(text, _OF_BYLINES) else None


def signed(text: str) -> re.Match[str] | None:
    """What a line begins with that tells below who wrote the text."""
    return _SIGNED.match(text) if may_begin(text, _OF_SIGNED) else None


def posted(text: str) -> re.Match[str] | None:
    """How blogs say who posted: with one word, `name`, it may be a handle."""
    return _POSTED.match(text) if may_begin(text, _OF_POSTED) else None
