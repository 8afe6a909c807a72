"""WARC 1.1 files written so that they prove themselves: see docs/formats.md for what is in each record."""

from archive.warc.disk import Disk
from archive.warc.file import WarcFile, new_record_id
from archive.warc.info import Info
from archive.warc.names import OPEN, file_name, is_ours, resolve
from archive.warc.revisit import as_revisit, rejoin

__all__ = [
    "OPEN",
    "Disk",
    "Info",
    "WarcFile",
    "as_revisit",
    "file_name",
    "is_ours",
    "new_record_id",
    "rejoin",
    "resolve",
]
