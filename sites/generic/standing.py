"""Where each unit stands in the tree: to the element with most of the text, the title, the heading above, <article>s.

frames of all units ─▶ text inside each, leaves first ─▶ main: from the root down, as long as one child holds half
                    └▶ steps up from each frame, root first, to an element that holds main, the title
"""

from __future__ import annotations

from struct import pack
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sites.generic.elements import HEADING, kind_of
from sites.generic.parts import Frame, Unit, frames_of

__all__ = ["STANDING", "standing"]

STANDING = (
    "main to_main from_main to_title from_title no_title articles title's_article no_article parent:mass siblings "
    "heading:linked since_heading heading:kin next:linked next:heading previous:linked said said/words"
).split()
"""The names of the columns of `standing`."""

F32 = NDArray[np.float32]
_ARTICLE: Final = kind_of("article")
_HALF: Final = 0.5
_LETTERS: Final = 4
_MOST: Final = 12
"""How long the words of a headline are that tell something, and how many are looked for."""
_NEVER: Final = 2.0
_STEPS: Final = 10
_FARTHEST: Final = 15
_NESTED: Final = 3
"""More steps up, on the way to the title, or <article>s around, count no more."""
_LOGS: Final[list[Any]] = np.log1p(np.arange(20_001)).tolist()
_THIRDS: Final[list[Any]] = (np.log1p(np.arange(20_001)) / 3).tolist()
"""log(1 + n) for every number of units that a page can have; a third of it."""
_COUNTS: Final[list[Any]] = [float(count) for count in range(_MOST + 1)]
_FIFTHS: Final[list[Any]] = [count / 5 for count in range(_FARTHEST + 1)]
"""Numbers as objects (Any): compiled, taking one from a list costs less than making it."""


def standing(
    units: list[Unit],
    title: Frame | None,
    words: F32,
    text: list[float],
    linked: list[Any],
    lowered: list[str],
    headline: str,
) -> F32:
    """A row a unit, a column a name of STANDING. Of each unit `words` is their number, `text` how many of them stand
    in plain sentences, `linked` what share of it is links (0-1), `lowered` its text without case. `title` is the
    element of the page's first h1; `said` counts which of the headline's words a unit has.
    """
    if not units:
        return np.zeros((0, len(STANDING)), dtype=np.float32)
    frames = frames_of(units)
    places = _Places(units, frames, text, title)
    said = list(dict.fromkeys([word for word in headline.casefold().split() if len(word) >= _LETTERS]))
    del said[_MOST:]
    rows: list[Any] = []
    final = len(units) - 1
    last = parent_of_last = -1  # the heading above: its row, the serial of its parent
    no, yes = _COUNTS[0], _COUNTS[1]
    before: Any = no
    never: Any = _NEVER
    at_heading = units[0].frame.tag in HEADING
    for row, unit in enumerate(units):
        frame = unit.frame
        above = frame.parent
        parent = above.serial if above is not None else -1
        places.add(rows, frame)
        if last >= 0:
            rows += (linked[last], _THIRDS[row - last], yes if parent == parent_of_last else no)
        else:
            rows += (no, never, no)
        if at_heading:
            last, parent_of_last = row, parent
        at_heading = row < final and units[row + 1].frame.tag in HEADING
        low = lowered[row]
        count = 0
        for word in said:
            if word in low:
                count += 1
        rows += (
            linked[row + 1] if row < final else no,
            yes if at_heading else no,
            before,
            _COUNTS[count],
            no,
        )
        before = linked[row]
    out = (
        np.frombuffer(pack(f"{len(rows)}f", *rows), dtype=np.float32)
        .reshape(len(units), len(STANDING))
        .copy()
    )
    out[:, 18] = out[:, 17] / (1 + np.log1p(words))
    out[:, 17] /= max(1, len(said))
    return out


class _Places:
    """What all units of a frame share, in lists by the frame's serial, root first."""

    __slots__ = (
        "articles",
        "children",
        "main",
        "masses",
        "over",
        "owners",
        "title",
        "total",
        "up",
    )

    def __init__(
        self, units: list[Unit], frames: list[Frame], text: list[float], title: Frame | None
    ) -> None:
        size = frames[-1].serial + 1
        self.masses: list[float] = [0.0] * size
        self.children: list[int] = [0] * size
        self.title = title
        self.main = self._weigh(units, frames, text, size)
        self.total = max(1.0, self.masses[0])
        self.up: list[int] = [0] * size
        self.over: list[int] = [0] * size
        self.articles: list[int] = [0] * size
        self.owners: list[int] = [-1] * size
        self._climb(frames, size)

    def _weigh(self, units: list[Unit], frames: list[Frame], text: list[float], size: int) -> Frame:
        """The text in each frame and below it; the frame with most."""
        masses, children = self.masses, self.children
        for unit, words in zip(units, text, strict=True):
            masses[unit.frame.serial] += words
        greatest: list[float] = [0.0] * size
        largest: list[Frame | None] = [None] * size
        for frame in reversed(frames):
            above = frame.parent
            if above is not None:
                serial = above.serial
                mass = masses[frame.serial]
                masses[serial] += mass
                children[serial] += 1
                if mass > greatest[serial]:
                    greatest[serial] = mass
                    largest[serial] = frame
        main = frames[0]
        child = largest[main.serial]
        while child is not None and masses[child.serial] >= _HALF * masses[main.serial]:
            main = child
            child = largest[main.serial]
        return main

    def _climb(self, frames: list[Frame], size: int) -> None:
        """Steps up to what holds main, to what holds the title; <article>s around, and is the nearest the title's."""
        holds_main, holds_title = _holders(self.main, size), _holders(self.title, size)
        up, over, articles, owners = self.up, self.over, self.articles, self.owners
        no_title = self.title is None
        for frame in frames:
            serial = frame.serial
            parent = frame.parent
            if parent is None:
                if not holds_main[serial]:
                    up[serial] = 1
            else:
                above = parent.serial
                if not holds_main[serial]:
                    up[serial] = up[above] + 1
                if not (no_title or holds_title[serial]):
                    over[serial] = over[above] + 1
                articles[serial] = articles[above]
                owners[serial] = owners[above]
            if frame.tag == _ARTICLE:
                articles[serial] += 1
                owners[serial] = int(holds_title[serial])

    def add(self, rows: list[Any], frame: Frame) -> None:
        """The columns up to `siblings`."""
        serial, depth, title = frame.serial, frame.depth, self.title
        above = frame.parent.serial if frame.parent is not None else serial
        up, over, owner = self.up[serial], self.over[serial], self.owners[serial]
        from_main = self.main.depth - depth + up
        from_title = title.depth - depth + over if title is not None else 0
        articles = self.articles[serial]
        no, yes = _COUNTS[0], _COUNTS[1]
        rows += (
            yes if frame is self.main else no,
            _FIFTHS[up if up < _STEPS else _STEPS],
            _FIFTHS[from_main if from_main < _STEPS else _STEPS],
            _FIFTHS[over if over < _STEPS else _STEPS],
            _FIFTHS[from_title if from_title < _FARTHEST else _FARTHEST],
            yes if title is None else no,
            _COUNTS[articles if articles < _NESTED else _NESTED],
            yes if owner == 1 else no,
            yes if owner < 0 else no,
            self.masses[above] / self.total,
            _LOGS[self.children[above]],
        )


def _holders(frame: Frame | None, size: int) -> bytearray:
    """By serial: is it this frame, or one that holds it?"""
    holds = bytearray(size)
    while frame is not None:
        if frame.serial < size:
            holds[frame.serial] = 1
        frame = frame.parent
    return holds
