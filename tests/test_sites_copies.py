"""Copies are found among texts, and nothing else is: pure rules, then every story of the demo's newsroom."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from crawler.demo import build_newsroom
from sites.copies import ELSEWHERE, Pair, clusters, pairs, sketch
from sites.url import hostname

WORDS = [f"word{number}" for number in range(4000)]


def text(first: int, count: int) -> str:
    return " ".join(WORDS[first : first + count])


def found(texts: dict[int, str], hosts: dict[int, str]) -> list[Pair]:
    return pairs(sorted((run, n) for n, told in texts.items() for run in sketch(told)), hosts.__getitem__)


def test_a_sketch_is_one_run_in_eight() -> None:
    assert 350 < len(sketch(text(0, 4000))) < 650
    assert sketch(text(0, 4000)) == sorted(set(sketch(text(0, 4000))))


def test_case_and_punctuation_do_not_count() -> None:
    assert sketch(text(0, 300).upper().replace(" ", ", ")) == sketch(text(0, 300))


def test_short_texts_have_none() -> None:
    assert sketch("") == sketch("one two three") == sketch(text(0, 29)) == []


def test_a_character_is_a_word_where_nobody_puts_spaces() -> None:
    story = "".join(chr(0x4E00 + number) for number in range(400))
    assert len(sketch(story)) > 20
    assert set(sketch(story[100:300])) < set(sketch(story))


@given(st.integers(0, 3000), st.integers(30, 900))
def test_an_excerpt_keeps_the_runs_of_the_whole(first: int, count: int) -> None:
    assert set(sketch(text(first, count))) <= set(sketch(text(0, 4000)))


def test_excerpts_are_copies_and_neighbours_are_not() -> None:
    hosts = {1: "a.example", 2: "b.example", 3: "c.example"}
    told = found({1: text(0, 800), 2: text(300, 400), 3: text(1500, 800)}, hosts)
    assert told == [Pair(1, 2, 1.0)]


def test_pages_of_one_host_may_have_much_in_common() -> None:
    texts = {1: text(0, 900), 2: text(270, 900)}
    assert [
        (p.one, p.two, ELSEWHERE < p.share < 0.8) for p in found(texts, {1: "a.example", 2: "b.example"})
    ] == [(1, 2, True)]
    assert found(texts, {1: "a.example", 2: "a.example"}) == []
    assert found({1: texts[1], 2: texts[1]}, {1: "a.example", 2: "a.example"}) == [Pair(1, 2, 1.0)]


def test_what_many_say_does_not_make_copies() -> None:
    common = text(0, 300)
    texts = {n: f"{common} {text(300 + 60 * n, 60)}" for n in range(40)}
    assert found(texts, {n: f"host{n}.example" for n in texts}) == []


def test_a_story_that_everybody_has_is_still_one_cluster() -> None:
    texts = {n: text(0, 400) for n in range(120)}
    told = found(texts, {n: f"host{n}.example" for n in texts})
    assert [len(group) for group in clusters((pair.one, pair.two) for pair in told)] == [120]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60))
def test_clusters_part_what_is_not_linked(linked: list[tuple[int, int]]) -> None:
    groups = clusters(linked)
    homes = {member: number for number, group in enumerate(groups) for member in group}
    assert sorted(homes) == sorted({member for pair in linked for member in pair})
    assert sum(map(len, groups)) == len(homes)
    assert all(homes[one] == homes[two] for one, two in linked)
    for group in groups:  # each hangs together by the links alone
        reached = {group[0]}
        for _ in group:
            reached |= {b for pair in linked for a, b in (pair, pair[::-1]) if a in reached}
        assert reached == set(group)


def test_every_story_of_the_hub_is_paired_with_its_original_and_nothing_else() -> None:
    newsroom = build_newsroom()
    texts = {
        url: "\n\n".join(block["text"] for block in facts["blocks"] if "text" in block)
        for url, facts in newsroom.truth.items()
        if "blocks" in facts
    }
    urls = list(texts)
    told = found(
        {n: texts[url] for n, url in enumerate(urls)}, {n: hostname(url) for n, url in enumerate(urls)}
    )
    assert {frozenset((urls[pair.one], urls[pair.two])) for pair in told} == {
        frozenset(pair) for pair in newsroom.copies.items()
    }
    assert len(newsroom.copies) == 60
    assert len(list(combinations(urls, 2))) > 10_000
