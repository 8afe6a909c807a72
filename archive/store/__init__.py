"""crawl.db: the queue, the hosts and their peace, runs, the catalogue of captures, what extraction made of
them.

A URL is queued by a run of a job, leased with its host by one process, settled together with its capture,
read by a worker, and queued again when it is due. Why each part exists:

    connection   a database opened with checks, transactions, errors
    owners       who is alive: locks held by processes       runs       what is crawled, resumed, counted
    hosts        when a host may be met again                queue      what becomes of a link
    orders       what the operator says meanwhile
    leases       one process a host                          commits    how leases end, durably, once
    captures     everything ever archived                    extractions   who reads it, what came of it
"""

from archive.store.connection import CommitUncertain, DatabaseFull
from archive.store.store import Store

__all__ = ["CommitUncertain", "DatabaseFull", "Store"]
