"""Globs over paths: what matches, what does not, and what is refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.patterns import compile_pattern, re
from sites.url import parse


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("/", "/ /?page=2", "/a //"),
        ("/news/**", "/news/a /news/a/b /news/a/ /news/a?x=1", "/news /news/ /newsx/a /x/news/a"),
        ("/**", "/ /a /a/b/c?d", ""),
        ("/section/*", "/section/a /section/a/ /section/a?b=c/d", "/section/ /section/a/b /section"),
        ("/section/*/", "/section/a/", "/section/a /section/a/b/"),
        (
            "/*/story-*.html",
            "/x/story-.html /x/story-1.html",
            "//story-1.html /x/y/story-1.html /x/story-1.htm",
        ),
        ("/**/story", "/story /a/story /a/b/story", "/a/storyx /astory"),
        ("/a/**/b", "/a/b /a/x/b /a/x/y/b", "/a/xb /ab"),
        ("/{news,sport}/*", "/news/a /sport/b", "/culture/a /news,sport/a"),
        ("/{a,b/*}/c", "/a/c /b/x/c", "/b/c /x/c"),
        ("/a,b", "/a,b", "/a"),
        (
            "/index.php?id=*",
            "/index.php?id=1 /index.php?id=",
            "/index.php /index.php?id=1&x=2 /indexXphp?id=1",
        ),
        ("/index.php?id=*&**", "/index.php?id=1&x=2&y=3/4", "/index.php?id=1"),
        ("/?p=*", "/?p=12", "/ /?q=1"),
        ("/a[0-9].html", "/a[0-9].html", "/a1.html"),
        ("/новости/*", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", "/1"),
        ("/a b/*", "/a%20b/c", "/a+b/c"),
    ],
)
def test_globs(pattern: str, yes: str, no: str) -> None:
    compiled = compile_pattern(pattern, hosts=("site.example",))
    for path in yes.split():
        assert compiled.matches(f"https://www.site.example{path}"), path
        assert not compiled.matches(f"https://other.example{path}"), path
    for path in no.split():
        assert not compiled.matches(f"https://site.example{path}"), path


def test_a_full_url_names_its_own_host() -> None:
    pattern = compile_pattern("https://live.site.example/**", hosts=("site.example",))
    assert pattern.matches("https://live.site.example/x") and pattern.matches("http://live.site.example/")
    assert not pattern.matches("https://site.example/x")
    below = compile_pattern("https://*.site.example/news/*")
    assert below.matches("https://a.b.site.example/news/1") and not below.matches(
        "https://site.example/news/1"
    )
    assert compile_pattern("https://site.example").matches("https://site.example/")
    ported = compile_pattern("http://site.example:8080/*")
    assert ported.matches("http://site.example:8080/a") and not ported.matches("http://site.example/a")


def test_regular_expressions() -> None:
    pattern = compile_pattern(re(r"^/\d{4}/.*\?id=\d+$"), hosts=("site.example",))
    assert pattern.matches("https://site.example/2024/a?id=7")
    assert not pattern.matches("https://site.example/x/2024/a?id=7")
    assert repr(pattern) == r"compile_pattern(re('^/\\d{4}/.*\\?id=\\d+$'), hosts=('site.example',))"


def test_no_hosts_is_any_host() -> None:
    assert compile_pattern("/a").matches("https://anywhere.example:99/a")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("news/*", "must begin with a slash"),
        ("", "must begin with a slash"),
        ("/{a,b", "never closes"),
        ("/a}", "never opened"),
        ("https:///x", "names no host"),
    ],
)
def test_refused(pattern: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        compile_pattern(pattern)


@given(st.text(alphabet="abé/?=&.~()[]^$+|\\ "))
def test_a_plain_path_matches_itself(tail: str) -> None:
    href = parse("https://site.example/" + tail)
    assert href is not None
    path = href.removeprefix("https://site.example")
    assert compile_pattern(path).matches(href)
