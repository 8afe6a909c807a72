"""Names of persons as bylines write them: taken apart, tidied, told from desks and agencies."""

from __future__ import annotations

import re

from sites.generic.facts import clean

__all__ = ["is_agency", "split_names", "tidy_name"]

_BY = re.compile(
    r"^\s*(?:(?:written|posted|published|words|story|report|text|review|reviewed) by|by|von|par|por|di|door|av|af|text|"
    r"autor(?:in)?|author|auteur|texte?|escrito por|scritto da)(?:\s*[:\-]\s*|\s+)",
    re.I,
)
_JOIN = re.compile(r"\s*(?:,|;|/|\||&|\band\b|\bund\b|\bet\b|\by\b|\ben\b|\bog\b|\boch\b|·|•|\n)\s*")
_TAIL = re.compile(
    r"\s*(?:\(.*?\)|\[.*?\]|\bfor (?:the )?\S+.*|\bContributor\b.*|\bStaff Writer\b.*|\bis (?:a|an|the)\b.*|[–—-]\s.*|기자.*|\bvia\b.*)$",
    re.I,
)
_NOBODY = re.compile(
    r"\b(?:staff|admin|administrator|redaktion|redaction|redazione|redacción|redação|newsroom|web ?desk|news desk|"
    r"anonymous|unknown|undefined|none|null|webmaster|team|gmbh|co kg|verlag|e\. ?v|ltd|inc|llc|copyright|all rights|"
    r"https?|photo|image|getty|foto|posts?|articles?|profile|weiter\w*|mehr|more|view|website|editors?|editorial|"
    r"community|germany|deutschland|author|autor|updated|published|comments?|share|min|read|reporter|correspondent|"
    r"subscribe|follow|email|twitter|facebook)\b",
    re.I,
)
_EXACT = re.compile(
    r"^(?:by|the|user|root|online|guest|contributors?|editor|ceo|cfo|phd|md|rd|mba|jr|sr)\.?$", re.I
)
_AGENCY = re.compile(
    r"^(?:dpa|afp|reuters|ap|apa|sda|sid|epd|kna|ansa|efe|agencia efe|ntb|ritzau|tt|belga|anp|pa media|upi|xinhua|tass|"
    r"associated press|the associated press|press association|agence france-presse|deutsche presse-agentur|"
    r"europa press|bloomberg|anadolu ajansı|agencies)$",
    re.I,
)
_ADDRESS = re.compile(r"://|www\.|@|\.(?:com|de|org|net|at|ch|fr|co|uk|it|es|eu|io|pl|ru)\b", re.I)


def is_agency(name: str) -> bool:
    """Is this a news agency?"""
    return _AGENCY.match(name) is not None


def tidy_name(text: str) -> str:
    """A name without "By", roles and marks around it; "" for what is no name."""
    text = clean(text)
    if _ADDRESS.search(text) or text[:1] in "#/(":
        return ""
    text = _TAIL.sub("", _BY.sub("", text)).strip(' ,;:|–—-•·/"“”')
    if not 2 <= len(text) <= 60 or len(text.split()) > 6 or _EXACT.match(text):
        return ""
    if _AGENCY.match(text):
        return text
    if _NOBODY.search(text) or any(sign.isdigit() for sign in text):
        return ""
    return text


def split_names(text: str) -> list[str]:
    """The names in a byline; () when it is an address."""
    text = clean(text)
    if _ADDRESS.search(text):
        return []
    names = [tidy_name(part) for part in _JOIN.split(_BY.sub("", text))]
    return [name for name in names if name]
