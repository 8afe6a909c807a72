"""What can be wrong with an archive, and where it is written that it is wrong."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["RULES", "Finding", "Severity", "finding"]

Severity = Literal["error", "warning", "note"]

RULES: dict[str, tuple[Severity, str]] = {
    # framing
    "empty": ("error", "WARC 1.1, 4: a file is at least one record"),
    "junk": ("error", "WARC 1.1, 4: a file is records, nothing else"),
    "member": ("error", "RFC 1952; WARC 1.1, annex D.2"),
    "member-per-record": ("error", "WARC 1.1, annex D.2: each record a gzip member of its own"),
    "length": ("error", "WARC 1.1, 5.3: Content-Length is the number of octets in the block"),
    "record-end": ("error", "WARC 1.1, 4: CRLF CRLF after the block"),
    "version": ("error", "WARC 1.1, 4: WARC/1.0 or WARC/1.1"),
    "line-end": ("error", "WARC 1.1, 4: header lines end with CRLF"),
    "header-line": ("error", "WARC 1.1, 4: a header line is a name, a colon and a value"),
    "encoding": ("error", "WARC 1.1, 4: field values are UTF-8 without control characters"),
    "container": ("error", "WACZ 1.1.1, 5"),
    "signature": ("note", "WACZ Signing 0.1.0: needs authorities to trust, and is not checked"),
    # fields
    "mandatory": ("error", "WARC 1.1, 5.2 to 5.5: WARC-Record-ID, Content-Length, WARC-Date, WARC-Type"),
    "repeated": ("error", "WARC 1.1, 5.1: a field stands once, but WARC-Concurrent-To"),
    "forbidden": ("error", "WARC 1.1, 5.7 to 5.22: where a field shall not be used"),
    "type": ("warning", "WARC 1.1, 5.5"),
    "date": ("error", "WARC 1.1, 5.4: YYYY-MM-DDThh:mm:ss[.f]Z"),
    "record-id": ("error", "WARC 1.1, 5.2: a URI between angle brackets"),
    "id-repeated": ("error", "WARC 1.1, 5.2: globally unique"),
    "target-uri": ("error", "WARC 1.1, 5.14"),
    "target-brackets": ("warning", "WARC 1.1, 5.14: no angle brackets (the grammar of 1.0 had them)"),
    "content-type": ("warning", "WARC 1.1, 5.6"),
    "content-type-advised": ("warning", "WARC 1.1, 6.2, 6.3.2, 6.5.2"),
    "ip-address": ("error", "WARC 1.1, 5.10"),
    "truncated": ("warning", "WARC 1.1, 5.15"),
    "profile": ("error", "WARC 1.1, 5.18 and 6.7: mandatory on a revisit"),
    "profile-unknown": ("warning", "WARC 1.1, 6.7.4"),
    "segment": ("error", "WARC 1.1, 5.20 to 5.22"),
    "segmented": ("note", "WARC 1.1, 7: of a record in segments the first is read, as cut short"),
    "digest-label": ("error", "WARC 1.1, 5.8: algorithm:value"),
    "digest-algorithm": ("warning", "WARC 1.1, 5.8: any may be used, this one cannot be checked"),
    # content
    "block-digest": ("error", "WARC 1.1, 5.8"),
    "payload-digest": ("error", "WARC 1.1, 5.9"),
    "payload-digest-framed": ("warning", "WARC 1.1, 6.3.2: transfer coding removed (an old habit of tools)"),
    "http-head": ("error", "WARC 1.1, 6.3.2; RFC 9112, 4"),
    "http-interim": ("warning", "RFC 9110, 15.2: a 1xx response before the final one"),
    "http-length": ("error", "RFC 9112, 6.2: Content-Length is that of the body"),
    "http-chunked": ("error", "RFC 9112, 7.1"),
    "http-coding": ("warning", "RFC 9110, 8.4"),
    # between records
    "warcinfo-first": ("note", "WARC 1.1, 5.5: recommended"),
    "warcinfo-id": ("note", "WARC 1.1, 5.16"),
    "filename": ("note", "WARC 1.1, 5.17"),
    "concurrent": ("warning", "WARC 1.1, 5.7"),
    "revisit-target": ("error", "WARC 1.1, 6.7: what a revisit refers to has that digest and comes before"),
    "revisit-unresolvable": ("warning", "WARC 1.1, 5.12, 5.13: replay tools go by URI and date"),
    "revisit-elsewhere": ("note", "WARC 1.1, 6.7: refers to a record that is not in this file"),
    # conduct
    "manners-robots": ("error", "RFC 9309, 2.2.2"),
    "manners-robots-unread": ("error", "RFC 9309, 2.4: not older than 24 hours"),
    "manners-delay": ("error", "docs/operate.md: finish to start, one exchange in flight"),
    "manners-unread": ("warning", "docs/formats.md: what cannot be read proves nothing"),
    "manners-no-promise": ("note", "docs/formats.md: delayMicros in the metadata record"),
    # a file of ours against the database
    "uncommitted": ("warning", "docs/formats.md: every record is in the database"),
    "not-there": ("error", "docs/formats.md: every committed capture is a valid record in its file"),
    "other-record": ("error", "docs/formats.md: the record at a committed place is the one committed"),
    "file-length": ("error", "docs/formats.md: a file is as long as its commits"),
    "file-missing": ("error", "docs/formats.md: every file is where the database says"),
    "file-unknown": ("error", "docs/formats.md: every file is in the database"),
}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong. `offset` in the file (negative: as a Location's), `rule` a key of `RULES`,
    `clause` where the rule comes from."""

    file: str
    offset: int
    rule: str
    message: str
    severity: Severity
    clause: str

    def __str__(self) -> str:
        return (
            f"{self.file} at byte {self.offset}: {self.severity}: {self.message} [{self.rule}: {self.clause}]"
        )


def finding(file: str, offset: int, rule: str, message: str) -> Finding:
    severity, clause = RULES[rule]
    return Finding(file=file, offset=offset, rule=rule, message=message, severity=severity, clause=clause)
