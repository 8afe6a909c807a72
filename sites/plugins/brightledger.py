"""BrightLedger Capital Hub republishes other papers' articles. There are many like it: the rules are the family's."""

from sites.families import CopyHub


class BrightLedger(CopyHub):
    hosts = ("brightledger.example",)
    seeds = ("http://brightledger.example/",)
