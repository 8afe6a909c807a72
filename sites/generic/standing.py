"""Where each unit stands in the tree: to the element with most of the text, the title, the heading above, <article>s.

frames of all units ─▶ text inside each, leaves first ─▶ main: from the root down, as long as one child holds half
                    └▶ steps up from each frame, root first, to an element that holds main, the title
"""

from __future__ import annotations

from collections import Counter
from itertools import repeat
from operator import contains

import numpy as np
from numpy.typing import NDArray

from sites.generic.elements import HEADING, kind_of
from sites.generic.parts import Frame, Unit

__all__ = ["STANDING", "standing"]

STANDING = (
    "main to_main from_main to_title from_title no_title articles title's_article no_article parent:mass siblings "
    "heading:linked since_heading heading:kin next:linked next:heading previous:linked said said/words"
).split()
"""The names of the columns of `standing`."""

F32 = NDArray[np.float32]
_ARTICLE = kind_of("article")
_HALF = 0.5
_LETTERS, _MOST = 4, 12
"""How long the words of a headline are that tell something, and how many are looked for."""
_NEVER = 2.0


def standing(
    units: list[Unit], title: Frame | None, words: F32, text: F32, linked: F32, headline: str
) -> F32:
    """A row a unit, a column a name of STANDING. Of each unit `words` is their number, `text` how many of them stand
    in plain sentences, `linked` what share of it is links (0-1). `title` is the element of the page's first h1;
    `said` counts which of the headline's words a unit has.
    """
    out = np.zeros((len(units), len(STANDING)), dtype=np.float32)
    if not units:
        return out
    frames = _frames(units)
    order = sorted(frames)
    masses, main = _main(units, frames, order, text.tolist())
    places = _places(frames, order, frames[main], title)
    total = max(1.0, masses[order[0]])
    children = Counter([frame.parent.serial for frame in frames.values() if frame.parent is not None])
    above = [(unit.frame.parent or unit.frame).serial for unit in units]
    out[:, :9] = [places[unit.frame.serial] for unit in units]
    out[:, 9] = [masses[serial] / total for serial in above]
    out[:, 10] = np.log1p(np.array([children[serial] for serial in above]))
    _headings(units, linked, out[:, 11:14])
    out[:-1, 14] = linked[1:]
    out[:-1, 15] = [unit.frame.tag in HEADING for unit in units[1:]]
    out[1:, 16] = linked[:-1]
    said = list(dict.fromkeys([word for word in headline.casefold().split() if len(word) >= _LETTERS]))[
        :_MOST
    ]
    lowered = [unit.text.casefold() for unit in units]
    for word in said:
        out[:, 17] += np.fromiter(map(contains, lowered, repeat(word)), bool, len(units))
    out[:, 18] = out[:, 17] / (1 + np.log1p(words))
    out[:, 17] /= max(1, len(said))
    return out


def _frames(units: list[Unit]) -> dict[int, Frame]:
    """Every frame of these units and all above them, by serial: a frame's is greater than its parent's."""
    frames: dict[int, Frame] = {}
    for unit in units:
        at: Frame | None = unit.frame
        while at is not None and at.serial not in frames:
            frames[at.serial] = at
            at = at.parent
    return frames


def _main(
    units: list[Unit], frames: dict[int, Frame], order: list[int], text: list[float]
) -> tuple[dict[int, float], int]:
    """The text in each frame and below it, and the serial of the frame with most."""
    masses = dict.fromkeys(order, 0.0)
    for unit, words in zip(units, text, strict=True):
        masses[unit.frame.serial] += words
    largest: dict[int, int] = {}
    for serial in reversed(order):
        above = frames[serial].parent
        if above is not None:
            mass = masses[serial]
            masses[above.serial] += mass
            if mass > 0 and mass > masses.get(largest.get(above.serial, -1), 0.0):
                largest[above.serial] = serial
    main = order[0]
    while (child := largest.get(main)) is not None and masses[child] >= _HALF * masses[main]:
        main = child
    return masses, main


def _places(
    frames: dict[int, Frame], order: list[int], main: Frame, title: Frame | None
) -> dict[int, tuple[float, ...]]:
    """The first nine columns, the same for all units of a frame."""
    holds_main, holds_title = _above(main), _above(title)
    no_title = float(title is None)
    up: dict[int, int] = {}
    over: dict[int, int] = {}
    articles: dict[int, tuple[int, float, float]] = {-1: (0, 0.0, 1.0)}
    places: dict[int, tuple[float, ...]] = {}
    for serial in order:
        frame = frames[serial]
        above = frame.parent.serial if frame.parent is not None else -1
        up[serial] = 0 if serial in holds_main else up[above] + 1
        over[serial] = 0 if serial in holds_title or title is None else over[above] + 1
        if frame.tag == _ARTICLE:
            articles[serial] = (articles[above][0] + 1, float(serial in holds_title), 0.0)
        else:
            articles[serial] = articles[above]
        count, own, none = articles[serial]
        places[serial] = (
            float(frame is main),
            min(10, up[serial]) / 5,
            min(10, main.depth - frame.depth + up[serial]) / 5,
            min(10, over[serial]) / 5,
            min(15, title.depth - frame.depth + over[serial]) / 5 if title is not None else 0.0,
            no_title,
            min(3.0, count),
            own,
            none,
        )
    return places


def _above(frame: Frame | None) -> set[int]:
    """The serials of a frame and of all that hold it."""
    out = set()
    while frame is not None:
        out.add(frame.serial)
        frame = frame.parent
    return out


def _headings(units: list[Unit], linked: F32, out: F32) -> None:
    """Of the heading above each unit: what share is a link, how far it is (logarithm), whether it has the same parent."""
    tags = [unit.frame.tag in HEADING for unit in units]
    rows = np.arange(len(units))
    last = np.maximum.accumulate(np.where(tags, rows, -1))
    last = np.concatenate([[-1], last[:-1]])
    parents = np.array([unit.frame.parent.serial if unit.frame.parent is not None else -1 for unit in units])
    some = last >= 0
    out[:, 0] = np.where(some, linked[last], 0)
    out[:, 1] = np.where(some, np.log1p(rows - last) / 3, _NEVER)
    out[:, 2] = some & (parents == parents[last])
