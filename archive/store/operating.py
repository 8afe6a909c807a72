"""The part of the Store that the operator's commands speak to while crawls run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from archive.store import orders, overview, owners, runs
from archive.store.catalogue import CatalogueStore
from archive.store.orders import Order, Scope
from archive.store.overview import Overview

__all__ = ["OperatedStore"]


class OperatedStore(CatalogueStore):
    """Needs no owner. Running crawls obey at their next lease."""

    def order(self, order: Order) -> None:
        """Put an order in force, in place of one of the same kind and name. ArchiveError for a job never heard
        of."""
        with self._write() as tx:
            orders.give(tx, self._ids, order)

    def lift(self, kind: Literal["pause", "delay"], scope: Scope, name: str, now: int) -> bool:
        """Take an order back; whether there was one in force."""
        with self._write() as tx:
            return orders.lift(tx, self._ids, kind, scope, name, now)

    def orders(self, now: int, host: str = "") -> list[Order]:
        """The orders in force; of one host if it is named."""
        with self._db.read() as tx:
            return orders.all_of(tx, now, host)

    def overview(self, now: int, limit: int = 10) -> Overview:
        """How the crawls go on now; at most `limit` rows of each list. Reads a row a host, not one a URL."""
        with self._db.read() as tx:
            return overview.overview(tx, now, owners.at_work(tx, self._folder), limit)

    def paused(self, run_ids: Sequence[int], now: int) -> bool:
        """Whether something that these runs wait for waits for the operator."""
        with self._db.read() as tx:
            return orders.paused(tx, list(runs.job_ids(tx, tuple(run_ids))), now)
