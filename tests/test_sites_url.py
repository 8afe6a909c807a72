"""URLs against the WHATWG's own cases, and the properties that the store builds on."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sites import url
from tests.corpus import corpus_path


def test_all_whatwg_cases() -> None:
    cases = [
        c for c in json.loads(corpus_path("data", "urltestdata.json").read_text()) if isinstance(c, dict)
    ]
    assert len(cases) == 891
    wrong = []
    for case in cases:
        want = None
        if not case.get("failure") and case["protocol"] in ("http:", "https:"):
            bare = case["href"].partition("#")[0]
            user = f"{case['username']}{':' + case['password'] if case['password'] else ''}@"
            want = bare.replace(f"//{user}", "//", 1) if len(user) > 1 else bare
        got = url.parse(case["input"], case.get("base"))
        if got != want:
            wrong.append((case["input"], case.get("base"), got, want))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "base", "want"),
    [
        ("HTTP://Example.com:80/a/../b#frag", None, "http://example.com/b"),
        ("https://user:pa%40ss@example.com/@me?x=@", None, "https://example.com/@me?x=@"),
        ("//cdn.example/x", "https://example.com/a", "https://cdn.example/x"),
        ("\\\\evil.example\\x", "https://example.com/a", "https://evil.example/x"),
        ("?q=1", "https://example.com/a?b", "https://example.com/a?q=1"),
        ("#top", "https://example.com/a?b#c", "https://example.com/a?b"),
        ("http://0x7f.1/", None, "http://127.0.0.1/"),
        ("http://b\u00fccher.example/", None, "http://xn--bcher-kva.example/"),
        ("http://example.com/\ud800", None, "http://example.com/%EF%BF%BD"),
        ("ht\ntp://exam\tple.com/\r", None, "http://example.com/"),
        ("mailto:a@example.com", None, None),
        ("javascript:alert(1)", "https://example.com/", None),
        ("data:text/html,x", "https://example.com/", None),
        ("file:///etc/passwd", None, None),
        ("a/b", None, None),
        ("http://exa mple/", None, None),
        ("http://example.com:99999/", None, None),
        ("", None, None),
    ],
)
def test_parse(text: str, base: str | None, want: str | None) -> None:
    assert url.parse(text, base) == want


_urls = st.one_of(
    st.text(),
    st.builds("http://{}/{}".format, st.text(max_size=12), st.text()),
    st.builds(
        "https://{}@{}:{}/{}?{}#{}".format,
        st.text(max_size=5),
        st.sampled_from(["example.com", "B\u00fccher.example", "[::1]", "127.1", "a.b"]),
        st.integers(0, 70000),
        st.text(max_size=8),
        st.text(max_size=8),
        st.text(max_size=8),
    ),
)


@given(_urls, st.sampled_from([None, "https://example.com/a/b?c"]))
@example("HTTP:*", None)
def test_parsing_twice_changes_nothing(text: str, base: str | None) -> None:
    href = url.parse(text, base)
    if href is not None:
        assert url.parse(href) == href
        assert not set(href) & set("#\r\n\t \0") and href.isascii()
        assert url.origin(href) + url.path_query(href) == href
        assert url.host_key(href).startswith(url.hostname(href))
        if "*" not in url.hostname(
            href
        ):  # the URL Standard allows it, declared hosts have it as their wildcard
            assert url.normal_host(url.host_key(href)) in (url.host_key(href), url.hostname(href))


def test_parts() -> None:
    href = "https://news.example.com:8443/a/b?c=d"
    assert url.host_key(href) == "news.example.com:8443"
    assert url.hostname(href) == "news.example.com"
    assert url.origin(href) == "https://news.example.com:8443"
    assert url.path_query(href) == "/a/b?c=d"
    assert url.hostname("http://[::1]:8080/") == "[::1]" == url.hostname("http://[::1]/")


@pytest.mark.parametrize(
    ("host", "want"),
    [
        ("www.news.example.co.uk", "example.co.uk"),
        ("example.com", "example.com"),
        ("blog.github.io", "blog.github.io"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("127.0.0.1:8080", "127.0.0.1"),
        ("[2001:db8::1]:80", "[2001:db8::1]"),
        ("www.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("News.Example.com.", "example.com"),
    ],
)
def test_registrable_domain(host: str, want: str) -> None:
    assert url.registrable_domain(host) == want


def test_keys_are_signed_64_bit_and_stable() -> None:
    assert url.key("https://example.com/") == url.key("https://example.com/")
    assert url.key("https://example.com/") != url.key("https://example.com/", "salt")
    assert url.key("https://example.com/") == 1493557592560457051
    assert all(-(2**63) <= url.key(str(n)) < 2**63 for n in range(200))


@pytest.mark.parametrize(
    ("pattern", "host", "covers"),
    [
        ("example.com", "example.com", True),
        ("example.com", "www.example.com", True),
        ("example.com", "news.example.com", False),
        ("example.com", "badexample.com", False),
        ("www.example.com", "example.com", False),
        ("*.example.com", "a.b.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", ".example.com", False),
        ("*.example.com", "badexample.com", False),
        ("example.com", "example.com:8080", False),
        ("example.com:8080", "example.com:8080", True),
        ("example.com:8080", "example.com", False),
        ("example.com:443", "example.com", True),
        ("EXAMPLE.com", "example.com", True),
        ("b\u00fccher.example", "xn--bcher-kva.example", True),
        ("not a host", "not a host", False),
        ("127.0.0.1:8000", "127.0.0.1:8000", True),
    ],
)
def test_host_covers(pattern: str, host: str, covers: bool) -> None:
    assert url.host_covers(pattern, host) is covers
