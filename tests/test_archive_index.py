"""The article index: identity and aliases, versions and their two histories, filters, full text, export."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.index import ArticleIndex, IndexEntry, Query
from archive.index.identity import identity
from archive.index.words import fold, fts_query, join_cjk, space_cjk
from crawler.cli.listing import listing
from crawler.settings import Settings, SiteSettings
from sites.article import Article, decode_article, encode_article
from sites.moment import Moment
from tests.archive_store_kit import quick_folder

A = "https://a.example/1"
DAY = 86_400_000_000


@pytest.fixture
def index() -> Iterator[ArticleIndex]:
    with quick_folder() as folder:
        index = ArticleIndex.open(folder / "articles.db")
        yield index
        index.close()
        index.close()


def article(url: str = A, **facts: object) -> Article:
    facts = {"title": "A title", "text": "Some words", **facts}
    return Article(url=url, **facts)  # type: ignore[arg-type]


def entry(
    number: int, found: Article | None = None, *, fingerprint: str = "f1", **more: object
) -> IndexEntry:
    facts = {
        "url": found.url if found else A,
        "site": found.site if found else "",
        "fetched_at": number * DAY,
        "article": encode_article(found) if found else b"",
        "outcome": "ok" if found else "none",
        "page_type": "article" if found else "listing",
        **more,
    }
    return IndexEntry(capture_id=number, record_id=f"urn:{number}", fingerprint=fingerprint, **facts)  # type: ignore[arg-type]


def urls(index: ArticleIndex, **query: object) -> list[str]:
    return [row.url for row in index.list(Query(**query))]  # type: ignore[arg-type]


IDENTITIES = [
    ("https://a.example/1", "", "https://a.example/1"),
    ("https://a.example/1?ref=x", "https://a.example/1", "https://a.example/1"),
    ("https://m.a.example/1", "https://www.a.example/1", "https://www.a.example/1"),
    ("https://a.example/1", "/one#top", "https://a.example/one"),
    ("https://copy.example/1", "https://a.example/1", "https://copy.example/1"),
    ("https://a.example/1", "https://a.example/", "https://a.example/1"),
    ("https://a.example/", "https://www.a.example/", "https://www.a.example/"),
    ("https://a.example/1", "javascript:void(0)", "https://a.example/1"),
    ("https://a.example/1", "https://[", "https://a.example/1"),
    ("http://127.0.0.1:8001/1", "http://127.0.0.2:8001/1", "http://127.0.0.1:8001/1"),
]


@pytest.mark.parametrize(("url", "canonical", "expected"), IDENTITIES)
def test_identity(url: str, canonical: str, expected: str) -> None:
    assert identity(url, canonical) == expected


def test_every_alias_leads_to_the_article(index: ArticleIndex) -> None:
    page = article("https://a.example/1?ref=x", canonical_url="https://www.a.example/one")
    index.put([entry(1, page, aliases=("http://a.example/1",), facts=b'{"signals":[["header:x","y"]]}')])
    for url in ("https://a.example/1?ref=x", "https://www.a.example/one", "http://a.example/1"):
        assert index.resolve(url) == "https://www.a.example/one"
        found = index.get(url)
        assert found is not None and found.article == page and found.state == "listed"
        assert found.facts == {"signals": [["header:x", "y"]]}
        assert found.aliases == ("http://a.example/1", "https://a.example/1?ref=x")
    assert index.get("https://a.example/2") is None and index.resolve("https://a.example/2") is None


def test_putting_again_changes_nothing(index: ArticleIndex) -> None:
    group = [entry(1, article()), entry(2, article("https://a.example/2"))]
    for _ in range(3):
        index.put(group)
    assert len(urls(index)) == 2 and len(index.versions(A)) == len(index.history(A)) == 1
    assert index.has("urn:1", "f1") and not index.has("urn:1", "f2")
    index.put([])


def test_the_newest_capture_is_shown_by_its_latest_rules(index: ArticleIndex) -> None:
    index.put([entry(3, article(title="third"), fingerprint="f1")])
    index.put([entry(1, article(title="first"), fingerprint="f2")])
    assert index.get(A).article.title == "third"  # type: ignore[union-attr]
    index.put([entry(3, article(title="mended"), fingerprint="f2")])
    assert index.get(A).article.title == "mended"  # type: ignore[union-attr]
    index.put([entry(3, article(title="third"), fingerprint="f1")])
    assert index.get(A).fingerprint == "f1", "rules taken back count again"  # type: ignore[union-attr]
    assert [(v.record_id, v.fingerprint) for v in index.versions(A)] == [
        ("urn:1", "f2"),
        ("urn:3", "f2"),
        ("urn:3", "f1"),
    ]
    assert [v.fingerprint for v in index.versions(A, "urn:1")] == ["f2"]
    assert decode_article(index.versions(A)[1].article_json).title == "mended"


def test_the_two_histories(index: ArticleIndex) -> None:
    index.put([entry(1, article()), entry(2, article(tags=("x",))), entry(3, article(text="Other words"))])
    index.put([entry(4, None), entry(2, article(), fingerprint="f2")])
    seen = index.history(A)
    assert [(s.record_id, s.changed, bool(s.content_hash)) for s in seen] == [
        ("urn:1", False, True),
        ("urn:2", False, True),
        ("urn:3", True, True),
        ("urn:4", True, False),
    ]
    assert seen[1].fingerprint == "f2" and len(index.versions(A)) == 5
    assert index.get(A).record_id == "urn:3", "a page that is gone is shown as it last was"  # type: ignore[union-attr]


def test_a_replay_that_finds_no_article_withdraws_it_and_keeps_the_version(index: ArticleIndex) -> None:
    index.put([entry(1, article(tags=("x",)))])
    index.put([entry(1, None, fingerprint="f2")])
    assert (
        urls(index, hidden=True) == []
        and index.search("words") == []
        and index.count(Query(hidden=True)) == 0
    )
    found = index.get(A)
    assert found is not None and found.state == "withdrawn" and found.article.title == "A title"
    assert len(index.versions(A)) == 2 and list(index.export()) == []
    index.put([entry(1, article(), fingerprint="f3")])
    assert urls(index) == [A] and len(index.search("words")) == 1


def test_failures_change_nothing(index: ArticleIndex) -> None:
    index.put([entry(1, article())])
    for outcome in ("timeout", "memory", "crash", "error"):
        index.put([entry(1, None, fingerprint="f2", outcome=outcome)])
    assert urls(index) == [A] and len(index.versions(A)) == 1


def test_pages_that_never_were_articles_are_no_articles(index: ArticleIndex) -> None:
    index.put([entry(1, None)])
    assert index.has("urn:1", "f1") and urls(index, hidden=True) == [] and index.history(A) == []


def test_rules_that_change_an_identity_move_the_article(index: ArticleIndex) -> None:
    index.put([entry(1, article(), aliases=("https://a.example/old",))])
    index.put([entry(2, article(canonical_url="https://a.example/one"))])
    assert urls(index) == ["https://a.example/one"], "the page that went by its own URL is the same"
    assert [s.record_id for s in index.history(A)] == ["urn:1", "urn:2"]
    assert index.resolve("https://a.example/old") == "https://a.example/one"
    index.put([entry(2, article(), fingerprint="f2")])
    assert set(urls(index)) == {"https://a.example/one", A}


def test_hidden_articles_are_shown_when_asked_for(index: ArticleIndex) -> None:
    index.put([entry(1, article(), noindex=True), entry(2, article("https://a.example/2"))])
    assert urls(index) == ["https://a.example/2"]
    assert urls(index, hidden=True) == ["https://a.example/2", A]
    assert [row.hidden for row in index.list(Query(hidden=True))] == [False, True]
    assert len(index.search("words")) == 1 and len(index.search("words", Query(hidden=True))) == 2
    assert index.get(A).state == "hidden"  # type: ignore[union-attr]
    assert len(list(index.export())) == 1


def test_the_settings_say_of_each_site_whether_hidden_articles_are_listed(index: ArticleIndex) -> None:
    own, other, plain = A, "https://b.example/1", "https://b.example/2"
    index.put(
        [
            entry(1, article(own), noindex=True, site="own"),
            entry(2, article(other), noindex=True, site="other"),
            entry(3, article(plain), site="other"),
        ]
    )

    def told(
        all_sites: Literal["hide", "show"], its: Literal["hide", "show"], hidden: bool = False
    ) -> set[str]:
        query = listing(Settings(noindex=all_sites, site={"own": SiteSettings(noindex=its)}), hidden=hidden)
        found = {row.url for row in index.list(query)}
        assert {row.url for row in index.search("words", query)} == found
        return found

    assert told("hide", "hide") == {plain}
    assert told("hide", "show") == {plain, own}
    assert told("show", "hide") == {plain, other}
    assert told("show", "show") == told("hide", "hide", hidden=True) == {plain, own, other}


FILTERS = [
    ({}, "4321"),
    ({"limit": 2}, "43"),
    ({"site": "gazette"}, "21"),
    ({"since": "2025-04-14"}, "432"),
    ({"since": "2025-04", "until": "2025-04-15"}, "21"),
    ({"until": "2025-04-14T00:00:00Z"}, "1"),
    ({"author": "SMITH"}, "32"),
    ({"author": "jane smith"}, "3"),
    ({"tag": "the economy"}, "31"),
    ({"tag": "economy"}, ""),
    ({"language": "en"}, "21"),
    ({"language": "en-GB"}, "2"),
    ({"site": "gazette", "tag": "The  Economy"}, "1"),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=str)
def test_filters(index: ArticleIndex, query: dict[str, object], expected: str) -> None:
    pages = [
        article("https://a.example/1", site="gazette", published=Moment.parse("2025-04-13"), tags=("The Economy",), language="en"),
        article("https://a.example/2", site="gazette", published=Moment.parse("2025-04-14T23:30:00-02:00".replace("23:30", "21:30")), authors=("John Smith",), language="en-GB"),
        article("https://a.example/3", site="herald", published=Moment.parse("2025-04-15T10:00"), authors=("Jane  SMITH", "B"), tags=("the economy", "x"), language="eng"),
        article("https://a.example/4", site="herald"),
    ]  # fmt: skip
    index.put([entry(20_500 + n, page) for n, page in enumerate(pages)])
    assert urls(index, **query) == [f"https://a.example/{n}" for n in expected]
    assert index.count(Query(**{**query, "limit": 0})) >= len(expected)  # type: ignore[arg-type]


def test_dates_are_utc_and_never_empty(index: ArticleIndex) -> None:
    index.put([entry(1, article(published=Moment.parse("2025-04-14T23:30:00-02:00"), authors=("A", "B")))])
    index.put([entry(2, article("https://a.example/2"))])
    one, two = index.list()
    assert (one.published, one.dated, one.authors) == (
        "2025-04-15T01:30:00Z",
        "2025-04-15T01:30:00Z",
        ("A", "B"),
    )
    assert (two.published, two.dated, two.captured) == ("", "1970-01-03T00:00:00Z", 2 * DAY)


def test_search_finds_words_phrases_and_chinese_inside_a_sentence(index: ArticleIndex) -> None:
    texts = [
        "The naïve café owner spoke of rising prices.",
        "Prices of cafés are not rising, the owner of 3 said.",
        "我们在北京大学学习计算机科学。",
        "東京タワーは333メートルです。",
        "공원에서 산책했다.",
    ]
    index.put([entry(n, article(f"https://a.example/{n}", text=text)) for n, text in enumerate(texts)])

    def hits(typed: str) -> set[int]:
        return {int(row.url[-1]) for row in index.search(typed)}

    assert hits("cafe") == {0} and hits("CAFÉ*") == {0, 1} and hits("prices rising owner") == {0, 1}
    assert (
        hits('"rising prices"') == {0}
        and hits("rising -naive") == {1}
        and hits('"of rising" "owner spoke"') == {0}
    )
    assert hits("大学") == hits("北京大学") == hits("计算机") == {2} and hits("学大") == hits("北学") == set()
    assert hits("タワー") == hits("東京") == hits("333メートル") == {3}
    assert hits("산책*") == {4} and hits("title") == {0, 1, 2, 3, 4}
    assert index.search("北京大学")[0].snippet == "我们在[北京大学]学习计算机科学。"
    assert index.search("cafe")[0].snippet == "The naïve [café] owner spoke of rising prices."
    assert len(index.search("title", Query(limit=2))) == 2
    assert index.search("title", Query(site="none")) == []


@pytest.mark.parametrize(
    "typed",
    ["", '"', '""', "*", "AND", "NOT x", "x OR", "NEAR(a b, 5)", "title:x", "{title}:x", "(a", "a^2", "-a", "--", "a'b",
     "\0", "a\0b", "_", "a*b*", '"a*', "-\"a", "+a", "x y -", "‘a’", "\ud7a3", "a" * 10_000],
)  # fmt: skip
def test_nothing_typed_is_an_error(index: ArticleIndex, typed: str) -> None:
    index.put([entry(1, article())])
    index.search(typed)


def test_words_of_old_versions_are_forgotten(index: ArticleIndex) -> None:
    index.put([entry(1, article(text="alpha beta"))])
    index.put([entry(2, article(text="beta gamma", title="Delta"))])
    assert [len(index.search(word)) for word in ("alpha", "beta", "gamma", "delta")] == [0, 1, 1, 1]
    with index._db.write() as tx:
        tx.execute("INSERT INTO words(words, rank) VALUES('integrity-check', 1)")


def test_export_gives_the_schema_in_order(index: ArticleIndex) -> None:
    pages = [
        article(f"https://a.example/{n}", published=Moment.parse("2025-04-14T10:00")) for n in range(1_200)
    ]
    index.put([entry(n, page) for n, page in enumerate(pages)])
    seen = []
    for number, found in enumerate(index.export()):
        seen.append(found["url"])
        if number == 600:
            index.put([entry(5_000, article("https://a.example/new"))])
    assert seen[:1_200] == [page.url for page in reversed(pages)]
    assert next(index.export()) == {
        "url": "https://a.example/1199",
        "title": "A title",
        "published": "2025-04-14T10:00",
        "text": "Some words",
    }
    assert repr(index).startswith("<ArticleIndex ")


text = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('北京大学あ[] "-*'), max_size=40)


@given(text)
def test_spacing_comes_undone(typed: str) -> None:
    spaced = space_cjk(typed)
    assert spaced.replace(" ", "") == typed.replace(" ", "")
    assert join_cjk(spaced).replace(" ", "") == typed.replace(" ", "")
    assert fold(fold(typed)) == fold(typed)


@settings(deadline=None, max_examples=60)
@given(st.lists(text, min_size=1, max_size=5))
def test_whatever_is_typed_is_a_query(queries: list[str]) -> None:
    with quick_folder() as folder:
        index = ArticleIndex.open(folder / "articles.db")
        index.put([entry(1, article(text="北京大学 hello"))])
        for typed in queries:
            index.search(typed)
        index.close()


def test_queries_as_fts_sees_them() -> None:
    assert fts_query('a "b c" d* -e -"f g"') == '"a" AND "b c" AND "d"* NOT "e" NOT "f g"'.replace(
        '"d"', '"d*"'
    )
    assert fts_query("北京 x") == '"北 京" AND "x"'
    assert fts_query("-a") == fts_query("!") == ""


def test_an_article_dated_anew_keeps_the_date_it_was_first_seen_with(index: ArticleIndex) -> None:
    old, new = Moment.parse("2025-04-14T10:00:00"), Moment.parse("2025-06-01T10:00:00")
    index.put([entry(1, article(published=old)), entry(2, article(published=new))])
    found = index.get(A)
    assert found is not None and (found.first_seen, found.first_published) == (DAY, str(old))
    index.put([entry(3, article(published=Moment.parse("2025-04-14T22:00:00")))])
    found = index.get(A)
    assert found is not None and found.first_published == "", "a correction within the day is none"


def test_the_same_story_elsewhere_is_a_copy_of_the_earliest(index: ArticleIndex) -> None:
    story = " ".join(f"word{number}" for number in range(400))
    urls = [f"https://{host}.example/1" for host in ("a", "b", "c", "d")]
    dates = ["2025-04-14", "2025-04-12", "2025-04-20", "2025-04-10"]
    texts = [
        story,
        f"{story} and some more words of its own",
        story[len(story) // 2 :],
        "Quite another story.",
    ]
    index.put(
        [
            entry(n, article(url, published=Moment.parse(date), text=text))
            for n, (url, date, text) in enumerate(zip(urls, dates, texts, strict=True), 1)
        ]
    )
    [told] = index.copies()
    assert (told.source.url, [copy.article.url for copy in told.copies]) == (urls[1], [urls[0], urls[2]])
    assert all(copy.share > 0.9 for copy in told.copies)
    index.put(
        [entry(5, article(urls[2], text="It has been withdrawn.", published=Moment.parse("2025-04-20")))]
    )
    [told] = index.copies()
    assert [copy.article.url for copy in told.copies] == [urls[0]]


def test_a_result_of_other_rules_too_is_kept_once(index: ArticleIndex) -> None:
    index.put([entry(1, article())])
    index.renew([("urn:1", "f1", "f2"), ("urn:9", "f1", "f2")])
    assert (index.has("urn:1", "f1"), index.has("urn:1", "f2"), urls(index)) == (False, True, [A])
    index.put([entry(1, article(title="Another title"))])
    index.renew([("urn:1", "f1", "f2")])
    assert index.has("urn:1", "f1") and index.has("urn:1", "f2")
