"""What contradicts the date that a page claims is told; what agrees with it is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sites.extract import extract
from sites.page import Page

TEXT = (
    "The council has decided, by a narrow vote, to widen the harbour road and to plant two hundred lime trees. "
    * 3
)
WHEN = datetime(2025, 4, 20, 12, tzinfo=UTC)


def doubts(
    head: str = "",
    *,
    first: str = "",
    url: str = "https://paper.example/news/trees",
    headers: tuple[tuple[str, str], ...] = (),
) -> tuple[str, ...]:
    body = "".join(f"<p>{part}{TEXT}</p>" for part in (first, "", "", ""))
    html = (
        "<html><head><title>Two hundred trees</title><meta property='og:type' content='article'>"
        "<meta property='article:published_time' content='2025-04-14T14:20:43Z'>"
        f"{head}</head><body><article><h1>Two hundred trees</h1>{body}</article></body></html>"
    )
    article = extract(Page(url=url, html=html.encode(), headers=headers, fetched_at=WHEN)).article
    assert article is not None and article.published is not None
    assert str(article.published.date()) == "2025-04-14"
    return article.date_conflicts


def test_a_date_that_everything_bears_out_is_not_doubted() -> None:
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2025-04-14T16:20:43+02:00"}</script>'
    headers = (("Last-Modified", "Mon, 14 Apr 2025 15:00:00 GMT"),)
    assert (
        doubts(
            head, first="BEIJING, April 14 (NN) — ", url="https://paper.example/2025/04/14/t", headers=headers
        )
        == ()
    )
    assert doubts() == ()


@pytest.mark.parametrize(
    ("says", "made"),
    [
        ("ld:datePublished", {"head": '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2023-12-04"}</script>'}),
        ("meta:date", {"head": "<meta name='date' content='2023-12-04'>"}),
        ("url", {"url": "https://paper.example/2023/12/04/trees"}),
        ("modified 2023-12-05", {"head": "<meta property='article:modified_time' content='2023-12-05T08:00:00Z'>"}),
        ("the server has it from 2023-12-04", {"headers": (("Last-Modified", "Mon, 04 Dec 2023 08:00:00 GMT"),)}),
        ("the text is dated Dec. 4", {"first": "BEIJING, Dec. 4 (NN) — "}),
    ],
)  # fmt: skip
def test_each_contradiction_is_told(says: str, made: dict[str, str]) -> None:
    head = made.get("head", "")
    if (
        "datePublished" in head
    ):  # the data that a page gives in JSON-LD come first: here the meta is the other claim
        page = Page(
            url="https://paper.example/news/trees",
            html=(
                f"<title>Two hundred trees</title><meta property='article:published_time' content='2025-04-14'>{head}"
                f"<article><h1>Two hundred trees</h1>{f'<p>{TEXT}</p>' * 4}</article>"
            ).encode(),
        )
        article = extract(page).article
        assert article is not None and len(article.date_conflicts) == 1
        assert {"ld:datePublished", "meta:article:published_time"} <= set(article.date_conflicts[0].split())
        return
    told = doubts(**made)  # type: ignore[arg-type]
    assert len(told) == 1 and told[0].startswith(says)


def test_a_date_to_come_is_doubted() -> None:
    page = Page(
        url="https://paper.example/news/trees",
        html=(
            "<title>Two hundred trees</title><meta property='article:published_time' content='2025-05-14'>"
            f"<article><h1>Two hundred trees</h1>{f'<p>{TEXT}</p>' * 4}</article>"
        ).encode(),
        fetched_at=WHEN,
    )
    article = extract(page).article
    assert article is not None
    assert article.date_conflicts == ("published 2025-05-14 after it was fetched 2025-04-20T12:00:00+00:00",)


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "Mon, 99 Apr 2025 99:00:00 GMT", "0", "\x00", "Mon, 14 Apr 99999999 15:00:00 GMT"],
)
def test_a_servers_nonsense_is_no_evidence(value: str) -> None:
    assert doubts(headers=(("Last-Modified", value),)) == ()
