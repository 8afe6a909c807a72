"""The tables of crawl.db.

    jobs ─▶ runs ─▶ counters          owners ─▶ leases ─▶ hosts (one lease a host: a uniqueness rule)
    hosts ─▶ urls ─▶ captures ─▶ extractions          files ◀─ captures          robots
    templates: what a host's pages taught
    queues: one row for each (host, job) with queued URLs, and no such URL is due before its `due`
    wakes: which of them to look at next: each at max(host's next_at and pause, due), kept by triggers
    tallies: how many URLs a job has in each state but LEASED; those of settled ones are kept by triggers
    hosts ─▶ shapes, texts: which kinds of URLs have brought new text (`archive.store.shapes`)
    orders: the operator's pauses and delays, by kind and job or host (`archive.store.orders`)
    forgotten: keys of URLs that were taken down          swaps: files replaced, until the directory says so too

A URL is keyed by host and 8 bytes of hash, so that a host's rows lie together and the cost of a page does not
grow with the queue. The URL's text is scheme flag + host key + path. `due` of a queued URL is when it may be
asked for, of a settled one when it may be queued again. `via` is the hash of the parent URL of the same host
(an integer) or the parent's text.

What is written for a page is one row of its host and one of its own; all else lies together, in the order of time.
A host that is leased owes its peace to its lease's `until` and `delay`, and may be missing in `wakes` till that ends:
who ends a lease writes the host's next_at.
"""

from __future__ import annotations

from archive.store.connection import Schema

__all__ = ["CRAWL"]

_V1 = """
CREATE TABLE owners(
  id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL UNIQUE, pid INTEGER NOT NULL,
  lock_path TEXT NOT NULL, since INTEGER NOT NULL, seq INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE jobs(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE runs(
  id INTEGER PRIMARY KEY AUTOINCREMENT, job_id INTEGER NOT NULL, spec BLOB NOT NULL,
  started INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX runs_unfinished ON runs(job_id) WHERE finished = 0;

CREATE TABLE counters(
  run_id INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY(run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE hosts(
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,
  next_at INTEGER NOT NULL DEFAULT 0, delay INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0, resting TEXT NOT NULL DEFAULT '',
  pause_until INTEGER NOT NULL DEFAULT 0, delay_set INTEGER
) STRICT;

CREATE TABLE leases(
  token INTEGER PRIMARY KEY AUTOINCREMENT, host_id INTEGER NOT NULL UNIQUE, hash INTEGER NOT NULL,
  owner_id INTEGER NOT NULL, run_id INTEGER NOT NULL, job_id INTEGER NOT NULL,
  taken INTEGER NOT NULL, until INTEGER NOT NULL, delay INTEGER NOT NULL
) STRICT;

CREATE TABLE queues(
  host_id INTEGER NOT NULL, job_id INTEGER NOT NULL, pending INTEGER NOT NULL, wake_at INTEGER NOT NULL,
  PRIMARY KEY(host_id, job_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queues_wake ON queues(job_id, wake_at);

CREATE TABLE urls(
  host_id INTEGER NOT NULL, hash INTEGER NOT NULL,
  state INTEGER NOT NULL, kind INTEGER NOT NULL, tls INTEGER NOT NULL, path TEXT NOT NULL,
  job_id INTEGER NOT NULL, run_id INTEGER NOT NULL, priority INTEGER NOT NULL, due INTEGER NOT NULL,
  depth INTEGER NOT NULL, hops TEXT NOT NULL, via ANY,
  tries INTEGER NOT NULL DEFAULT 0, kills INTEGER NOT NULL DEFAULT 0,
  settled INTEGER, reason TEXT, capture_id INTEGER, etag TEXT, last_modified TEXT, robots_for TEXT,
  PRIMARY KEY(host_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX urls_queued ON urls(host_id, job_id, priority, due) WHERE state = 0;
CREATE INDEX urls_again ON urls(job_id, due) WHERE state >= 3 AND due > 0;

CREATE TABLE files(
  id INTEGER PRIMARY KEY, stem TEXT NOT NULL UNIQUE, path TEXT UNIQUE,
  committed INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL, sealed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE captures(
  id INTEGER PRIMARY KEY, host_id INTEGER NOT NULL, hash INTEGER NOT NULL, kind INTEGER NOT NULL,
  run_id INTEGER NOT NULL, file_id INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
  response_length INTEGER NOT NULL, method TEXT NOT NULL, status INTEGER NOT NULL, media_type TEXT NOT NULL,
  payload_digest TEXT NOT NULL, payload_size INTEGER NOT NULL, fetched_at INTEGER NOT NULL,
  took INTEGER NOT NULL, record_id TEXT NOT NULL, complete INTEGER NOT NULL, imported INTEGER NOT NULL,
  truncated TEXT NOT NULL, error TEXT NOT NULL, revisit_of TEXT NOT NULL
) STRICT;
CREATE INDEX captures_url ON captures(host_id, hash, fetched_at);
CREATE UNIQUE INDEX captures_place ON captures(file_id, offset);

CREATE TABLE extractions(
  capture_id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0, owner_id INTEGER, fingerprint TEXT NOT NULL DEFAULT '',
  outcome TEXT NOT NULL DEFAULT '', page_type TEXT NOT NULL DEFAULT '', site TEXT NOT NULL DEFAULT '',
  detail TEXT NOT NULL DEFAULT '', done_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX extractions_pending ON extractions(run_id, capture_id) WHERE state = 0;
CREATE INDEX extractions_claimed ON extractions(owner_id) WHERE state = 1;

CREATE TABLE robots(
  origin TEXT PRIMARY KEY, status TEXT NOT NULL, body BLOB NOT NULL, body_at INTEGER NOT NULL,
  fetched_at INTEGER NOT NULL, expires INTEGER NOT NULL, record_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

_V2 = """
CREATE TABLE shapes(
  host_id INTEGER NOT NULL, shape TEXT NOT NULL, novel INTEGER NOT NULL DEFAULT 0,
  barren INTEGER NOT NULL DEFAULT 0, cut INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(host_id, shape)
) STRICT, WITHOUT ROWID;
CREATE INDEX shapes_cut ON shapes(cut) WHERE cut > 0;

