"""Copies made from real article texts, as sites make them: shortened, framed, retitled, redated, reworded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec

__all__ = ["Told", "perturbed", "real_texts"]


class Told(msgspec.Struct, frozen=True):
    """A text, the number of the story it tells, how it was made ("" for the original), the host it is on."""

    text: str
    story: int
    how: str
    host: str


def real_texts(root: Path) -> list[str]:
    """The ground truth's texts of some length, one a URL, in the order of their folders."""
    found: dict[str, str] = {}
    for path in sorted(root.glob("*/*/expected.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        text = expected.get("text")
        if isinstance(text, str) and len(text.split()) >= 60:
            found.setdefault(expected["url"], text)
    return list(found.values())


def perturbed(texts: Sequence[str], seed: int) -> list[Told]:
    """Every text with two copies on other hosts, one of the ways at random; `texts` of the last tenth only lend the
    frames that twenty sites put around what they copy."""
    dice = Random(seed)
    cut = len(texts) * 9 // 10
    frames = [_frame(text) for text in texts[cut : cut + 20]]
    told = []
    for story, text in enumerate(texts[:cut]):
        told.append(Told(text, story, "", "first.example"))
        for how in dice.sample(sorted(_WAYS), 2):
            number = dice.randrange(len(frames))
            told.append(Told(_WAYS[how](text, frames[number], dice), story, how, f"site{number}.example"))
    return told


def _frame(text: str) -> tuple[str, str]:
    words = text.split()
    return " ".join(words[:40]), " ".join(words[-40:])


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def _framed(text: str, frame: tuple[str, str], dice: Random) -> str:
    return f"{frame[0]}\n{text}\n{frame[1]}"


def _dropped(text: str, frame: tuple[str, str], dice: Random) -> str:
    parts = _paragraphs(text)
    kept = [part for part in parts if dice.random() > 0.35]
    return "\n".join(kept if len(" ".join(kept).split()) >= 60 else parts)


def _shortened(text: str, frame: tuple[str, str], dice: Random) -> str:
    words = text.split()
    return " ".join(words[: max(60, int(len(words) * 0.4))])


def _redated(text: str, frame: tuple[str, str], dice: Random) -> str:
    parts = _paragraphs(text)
    return "\n".join(
        [f"Reported again on {dice.randint(1, 28)} May by our own staff.", *parts[1:]]
        if len(parts) > 3
        else parts
    )


def _reworded(text: str, frame: tuple[str, str], dice: Random) -> str:
    """One word in twenty-five is another, and every tenth paragraph is gone."""
    out = []
    for part in _paragraphs(text):
        if dice.random() > 0.1:
            words = part.split()
            out.append(" ".join(dice.choice(words) if dice.random() < 0.04 else word for word in words))
    return "\n".join(out)


_WAYS = {
    "framed": _framed,
    "dropped": _dropped,
    "shortened": _shortened,
    "redated": _redated,
    "reworded": _reworded,
}
