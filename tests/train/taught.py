"""The ground truth of a page, with what its teachers say of it: nets that have never seen its publisher.

Where nobody told, on most of a page of snippets, theirs is all there is; where the truth is odd, they temper it.
"""

from __future__ import annotations

import numpy as np

from sites.generic.around import Around
from sites.generic.features import Seen
from sites.generic.model import Net, sigmoid
from tests.train.graph import Page
from tests.train.labels import size, weigh

__all__ = ["taught"]

SHARE = 0.3
"""What they weigh beside the truth, which weighs the rest."""
CALM, SHIFT = 0.7, 0.09
"""They are surer than they may be."""
LITTLE = 2.0
"""Where they find no more than this, they have nothing to say."""


def taught(page: Page, teachers: list[Net]) -> Page:
    """The page whose units are to learn a mixture of both."""
    around = Around(page.raw)
    rows = len(page.seen)
    shown = Seen(page.seen, np.zeros((1, 0), dtype=np.float32), np.zeros(rows, dtype=np.int64))
    logits = np.mean([net.logits(shown, around) for net in teachers], axis=0)
    said = sigmoid(np.asarray(CALM * logits + SHIFT, dtype=np.float32))
    words = page.raw.numbers[:, 0]
    theirs = SHARE * weigh(words, said, np.ones_like(said))
    if float((size(words) * said).sum()) < LITTLE:
        theirs *= 0
    own = (1 - SHARE) * page.weights
    cares = own + theirs
    aims = (own * page.labels + theirs * said) / np.maximum(cares, 1e-9)
    return page._replace(aims=aims.astype(np.float32), cares=cares.astype(np.float32))
