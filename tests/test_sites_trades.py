"""Words that give a page's trade away, and how a page speaks."""

from __future__ import annotations

import pytest

from sites.generic.facts import Facts
from sites.generic.joining import Joiner
from sites.generic.manner import COUNTED, RATED, manner
from sites.generic.survey import survey
from sites.generic.tokens import spoken
from sites.generic.trades import TRADES, trades
from sites.page import Page

BODY = "<p>The ferry will stop sailing in the spring, the harbour board said.</p>"


def facts_of(url: str, html: str) -> Facts:
    page = Page(url=url, html=html.encode())
    return Facts(page, survey(page.tree), Joiner(url), "")


def told(url: str, html: str) -> dict[str, int]:
    facts = facts_of(url, html)
    return {
        name: count for name, count in zip(TRADES, trades(spoken(facts), facts.names()), strict=True) if count
    }


@pytest.mark.parametrize(
    ("url", "html", "expected"),
    [
        ("https://harbour.example/x", BODY, {}),
        ("https://docs.example/x", BODY, {"manual": 1, "any manual": 1}),
        (
            "https://a.example/x",
            "<title>船 - 某某论坛</title>" + BODY,
            {"forum": 1, "any forum": 1},
        ),
        (
            "https://a.example/threads/4711",
            f"<meta name=generator content='phpBB 3'><title>Boats Forum</title><div class='postbit topic'>{BODY}</div>",
            {"forum": 4, "any forum": 1},
        ),
        (
            "https://a.example/products/coat-of-oilskin-long",
            f"<script type='application/ld+json'>{{'@type':'Product'}}</script><div class=addtocart>{BODY}</div>".replace("'", '"'),
            {"shop": 3, "any shop": 1},
        ),
    ],
)  # fmt: skip
def test_each_word_of_a_trade_counts_once_and_up_to_four(
    url: str, html: str, expected: dict[str, int]
) -> None:
    assert told(url, html) == expected


def test_a_page_that_speaks_for_itself_is_heard() -> None:
    facts = facts_of(
        "https://a.example/yard/",
        '<a href="/yard/masts">a</a><a href="/yard/hulls">b</a><a href="/user/7">c</a>' + BODY,
    )
    body = "We build your boat! Our yard can mend what you wrecked, for $90."
    counted, rated, beginning = manner(
        facts, "How we work: boats", body, ["Contact us", "pricing"], "contact us\npricing"
    )
    counts = dict(zip(COUNTED, counted, strict=True))
    assert (counts["offers:pitch"], counts["offers:cart"], counts["users"], counts["below"]) == (2, 0, 1, 2)
    rates = dict(zip(RATED, rated, strict=True))
    assert rates["says:we"] == pytest.approx(200 / 30)
    assert rates["says:you"] == pytest.approx(200 / 30)
    assert rates["title asks"] and rates["title colon"] and not rates["title digit"]
    assert (beginning[:3], beginning[-1]) == (["we", "build", "your"], "$90.")
