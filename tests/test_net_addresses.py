"""Addresses that must not be reached, and those that may."""

from __future__ import annotations

import json
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from crawler.errors import ConfigError, FetchError
from crawler.net import AddressGuard, Fetcher, Resolver, is_public, parse_resolve
from sites.url import parse
from tests.corpus import corpus_path


def test_the_table_of_addresses() -> None:
    table = json.loads(corpus_path("data", "ssrf_addresses.json").read_text(encoding="utf-8"))
    assert [a for a in table["must_block"] if is_public(a)] == []
    assert [a for a in table["must_allow"] if not is_public(a)] == []


def test_an_operator_may_allow() -> None:
    guard = AddressGuard(["127.0.0.0/8"], [8080])
    assert guard.allows("127.0.0.9") and not guard.allows("10.0.0.1")
    assert guard.allows_port(8080) and not guard.allows_port(8081)
    with pytest.raises(ConfigError, match="allow_address"):
        AddressGuard(["nonsense"])


def test_resolve_entries() -> None:
    assert parse_resolve(["A.example=127.0.0.1:81"]) == {"a.example": ("127.0.0.1", 81)}
    with pytest.raises(ConfigError, match="--resolve"):
        parse_resolve(["a.example:80"])


async def test_no_spelling_of_an_inner_address_is_reached() -> None:
    table = json.loads(corpus_path("data", "ssrf_addresses.json").read_text(encoding="utf-8"))
    forms = [
        *table["url_forms"],
        *(f"http://[{a}]/" if ":" in a else f"http://{a}/" for a in table["must_block"]),
    ]
    async with Fetcher(Resolver(AddressGuard()), user_agent="x", clock=lambda: 1) as client:
        for form in forms:
            url = parse(form)
            assert url is not None
            for place in (url, f"{url}robots.txt"):
                assert (await client.exchange(place)).error.startswith("refused-address"), form


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_by_itself(address: IPv4Address) -> None:
    public = is_public(str(address))
    mapped, nat64 = IPv6Address(f"::ffff:{address}"), IPv6Address(int(ip_address("64:ff9b::")) | int(address))
    assert is_public(str(mapped)) == is_public(str(nat64)) == public
    tunnelled = IPv6Address((0x2002 << 112) | int(address) << 80)
    assert not is_public(str(tunnelled))
    if not address.is_global:
        assert not public


@given(st.ip_addresses(v=6))
def test_no_odd_address_is_public(address: IPv6Address) -> None:
    if is_public(str(address)) and address.ipv4_mapped is None and not str(address).startswith("64:ff9b::"):
        assert address.is_global and not address.is_multicast and not address.is_site_local


async def test_one_bad_answer_refuses_the_host_and_answers_are_kept_for_a_minute(
    autojump_clock: MockClock,
) -> None:
    asked: list[str] = []

    async def lookup(name: str) -> list[str]:
        asked.append(name)
        return ["93.184.215.14"] if len(asked) == 1 else ["93.184.215.14", "127.0.0.1"]

    resolver = Resolver(AddressGuard(), {"told.example:8443": ("93.184.215.14", 9000)}, lookup=lookup)
    assert await resolver.resolve("a.example", 443) == ("93.184.215.14", 443)
    assert await resolver.resolve("a.example", 80) == ("93.184.215.14", 80)
    await trio.sleep(61)
    with pytest.raises(FetchError, match="loopback") as caught:
        await resolver.resolve("a.example", 443)
    assert (caught.value.reason, caught.value.retryable, len(asked)) == ("refused-address", False, 2)
    assert await resolver.resolve("told.example", 8443) == ("93.184.215.14", 9000)
    with pytest.raises(FetchError, match="port 8080"):
        await resolver.resolve("a.example", 8080)


async def test_the_operators_own_entry_is_judged_too() -> None:
    resolver = Resolver(AddressGuard(), parse_resolve(["own.example=[::1]:8080"]))
    with pytest.raises(FetchError, match="loopback"):
        await resolver.resolve("own.example", 80)
