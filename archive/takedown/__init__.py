"""`broadsheet forget`: a URL taken down, everywhere."""

from archive.takedown.erasing import Erased, Erasure, erase
from archive.takedown.marking import all_names, forget

__all__ = ["Erased", "Erasure", "all_names", "erase", "forget"]