CREATE TABLE texts(
  host_id INTEGER NOT NULL, text INTEGER NOT NULL, PRIMARY KEY(host_id, text)
) STRICT, WITHOUT ROWID;

CREATE TABLE templates(
  host_id INTEGER PRIMARY KEY, version TEXT NOT NULL, rules TEXT NOT NULL, body BLOB NOT NULL
) STRICT;

CREATE TABLE forgotten(
  host_id INTEGER NOT NULL, hash INTEGER NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL,
  done INTEGER NOT NULL, PRIMARY KEY(host_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE swaps(old TEXT PRIMARY KEY, new TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""

_V3 = """
ALTER TABLE hosts ADD COLUMN slow INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hosts ADD COLUMN lately INTEGER NOT NULL DEFAULT 0;
ALTER TABLE hosts ADD COLUMN usual INTEGER NOT NULL DEFAULT 0;
ALTER TABLE robots ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
"""

_V4 = """
CREATE TABLE orders(
  kind INTEGER NOT NULL, ref INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
  delay INTEGER NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY(kind, ref)
) STRICT, WITHOUT ROWID;
"""

_V5 = """
CREATE INDEX runs_job ON runs(job_id);

ALTER TABLE extractions ADD COLUMN host_id INTEGER NOT NULL DEFAULT 0;
UPDATE extractions SET host_id = ifnull((SELECT host_id FROM captures WHERE id = capture_id), 0);
CREATE INDEX extractions_unread ON extractions(host_id, state, run_id) WHERE state < 2;

CREATE TABLE tallies(
  job_id INTEGER NOT NULL, state INTEGER NOT NULL, urls INTEGER NOT NULL, PRIMARY KEY(job_id, state)
) STRICT, WITHOUT ROWID;
INSERT INTO tallies SELECT job_id, state, count(*) FROM urls WHERE state >= 2 GROUP BY job_id, state;
CREATE TRIGGER urls_come AFTER INSERT ON urls WHEN new.state >= 2 BEGIN
  INSERT INTO tallies VALUES(new.job_id, new.state, 1) ON CONFLICT DO UPDATE SET urls = urls + 1;
END;
CREATE TRIGGER urls_settle AFTER UPDATE OF state, job_id ON urls WHEN new.state >= 2 BEGIN
  INSERT INTO tallies VALUES(new.job_id, new.state, 1) ON CONFLICT DO UPDATE SET urls = urls + 1;
END;
CREATE TRIGGER urls_leave AFTER UPDATE OF state, job_id ON urls WHEN old.state >= 2 BEGIN
  UPDATE tallies SET urls = urls - 1 WHERE job_id = old.job_id AND state = old.state;
END;
CREATE TRIGGER urls_go AFTER DELETE ON urls WHEN old.state >= 2 BEGIN
  UPDATE tallies SET urls = urls - 1 WHERE job_id = old.job_id AND state = old.state;
END;
"""

_V6 = """
DROP TABLE queues;
CREATE TABLE queues(
  host_id INTEGER NOT NULL, job_id INTEGER NOT NULL, due INTEGER NOT NULL, PRIMARY KEY(host_id, job_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE wakes(
  job_id INTEGER NOT NULL, at INTEGER NOT NULL, host_id INTEGER NOT NULL, PRIMARY KEY(job_id, at, host_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER queues_come AFTER INSERT ON queues BEGIN
  INSERT INTO wakes SELECT new.job_id, max(next_at, pause_until, new.due), id FROM hosts WHERE id = new.host_id
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER queues_move AFTER UPDATE ON queues BEGIN
  DELETE FROM wakes WHERE job_id = old.job_id AND host_id = old.host_id
    AND at = (SELECT max(next_at, pause_until, old.due) FROM hosts WHERE id = old.host_id);
  INSERT INTO wakes SELECT new.job_id, max(next_at, pause_until, new.due), id FROM hosts WHERE id = new.host_id
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER queues_go AFTER DELETE ON queues BEGIN
  DELETE FROM wakes WHERE job_id = old.job_id AND host_id = old.host_id
    AND at = (SELECT max(next_at, pause_until, old.due) FROM hosts WHERE id = old.host_id);
END;
CREATE TRIGGER hosts_meet AFTER UPDATE OF next_at, pause_until ON hosts BEGIN
  DELETE FROM wakes WHERE (job_id, at, host_id) IN
    (SELECT job_id, max(old.next_at, old.pause_until, due), host_id FROM queues WHERE host_id = old.id);
  INSERT INTO wakes SELECT job_id, max(new.next_at, new.pause_until, due), host_id FROM queues WHERE host_id = new.id
    ON CONFLICT DO NOTHING;
END;
INSERT INTO queues SELECT host_id, job_id, min(due) FROM urls INDEXED BY urls_queued WHERE state = 0
  GROUP BY host_id, job_id;
INSERT INTO tallies SELECT job_id, 0, count(*) FROM urls INDEXED BY urls_queued WHERE state = 0 GROUP BY job_id;
"""

CRAWL = Schema(
    name="crawl",
    application_id=0x42534331,
    steps=(_V1, _V2, _V3, _V4, _V5, _V6),
    remedy="move it away with its -wal, then `broadsheet recover` builds it from the files",
)
