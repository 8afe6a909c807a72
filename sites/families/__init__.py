"""What several sites have in common: bases for plugins of sites made of one template."""

from sites.families.copyhub import CopyHub

__all__ = ["CopyHub"]
