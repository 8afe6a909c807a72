"""What is around a unit is its own page's alone, however many pages are looked at together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sites.generic.around import SHARES, SPREAD, Around
from sites.generic.counts import GROUPED, Raw

_CHANNELS = 3


def _raw(sizes: list[int], seed: int) -> list[Raw]:
    chance = np.random.default_rng(seed)
    pages = []
    for size in sizes:
        numbers = chance.integers(1, 150, (size, 9)).astype(np.float32)
        groups = chance.integers(0, 4, (size, len(GROUPED))) * len(GROUPED) + np.arange(len(GROUPED))
        groups = np.unique(groups, return_inverse=True)[1].reshape(size, -1)
        tags = chance.integers(0, 7, (size, 2))
        nothing = np.zeros((size, 1), dtype=np.int64)
        pages.append(
            Raw(numbers, nothing, np.arange(size), nothing, tags, groups, np.zeros((size, 0)), False)
        )
    return pages


def _together(pages: list[Raw]) -> Raw:
    groups, which, above, kinds = [], [], 0, 0
    for page in pages:
        groups.append(page.groups + above)
        which.append(page.which + kinds)
        above += int(page.groups.max()) + 1
        kinds += len(page.tags)
    return pages[0]._replace(
        numbers=np.vstack([page.numbers for page in pages]),
        groups=np.vstack(groups),
        which=np.concatenate(which),
        tags=np.vstack([page.tags for page in pages]),
    )


@given(st.lists(st.integers(1, 30), min_size=1, max_size=4), st.integers(0, 100))
def test_pages_side_by_side_do_not_see_each_other(sizes: list[int], seed: int) -> None:
    pages = _raw(sizes, seed)
    said = [np.random.default_rng(n).random((size, _CHANNELS), np.float32) for n, size in enumerate(sizes)]
    starts = tuple(int(start) for start in np.cumsum([0, *sizes[:-1]]))
    spread, shares = Around(_together(pages), starts).told(np.vstack(said))
    alone = [Around(page).told(channels) for page, channels in zip(pages, said, strict=True)]
    np.testing.assert_allclose(spread, np.vstack([one for one, _ in alone]), rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(shares, np.vstack([one for _, one in alone]), rtol=1e-3, atol=1e-3)
    assert spread.shape[1] == SPREAD * _CHANNELS
    assert shares.shape[1] == SHARES


def test_a_unit_sees_its_neighbours_the_page_and_its_kin() -> None:
    (page,) = _raw([3], 1)
    page = page._replace(
        numbers=np.full((3, 9), 10, np.float32),
        tags=np.zeros((3, 2), np.int64),
        groups=np.array([[0, 2, 3, 4, 5], [1, 2, 3, 4, 5], [0, 2, 3, 4, 5]]),
    )
    spread, shares = Around(page).told(np.array([[0.0], [0.3], [0.6]], np.float32))
    first = spread[
        0
    ]  # the units near, the stretches, the page with all before and all after, element and parent
    np.testing.assert_allclose(first[:5], [0, 0.3, 0, 0.6, 0], atol=1e-6)
    np.testing.assert_allclose(first[5:9], [0, 0.45, 0, 0.45], atol=1e-6)
    np.testing.assert_allclose(first[9:12], [0.3, 0, 0.3], atol=1e-6)
    np.testing.assert_allclose(first[12:14], [0.3, 0.3], atol=1e-6)
    np.testing.assert_allclose(shares[0, :3], [0, 1, np.log(9)], atol=1e-6)
    np.testing.assert_allclose(shares[2, :3], [1 / 3, 0, np.log(9)], atol=1e-6)
