"""Where the shared corpus lies: `$BROADSHEET_CORPUS`, else `../shared` beside the checkout. Read in place, never copied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["CORPUS", "corpus_path"]

CORPUS = Path(os.environ.get("BROADSHEET_CORPUS") or Path(__file__).resolve().parents[2] / "shared")


def corpus_path(*parts: str) -> Path:
    """A path inside the corpus; skips the calling test, saying why, when it is not there."""
    path = CORPUS.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the corpus has no {'/'.join(parts) or 'folder'} at {CORPUS}: set BROADSHEET_CORPUS")
    return path
