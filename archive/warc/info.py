"""What a WARC file says of itself: its warcinfo record (WARC 1.1, 6.2)."""

from __future__ import annotations

import msgspec

from archive.warc.fields import escape, sha1_of, warc_date
from archive.warc.records import Draft

__all__ = ["Info", "warcinfo_block", "warcinfo_draft"]

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


class Info(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote a file, how, and by which rules. `name` begins the file names; `operator` is the contact;
    `redacted` are the request headers whose values were replaced by REDACTED; `more` goes in as it is."""

    name: str = "broadsheet"
    software: str = "broadsheet"
    user_agent: str = ""
    operator: str = ""
    robots: str = "classic"
    redacted: tuple[str, ...] = ()
    is_part_of: str = ""
    description: str = ""
    more: tuple[tuple[str, str], ...] = ()


def warcinfo_draft(info: Info, file: str, record_id: str, now: int) -> Draft:
    """The record that a file begins with; `file` is its final name, `now` in microseconds."""
    block = warcinfo_block(info)
    fields = (
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Filename", file),
        ("WARC-Date", warc_date(now)),
        ("WARC-Block-Digest", sha1_of((block,))[0]),
    )
    return Draft("warcinfo", fields, "application/warc-fields", block)


def warcinfo_block(info: Info) -> bytes:
    """The application/warc-fields body. Neither host name nor address of the machine is given away."""
    fields = (
        ("software", info.software),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", CONFORMS_TO),
        ("robots", info.robots),
        ("http-header-user-agent", info.user_agent),
        ("operator", info.operator),
        ("redacted-request-headers", ", ".join(info.redacted)),
        ("isPartOf", info.is_part_of),
        ("description", info.description),
        *info.more,
    )
    return "".join(f"{name}: {escape(value)}\r\n" for name, value in fields if value).encode()
