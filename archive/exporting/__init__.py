"""The archive for other tools: CDXJ, the index that replay programs read; WACZ, everything in one file."""

from archive.exporting.cdxj import export_cdxj
from archive.exporting.surt import surt
from archive.exporting.wacz import export_wacz

__all__ = ["export_cdxj", "export_wacz", "surt"]
