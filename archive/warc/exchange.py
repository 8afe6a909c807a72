"""A Capture as WARC records: what is in each of them, and nothing about files.

response | revisit | resource    the bytes that came, verbatim       (left out when nothing came)
request                          the bytes that were sent            Concurrent-To the first
metadata                         via, hops, timing, error            Concurrent-To the first
"""

from __future__ import annotations

from collections.abc import Callable

from archive.capture import Capture, RecordIds, Revisit
from archive.errors import ArchiveError
from archive.octets import octets_pieces, octets_size
from archive.warc.described import describe
from archive.warc.fields import check_uri, escape, sha1_label, sha1_of, warc_date
from archive.warc.records import Draft

__all__ = ["PROFILE", "Exchange"]

PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_CODED = ("gzip", "x-gzip", "deflate", "br", "zstd", "compress")
_PACKED_TYPES = ("image/", "video/", "audio/", "font/woff", "application/zip", "application/gzip")
_NOTHING = sha1_label(bytes.fromhex("da39a3ee5e6b4b0d3255bfef95601890afd80709"))


class Exchange:
    """The records of one capture, ready to be written. ArchiveError when a value may not stand in one."""

    def __init__(self, capture: Capture, warcinfo_id: str, new_id: Callable[[], str]) -> None:
        self.capture = capture
        ids = capture.record_ids
        bodiless = (
            capture.payload_type or capture.revisit
        )  # such a record may be empty and still say something
        self.has_main = octets_size(capture.response) > 0 or bool(bodiless)
        self.ids = RecordIds(
            response=(ids.response or new_id()) if self.has_main else "",
            request=(ids.request or new_id()) if capture.request else "",
            metadata=ids.metadata or new_id(),
        )
        self.described = describe(capture)
        self.head = self.described.head
        self.payload_digest = self.described.payload_digest
        self._common = self._common_fields(warcinfo_id)

    def drafts(self) -> list[Draft]:
        """In the order of the file. The first is what a Location points at."""
        capture = self.capture
        main = [self._main()] if self.has_main else []
        request = [self._request()] if capture.request else []
        return [*main, *request, self._metadata()] if self.has_main else [self._metadata(), *request]

    def _common_fields(self, warcinfo_id: str) -> list[tuple[str, str]]:
        capture, tls = self.capture, self.capture.tls
        fields = [
            ("WARC-Date", warc_date(capture.fetched_at)),
            ("WARC-Target-URI", check_uri("WARC-Target-URI", capture.url)),
        ]
        if capture.peer:
            fields.append(("WARC-IP-Address", capture.peer))
        version = self.head.version.lower()
        if version in ("http/1.0", "http/1.1"):
            fields.append(("WARC-Protocol", version))
        if tls is not None:
            fields.append(("WARC-Protocol", tls.version))
            if tls.cipher:
                fields.append(("WARC-Cipher-Suite", tls.cipher))
        if warcinfo_id:
            fields.append(("WARC-Warcinfo-ID", _bracketed(warcinfo_id)))
        return fields

    def _main(self) -> Draft:
        capture = self.capture
        block_digest, _ = sha1_of(octets_pieces(capture.response))
        fields = [("WARC-Record-ID", _bracketed(self.ids.response)), *self._common]
        kind, content_type = "response", "application/http; msgtype=response"
        if capture.payload_type:
            kind, content_type = "resource", capture.payload_type
        if capture.revisit is not None:
            kind = "revisit"
            fields += _revisit_fields(capture.revisit)
        elif capture.truncated:
            fields.append(("WARC-Truncated", capture.truncated))
        if self.payload_digest:
            fields.append(("WARC-Payload-Digest", self.payload_digest))
        fields.append(("WARC-Block-Digest", block_digest))
        return Draft(kind, fields, content_type, capture.response, not self._is_coded())

    def _is_coded(self) -> bool:
        codings = self.head.values("content-encoding")
        return any(c.lower() in _CODED for c in codings) or self.described.media_type.startswith(
            _PACKED_TYPES
        )

    def _request(self) -> Draft:
        request = self.capture.request
        body = request.partition(b"\r\n\r\n")[2]
        fields = [
            ("WARC-Record-ID", _bracketed(self.ids.request)),
            ("WARC-Concurrent-To", _bracketed(self.ids.response or self.ids.metadata)),
            *self._common,
            ("WARC-Payload-Digest", sha1_of((body,))[0] if body else _NOTHING),
            ("WARC-Block-Digest", sha1_of((request,))[0]),
        ]
        return Draft("request", fields, "application/http; msgtype=request", request)

    def _metadata(self) -> Draft:
        capture = self.capture
        lines = [
            ("via", capture.via),
            ("method", capture.method if _method_of(capture.request) != capture.method else ""),
            ("truncated", capture.truncated if capture.revisit or not self.has_main else ""),
            ("error", capture.error),
        ]
        body = [f"{name}: {escape(value)}" for name, value in lines if value]
        if not self.has_main and not capture.error:
            body.append("error: ")
        body += [
            f"hopsFromSeed: {escape(capture.hops)}",
            f"fetchTimeMs: {capture.took // 1000}",
            f"fetchTimeMicros: {capture.took}",
        ]
        if capture.delay is not None:
            body.append(f"delayMicros: {capture.delay}")
        block = "".join(f"{line}\r\n" for line in body).encode()
        fields = [("WARC-Record-ID", _bracketed(self.ids.metadata))]
        if self.has_main:
            fields.append(("WARC-Concurrent-To", _bracketed(self.ids.response)))
        fields += [*self._common, ("WARC-Block-Digest", sha1_of((block,))[0])]
        return Draft("metadata", fields, "application/warc-fields", block)


def _revisit_fields(revisit: Revisit) -> list[tuple[str, str]]:
    """WARC 1.1, 6.7. Replay tools look the original up by URI and date, hence both beside the id."""
    if revisit.profile == "identical-payload-digest" and not revisit.payload_digest:
        raise ArchiveError("refused: a revisit for an identical payload without that payload's digest")
    fields = [
        ("WARC-Profile", PROFILE + revisit.profile),
        ("WARC-Refers-To-Target-URI", check_uri("WARC-Refers-To-Target-URI", revisit.url)),
        ("WARC-Refers-To-Date", warc_date(revisit.date)),
    ]
    if revisit.record_id:
        fields.insert(1, ("WARC-Refers-To", _bracketed(revisit.record_id)))
    if revisit.profile == "identical-payload-digest":
        fields.append(("WARC-Truncated", "length"))  # 6.7.2: it shall be there when the payload is left out
    return fields


def _method_of(request: bytes) -> str:
    return request[:32].partition(b" ")[0].decode("latin-1") if request else "GET"


def _bracketed(record_id: str) -> str:
    return f"<{check_uri('a record id', record_id)}>"
