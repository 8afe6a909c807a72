"""The columns of the scoreboard: what the best open extractor reaches on the same pages, and what we aim for."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["COLUMNS", "SPEED", "Column"]

SPEED = "pages/s, one core, all fields"
"""A figure of the machine as much as of the code: no run is the best."""


class Column(NamedTuple):
    """One figure: `key` is the scorer's column of `dataset` ("" for what the scoreboard measures itself)."""

    name: str
    dataset: str
    key: str
    peer: str
    aim: str
    low: bool = False


COLUMNS = (
    Column("scrapinghub F1", "scrapinghub", "F1", ".974", ".972"),
    Column("scrapinghub exact", "scrapinghub", "acc", ".404", ".46"),
    Column("fundus-eval LSum", "fundus-eval", "Lsum", ".980", ".988"),
    Column("fundus F1", "fundus", "F1", ".949", ".970"),
    Column("wcxb-article word F1", "wcxb-article", "wF1", ".947", ".962"),
    Column("trafilatura snippet F", "trafilatura", "snipF", ".931", ".952"),
    Column("magic-html F1", "magic-html", "F1", "", ""),
    Column("title exact, fundus", "fundus", "title", ".817", ".88"),
    Column("title exact, wcxb-article", "wcxb-article", "title", ".708", ".87"),
    Column("title exact, trafilatura", "trafilatura", "title", ".716", ".85"),
    Column("authors F1, fundus", "fundus", "authF", ".896", ".92"),
    Column("authors F1, wcxb-article", "wcxb-article", "authF", ".706", ".76"),
    Column("authors F1, trafilatura", "trafilatura", "authF", ".660", ".70"),
    Column("author invented, wcxb-article", "wcxb-article", "hall", ".18", ".10", low=True),
    Column("author invented, trafilatura", "trafilatura", "hall", ".41", ".20", low=True),
    Column("date, same day, fundus", "fundus", "date", ".974", ".985"),
    Column("date, same day, wcxb-article", "wcxb-article", "date", ".875", ".90"),
    Column("date, same day, trafilatura", "trafilatura", "date", ".870", ".89"),
    Column("date as an instant, fundus", "fundus", "instant", ".953", ".99"),
    Column("tags F1, fundus", "fundus", "tagF", ".315", ".87"),
    Column("articles kept", "", "kept", "", ".98"),
    Column("others kept out", "", "out", "", ".90"),
    Column(SPEED, "", "speed", "56", "500"),
)
