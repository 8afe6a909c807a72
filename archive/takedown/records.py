"""Which records of a file have to go, which have to change: decided record by record, in the file's order.

of the URL, referring to it, concurrent to such          ─▶ go
our note `via: URL` in another page's metadata record    ─▶ goes out of the note
the file's own name, in its warcinfo record              ─▶ is the new one
"""

from __future__ import annotations

from collections.abc import Collection

from archive.octets import octets_open
from archive.reader import Raw
from archive.warc.fields import escape, sha1_of
from archive.warc.records import Draft
from sites.url import parse

__all__ = ["Judge"]

_MADE_ANEW = ("warc-type", "content-type", "content-length")


class Judge:
    """For one file. `touched` tells whether any record so far had to go or to change for a URL's sake."""

    def __init__(self, urls: Collection[str], name: str) -> None:
        self._urls, self._name = frozenset(urls), name
        self._gone: set[str] = set()
        self._notes = tuple(f"via: {escape(url)}".encode() for url in self._urls)
        self.touched = False

    def keeps(self, raw: Raw) -> Draft | bool:
        """True: as it is; False: it goes; a Draft: this instead."""
        if self._unwanted(raw):
            self.touched = True
            self._gone.add(raw.id)
            return False
        if raw.type == "warcinfo":
            return _changed(raw, octets_open(raw.block).read(), {"warc-filename": self._name})
        if raw.type == "metadata" and (note := self._note(raw)) is not None:
            self.touched = True
            return _changed(raw, note, {})
        return True

    def _unwanted(self, raw: Raw) -> bool:
        uris = (raw.get("WARC-Target-URI"), raw.get("WARC-Refers-To-Target-URI"))
        if any(uri and (parse(uri.strip("<>")) or uri) in self._urls for uri in uris):
            return True
        related = (*raw.values("WARC-Concurrent-To"), raw.get("WARC-Refers-To"))
        return any(value.strip("<>") in self._gone for value in related if value)

    def _note(self, raw: Raw) -> bytes | None:
        lines = octets_open(raw.block).read().split(b"\r\n")
        kept = [line for line in lines if line not in self._notes]
        return b"\r\n".join(kept) if len(kept) < len(lines) else None


def _changed(raw: Raw, block: bytes, new: dict[str, str]) -> Draft:
    values = {"warc-block-digest": sha1_of((block,))[0], **new}
    fields = [(k, values.get(k.lower(), v)) for k, v in raw.fields if k.lower() not in _MADE_ANEW]
    return Draft(raw.type, fields, raw.get("Content-Type"), block)
