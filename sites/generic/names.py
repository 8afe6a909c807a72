"""Names of persons as bylines write them: taken apart, tidied, told from desks, agencies and organisations."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from sites.generic.callings import (
    ENDS,
    IN_TAIL,
    MONTH,
    NOBODY,
    OF_FIRM,
    OF_NOBODY,
    OF_ORGANISATION,
    ROLE,
    WEEKDAY,
    says,
)
from sites.generic.grammar import beginnings, byline, may_begin
from sites.generic.plain import clean, compact
from sites.generic.uncased import is_uncased, untitled

__all__ = [
    "beside_agency",
    "beside_date",
    "is_agency",
    "is_house",
    "is_own",
    "is_person",
    "split_names",
    "tidy_name",
    "upright",
]

_JOIN: Final = re.compile(
    r"\s*(?:[,;/|&·•⋅∙●\n،、؛]|\b(?:y|e|en|og|och|ja|oraz|i|ve|dan|và|и|і|with|(?i:and|und|et)|"
    r"(?i:im gespräch|im interview|in conversation|in gesprek) (?:mit|with|met))\b|\s(?:و|और)\s)\s*"
)
_JOINING: Final = frozenset("y e en og och ja oraz i ve dan và and und et и і و और with im in".split())
_ASIDE: Final = re.compile(r"\([^)]*\)?|\[[^\]]*\]?")
_TAIL: Final = re.compile(
    r"\s*(?:\bfor (?:the )?\S+.*|\bis (?:a|an|the)\b.*|[–—-]\s.*|기자.*|\bvia\b.*|\bon behalf of\b.*|→.*"
    rf"|(?<=\w\s)(?:on|am|le|el)\s+(?:\d|\w+(?:tag|day)\b).*|(?<=[a-zß-ÿ])(?:{ROLE}|{MONTH})\b.*)$",
)
_DEGREE: Final = re.compile(r"[A-Z][A-Za-z.]{0,2}[A-Z]\w{0,3}\.?(?:-[A-Z\d]+)?\Z")
"""Letters after a name: MD, PhD, FAND, CFP."""
_WORK: Final = re.compile(
    rf"\s(?:{ROLE}|Officer|Educator|Trainer|Coach|Specialist|Strategist|Nutritionist|Dietitian|Horticulturalist|Fellow|"
    r"\w*(?:sekretär|sprecher|leiter|direktor|referent|experte|präsident|minister|vorsitzende)(?:r|in)?)\Z"
    r"|^\w*(?:sekretär|sprecher|leiter|direktor|referent|präsident|vorsitzende)(?:r|in)?\s"
)
"""What ends or begins with a trade is what a person does, not a person."""
_AFTER_NAME: Final = re.compile(
    rf"^(\S+\s\S.*?)(?:\s+(?:{ROLE})\b.*|\s+(?:{MONTH})\.?|(?<!\son)(?<!\sOn)\s+(?:{WEEKDAY})\b.*|\s*\d.*)$"
)
_BEFORE_NAME: Final = re.compile(
    r"(?i:onze (?:redacteur|correspondent|verslaggever)|unser(?:e[nrm])? (?:korrespondent|redakteur|mitarbeiter|reporter)(?:in)?|"
    r"(?:de )?notre (?:envoyée? spéciale?|correspondante?)|nuestr[oa] (?:corresponsal|enviad[oa] especial)|"
    r"(?:dal )?nostro (?:inviato|corrispondente)|our (?:own )?correspondent|vår (?:korrespondent|utsände))\s+(?=\S+\s\S)"
    r"|(?:Rechtsanw[aä]lt(?:in)?|Journalist(?:in)?|Guest Post|Gastbeitrag|Autor(?:in)?|Author)\s+(?=\S+\s\S)"
)
_NO_NAME: Final = re.compile(
    rf"^(?:{ROLE})\b|\s(?:January|February|September|Sept|October|November|December|Januar|Februar|Oktober|Dezember)$"
)
_BEFORE_TAIL: Final = re.compile("[–—→÷-]")
_EXACT: Final = re.compile(
    r"^(?:by|von|the|user|root|online|guest|contributors?|editor|ceo|cfo|phd|md|rd|mba|ms|dvm|rn|jr|sr|no author)\.?$",
    re.I,
)
_AGENCIES: Final = (
    r"dpa|afp|reuters|ap|apa|sda|ats|keystone-sda|sid|epd|kna|ansa|adnkronos|agi|efe|agencia efe|europa press|télam|notimex|lusa|"
    r"agência (?:lusa|brasil)|ntb|ritzau|tt|stt|belga|anp|pa|pa media|pap|ctk|čtk|mti|hina|tanjug|bta|agerpres|upi|xinhua|tass|interfax|"
    r"associated press|the associated press|press association|agence france-presse|deutsche presse-agentur|canadian press|the canadian press|"
    r"aap|bloomberg|pti|ani|ians|antara|bernama|anadolu ajansı|anadolu agency|aa|dha|iha|kyodo(?: news)?|jiji(?: press)?|yonhap(?: news)?|"
    r"тасс|риа новости|интерфакс|укрінформ|共同通信社?|時事通信社?|新华社|中新社|中央社|연합뉴스|뉴시스|뉴스1"
)
_AGENCY: Final = re.compile(rf"^(?:{_AGENCIES})$", re.I)
_OF_AGENCIES: Final = beginnings(_AGENCIES)
_HELPED: Final = re.compile(
    rf"\s+(?:avec|mit|con|com|med|met|z)\s+(?:l['’])?(?:{_AGENCIES}|agences?|agencias?|agenzie|agências|agenturen|materi?al|informa\w+)\b.*",
    re.I,
)
"""What tells of the agencies that a person used."""
_PLACED: Final = re.compile(r" (?:in|en|à|aus|from) \w+(?: \w+)?\Z")
_LONGEST: Final = 2_000
"""Characters of a byline that are read: a page may give a megabyte."""
_MARKUP: Final = re.compile(r"\s*(?:<[^>]*>\s*)+")
_REACHED: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|@\w+|\bTwitter\s*:?\s*(?=@|$)", re.I)
"""How to reach who is named: an e-mail address, a handle."""
_ADDRESS: Final = re.compile(r"://|www\.|\.(?:com|de|org|net|at|ch|fr|co|uk|it|es|eu|io|pl|ru)\b", re.I)
_HANDLE: Final = re.compile(r"(?!(?:user|admin|autor|author|test|covid|top)\d)[^\W\d_]{3,}\d{1,4}\Z", re.I)
_BARRED: Final = re.compile(r"\s*[|·•⋅∙●–—]\s*|\s+[-/]\s+")
_DAY: Final = re.compile(r"\d{4}|\d[./]\d|\d \w+ ago|\bvor \d|\b(?:yesterday|today|gestern|heute)\b", re.I)
_COUNTED: Final = re.compile(
    r"\d|\b(?:ago|read|comments?|views?|shares?|follow|yesterday|today|gestern|heute|kommentare?|vor|il y a|hace|fa)\b",
    re.I,
)
_LISTED: Final = re.compile(r"\s*[,/|&·]\s*|\s+(?:and|und|et|y|e|en|og|och|i|und)\s+")
_NAME: Final = re.compile(r"[^\W\d_][\w.'’ -]*\Z")
_ARTICLES: Final = frozenset(
    "the a an this die der das ein eine el los las un une una les il gli o os as het een en ett et our all".split()
)
_INVERTED: Final = re.compile(
    r"([^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]+)?), ([^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,2})\Z"
)
_STOPPED: Final = re.compile(r"[^\W\d_]{4}\.\Z")
_TWICE: Final = re.compile(r"^(\S+\s.+?)\s*\1$")
_PARTICLES: Final = frozenset(
    (
        "af ap dalla della degli dei das ibn ben bint abu ould ter te tot op aan 't san santa mac mc de "
        "da do del della der den di du la le van von bin al y e i ter ten zu zum dos das"
    ).split()
)


def is_agency(name: str) -> bool:
    """Is this a news agency?"""
    return may_begin(name, _OF_AGENCIES) and _AGENCY.match(name) is not None


def is_house(name: str) -> bool:
    """Has it a word that organisations have in their names, and persons do not?"""
    return says(name) & OF_ORGANISATION > 0


def is_own(name: str, own: tuple[str, ...]) -> bool:
    """Is this the site's or the publisher's name, or its address? A name of several words may be part of either."""
    short = compact(name)
    if not short or short in own:
        return True
    return (
        " " not in name.strip() and len(short) > 5 and any(short in other or other in short for other in own)
    )


@lru_cache(maxsize=256)
def is_person(name: str) -> bool:
    """Two to five words, each beginning as names do, none of an organisation."""
    words = name.split()
    return (
        2 <= len(words) <= 5
        and words[0].lower() not in _ARTICLES
        and _NAME.match(name) is not None
        and all(word[:1].isupper() or word.lower() in _PARTICLES for word in words)
        and words[-1][:1].isupper()
        and not says(name) & OF_ORGANISATION
    )


def _is_phrase(text: str) -> bool:
    """Words between capitals that no name has: "Wines in Berlin"."""
    words = text.split()
    return (
        len(words) > 2
        and any(word[0].isupper() for word in words)
        and any(word[0].islower() and word not in _PARTICLES for word in words[:-1])
    )


def tidy_name(text: str) -> str:
    """A name without "By", roles and marks around it; "" for what is no name."""
    return _tidied(text[:_LONGEST])


@lru_cache(maxsize=256)
def _tidied(text: str) -> str:
    """Remembered: a page names its author in many places."""
    text = clean(text)
    if is_uncased(text):
        text = untitled(text)
    if _is_address(text) or text[:1] in "#/(":
        return ""
    if match := byline(text):
        text = text[match.end() :]
    bits = says(text)
    if bits & IN_TAIL or _BEFORE_TAIL.search(text):
        text = _TAIL.sub("", text)
        bits = says(text)
    text = text.strip(' ,;:|–—-•·~/"“”')
    if match := _BEFORE_NAME.match(text):
        text = text[match.end() :]
    while bits & ENDS and (match := _AFTER_NAME.match(text)):
        text = match[1].strip(" ,;:|–—-")
    several = text.count(" ") > 1
    if several:
        text = _TWICE.sub(r"\1", text)
    if text.endswith(".") and _STOPPED.search(text):
        text = text[:-1]
    if not 2 <= len(text) <= 60 or len(text.split()) > 6 or _EXACT.match(text):
        return ""
    if bits & ENDS and _NO_NAME.search(text):
        return ""
    if is_agency(text):
        return text
    if several and (match := _PLACED.search(text)) and is_agency(text[: match.start()]):
        return text[: match.start()]
    if _is_phrase(text) or (any(map(str.isdigit, text)) and not _HANDLE.match(text)):
        return ""
    return "" if says(text) & OF_NOBODY and NOBODY.search(text) else text


def beside_agency(text: str) -> list[str]:
    """The persons of a line that names persons and agencies, and nothing else: "Ada Quayle, dpa"."""
    if _is_one(text):
        return []
    parts = [part for part in _LISTED.split(text) if part]
    agencies = [part for part in parts if is_agency(part)]
    if not agencies:
        return []
    persons = [part for part in parts if is_person(part)]
    return persons if persons and len(agencies) + len(persons) == len(parts) else []


def beside_date(text: str) -> list[str]:
    """The person before a bar or a dot in a line whose other parts tell days, times and counts: "Ada Quayle | Mar 12, 2024"."""
    parts = [part for part in _BARRED.split(text) if part]
    told = len(parts) > 1 and _DAY.search(parts[1]) and all(_COUNTED.search(part) for part in parts[1:])
    return parts[:1] if told and is_person(parts[0]) else []


def upright(text: str) -> str:
    """A name as libraries write it, "Quayle, Ada": the way round that people say it."""
    match = _INVERTED.match(text.strip())
    if match is None or (is_person(match[1]) and is_person(match[2])):
        return text
    return f"{match[2]} {match[1]}"


def _is_address(text: str) -> bool:
    return ("." in text or ":" in text) and _ADDRESS.search(text) is not None


def _is_one(text: str) -> bool:
    """Has it letters alone, and no word that joins names? So it is with most, which name one person."""
    words = text.lower().split()
    return "".join(words).isalpha() and _JOINING.isdisjoint(words)


def split_names(text: str) -> list[str]:
    """The names in a byline, beside an organisation's those of persons alone; () when it is an address."""
    text = text[:_LONGEST]
    if "<" in text:
        text = _MARKUP.sub(", ", text)
    text = clean(text)
    if "(" in text or "[" in text:
        text = _ASIDE.sub(" ", text)
    if "@" in text or "twitter" in text.lower():
        text = _REACHED.sub(" ", text)
    if text.count(" ") > 1:
        text = _HELPED.sub("", text)
    if _is_address(text):
        return []
    if match := byline(text):
        text = text[match.end() :]
    names = [name for part in ([text] if _is_one(text) else _JOIN.split(text)) if (name := tidy_name(part))]
    if len(names) > 1 and " " in names[0]:
        names = [
            names[0],
            *(
                name
                for name in names[1:]
                if is_agency(name) or not (_DEGREE.match(name) or _WORK.search(name))
            ),
        ]
    return [name for name in names if is_person(name)] if says(text) & OF_FIRM else names
