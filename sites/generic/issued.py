"""Of a line that tells a day: is it that of publication, or that of a change? By the words before it.

"Published 3 May 2024 | Updated 4 May 2024"    "Stand: 4.5.2024 | Erstellt: 3.5.2024"    "更新日：2024.05.04"
"""

from __future__ import annotations

import re
from typing import Final

from sites.generic.facts import Facts
from sites.generic.parts import Mark

__all__ = ["change_in", "has_date", "is_change", "issue_in", "line_at", "tells_issue"]

_OF_CHANGES: Final = frozenset(("updated", "modified", "dt-updated"))
_OF_ISSUES: Final = frozenset(("published", "entry-date", "posted"))
_SHORT: Final = 30
_LONG: Final = 120
_ENDING: Final = re.compile(r"(?:\s(?:on|am|le|el|il|em|op|den))?\W*\Z")
"""What may follow a label before its date."""
_DIGIT: Final = re.compile(r"[\d元]")
_DATELIKE: Final = re.compile(
    r"(?=[\d令平昭])(?:(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b|[٠-٩۰-۹]{4}|(?:令和|平成|昭和)\s?[\d元]|\d\s?\S{3,12}\s25\d\d\b)"
)
_CHANGED: Final = re.compile(
    r"\b(?:updated|modified|edited|last update|aktualisiert|geändert|stand|mis à jour|mise à jour|modifié|actualizado|actualización|"
    r"aggiornato|aggiornamento|atualizado|atualização|bijgewerkt|gewijzigd|uppdaterad|oppdatert|opdateret|päivitetty|muokattu|"
    r"aktualizacja|zaktualizowano|aktualizováno|frissítve|actualizat|güncelle(?:me|ndi)|обновлено|изменено|оновлено|ενημερώθηκε|"
    r"diperbarui|cập nhật)\b|更新|최종|수정|تحديث"
)
_LABEL: Final = (
    r"published|posted|created|veröffentlicht|erschienen|erstellt|publiziert|publié|créé|publicad[oa]|pubblicato|geplaatst|gepubliceerd|"
    r"publicerad|publisert|publiceret|julkaistu|opublikowano|publikacja|publikováno|vydáno|megjelent|publicat|giriş|yayin(?:lan\w+)?|"
    r"опубликовано|опубліковано|δημοσι\w+|diterbitkan|dipublikasikan|đăng"
)
_ASIAN: Final = "公開|発行|配信|掲載|发布|發佈|發布|입력|등록|승인|게재|نشر"
_ISSUED: Final = re.compile(rf"\b(?:{_LABEL}|on|am|vom|datum|date)\b|{_ASIAN}")
_LABELLED: Final = re.compile(rf"\b(?:{_LABEL})\b|{_ASIAN}")


def has_date(text: str, end: int | None = None) -> bool:
    """May this hold a day with its year, before `end`?"""
    first = _DIGIT.search(text)
    if first is None:
        return False
    start = first.start() if text.isascii() else 0  # the name of an era stands before its digits
    return _DATELIKE.search(text, start, len(text) if end is None else end) is not None


def tells_issue(text: str) -> bool:
    """Does it say of a day that something was issued on it?"""
    return _ISSUED.search(_lowered(text)) is not None


def issue_in(text: str) -> str:
    """What a line says of publication: all of it, or its part before or behind the change that it tells too; "" when
    it tells a change alone."""
    lowered = _lowered(text)
    changed = _CHANGED.search(lowered)
    if changed is None:
        return text
    if has_date(text, changed.start()):
        return text[: changed.start()]
    issued = _LABELLED.search(lowered, changed.end())
    return text[issued.start() :] if issued is not None and has_date(text[issued.start() :]) else ""


def line_at(facts: Facts, number: int) -> tuple[str, bool]:
    """What the page says there, with the line before it when that tells only that a change follows; does it, not being
    long, hold a day? Several fields ask for the same lines."""
    line = facts.lines.get(number)
    if line is None:
        text = facts.found.units[number].text
        digit = _DIGIT.search(text, 0, _LONG) is not None
        before = facts.found.units[number - 1].text if number else ""
        if len(before) < _SHORT and (digit or _DIGIT.search(before) is not None):
            label = _CHANGED.search(_lowered(before))
            if label is not None and _ENDING.match(before, label.end()):
                text = f"{before} {text}"
                digit = True
        line = facts.lines[number] = text, digit and len(text) < _LONG and has_date(text)
    return line


def change_in(text: str) -> str:
    """What a line says of the last change; "" when it tells none."""
    lowered = _lowered(text)
    changed = _CHANGED.search(lowered)
    if changed is None:
        return ""
    issued = _LABELLED.search(lowered, changed.end())
    return text[changed.end() : issued.start() if issued is not None else len(text)]


def _lowered(text: str) -> str:
    """In lower case, sign by sign, Turkey's two i alike: in it words are found sooner than with case ignored."""
    return text.lower() if text.isascii() else text.replace("İ", "i").lower().replace("ı", "i")


def is_change(mark: Mark) -> bool:
    """Does the element's class say that it tells a change, and not the publication too?"""
    names = (mark.attributes.get("class") or "").lower().split()
    return not _OF_CHANGES.isdisjoint(names) and _OF_ISSUES.isdisjoint(names)
