"""The demo's papers, one a file; each has a habit of the web that a crawler must live with."""

from __future__ import annotations

__all__: list[str] = []
