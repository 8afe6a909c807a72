"""The site of real pages holds what it promises: otherwise the tests that crawl it prove nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from sites import url as urls
from tests.realweb import RealWeb, nginx_missing
from tests.realweb.dress import dress, follows
from tests.realweb.graph import link_up


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers())
def test_every_page_of_a_host_is_reachable(leaves: list[bool], seed: int) -> None:
    leaves[0] = False
    listed, links = link_up(leaves, Random(seed))
    seen, todo = set(listed), list(listed)
    while todo:
        new = set(links[todo.pop()]) - seen
        seen |= new
        todo += new
    assert seen == set(range(len(leaves)))
    assert not any(links[i] for i, leaf in enumerate(leaves) if leaf)


def test_a_dressed_page_keeps_its_links_at_home_and_carries_ours() -> None:
    page = b'<html><head><meta charset="utf-8"><base target=_top><body><a href="/x">x</a></body></html>'
    tree = LexborHTMLParser(dress(page, "https://gazette.example/a/b", ["http://127.1.1.1:9/y"], "Second."))
    bases = [node.attributes for node in tree.css("base")]
    assert bases == [{"href": "https://gazette.example/a/b"}]
    assert [node.attributes["href"] for node in tree.css("a")] == ["/x", "http://127.1.1.1:9/y"]
    assert "Second." in tree.text()


@pytest.mark.parametrize(
    ("content", "may"),
    [("index, follow", True), ("noindex,NOFOLLOW", False), ("none", False), ("noarchive", True)],
)
def test_robots_meta(content: str, may: bool) -> None:
    assert follows(f'<meta name="Robots" content="{content}">'.encode()) is may


@pytest.mark.corpus
def test_the_same_seed_builds_the_same_site(tmp_path: Path) -> None:
    def files(name: str, seed: int) -> dict[str, bytes]:
        RealWeb.build(tmp_path / name, pages=12, hosts=2, seed=seed, port=20_000)
        root = tmp_path / name / "hosts"
        return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}

    one = files("one", 5)
    assert one == files("two", 5)
    assert one != files("three", 6)


@pytest.mark.check
@pytest.mark.corpus
def test_a_good_crawler_finds_what_is_expected_and_sees_what_is_forbidden(tmp_path: Path) -> None:
    assert not nginx_missing(), nginx_missing()
    web = RealWeb.build(tmp_path, pages=60, hosts=3, seed=4)
    found, denied = set(web.seeds), set()
    todo = list(web.seeds)
    with web.serve(), httpx.Client(trust_env=False) as client:
        while todo:
            page = todo.pop()
            reply = client.get(page)
            assert reply.headers["Content-Encoding"] == "gzip"
            assert "Content-Length" in reply.headers
            for link in _links(page, reply.content):
                if "/private/" in link or not link.startswith(web.seeds):
                    denied.add(link)
                elif link not in found:
                    found.add(link)
                    todo.append(link)
        assert {client.get(link).status_code for link in web.forbidden_urls} == {200}
        assert len(web.access_log()) == len(found) + len(web.forbidden_urls)
    assert found == web.expected_urls
    assert len(web.forbidden_urls & denied) == 2 * 3 + 3  # the rest lies behind disallowed pages


def _links(page: str, html: bytes) -> set[str]:
    tree = LexborHTMLParser(html)
    base = tree.css_first("base[href]")
    start = urls.parse(base.attributes["href"] or "", page) if base else page
    found = (urls.parse(node.attributes["href"] or "", start) for node in tree.css("a[href]"))
    return {link for link in found if link}
