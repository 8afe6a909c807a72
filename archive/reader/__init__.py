"""Reading archives: ours by known places, anybody's from end to end."""

from archive.reader.files import Found, Placed, read_file, read_raw
from archive.reader.known import read_capture, read_raws
from archive.reader.records import Damage, Raw

__all__ = ["Damage", "Found", "Placed", "Raw", "read_capture", "read_file", "read_raw", "read_raws"]
