"""The generic extraction: what an article is on any site."""

from pathlib import Path

from sites.generic.compiled import use

__all__ = ["FOLDER"]

FOLDER = Path(__file__).parent
"""Where the sources are, and the data files that were learnt."""

if (_native := use(FOLDER)) is not None:
    __path__.insert(0, _native)
