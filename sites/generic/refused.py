"""Pages that show something else than was asked for: errors, questions of consent, doors kept shut to robots."""

from __future__ import annotations

import re

from sites.extraction import PageType
from sites.generic.survey import Survey
from sites.page import Page

__all__ = ["refusal"]

_DOORS = re.compile(
    r"just a moment|attention required|access denied|are you (?:a )?(?:human|robot)|verify you are human|"
    r"checking your browser|pardon our interruption|request unsuccessful|please enable (?:js|javascript|cookies)|"
    r"captcha|unusual traffic|bot detection|security check|enable javascript and cookies|"
    r"before you continue|we value your privacy|your privacy (?:choices|settings)|(?:cookie|privacy) consent|"
    r"consent (?:to|management)|datenschutzeinstellungen|deine privatsphäre|ihre privatsphäre|votre vie privée",
    re.I,
)
_GONE = re.compile(
    r"^(?:\W*(?:error\W*)?(?:404|410|500|502|503)\b|page not found|not found|seite nicht gefunden|"
    r"page introuvable|página no encontrada|pagina non trovata|this page (?:can.?t be|could not be|isn.?t) |"
    r"oops\W|file not found|nothing found)|\b(?:404|page not found|seite nicht gefunden)\W*$",
    re.I,
)
_FEW = 150


def refusal(page: Page, found: Survey) -> tuple[PageType, float] | None:
    """("blocked" or "error", confidence) by status and by what a short page says; None for a page as asked."""
    words = sum([unit.words for unit in found.units if not unit.linked])
    heading = found.units[found.headings[0][2]].text if _has_heading(found) else ""
    says = f"{found.title} {heading}"
    door = words < _FEW and _DOORS.search(says) is not None
    if page.status in (401, 402, 403, 407, 429, 451) or (page.status == 503 and door):
        return "blocked", 0.95 if page.status != 503 else 0.8
    if page.status >= 400:
        return "error", 0.99
    if door:
        return "blocked", 0.8
    if words < 2 * _FEW and (_GONE.search(found.title) or _GONE.search(heading)):
        return "error", 0.8
    return None


def _has_heading(found: Survey) -> bool:
    return bool(found.headings) and found.headings[0][2] < len(found.units)
