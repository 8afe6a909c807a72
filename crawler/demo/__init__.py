"""A newsroom to try Broadsheet on: seven invented papers, served on loopback. See `newsroom` and `server`."""

from __future__ import annotations

from crawler.demo.newsroom import TODAY, Newsroom, build_newsroom

__all__ = ["TODAY", "Newsroom", "build_newsroom"]
