"""Addresses that must not be reached, and those that may."""

from __future__ import annotations

import json

import pytest

from crawler.errors import ConfigError
from crawler.net import AddressGuard, is_public, parse_resolve
from tests.corpus import corpus_path


def test_the_table_of_addresses() -> None:
    table = json.loads(corpus_path("data", "ssrf_addresses.json").read_text(encoding="utf-8"))
    assert [a for a in table["must_block"] if is_public(a)] == []
    assert [a for a in table["must_allow"] if not is_public(a)] == []


def test_an_operator_may_allow() -> None:
    guard = AddressGuard(["127.0.0.0/8"], [8080])
    assert guard.allows("127.0.0.9") and not guard.allows("10.0.0.1")
    assert guard.allows_port(8080) and not guard.allows_port(8081)
    with pytest.raises(ConfigError, match="allow-address"):
        AddressGuard(["nonsense"])


def test_resolve_entries() -> None:
    assert parse_resolve(["A.example=127.0.0.1:81"]) == {"a.example": ("127.0.0.1", 81)}
    with pytest.raises(ConfigError, match="--resolve"):
        parse_resolve(["a.example:80"])
