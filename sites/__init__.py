"""What a page means: links to follow, the article in it. Plugins import this and `sites.families` alone."""

from sites.article import Article, Block, Image, TextLink
from sites.extract import extract
from sites.extraction import Extraction
from sites.fields import css, css_all, cut, first, ld, meta, split, when
from sites.moment import Moment
from sites.page import Page
from sites.patterns import re
from sites.site import Site

__all__ = [
    "Article",
    "Block",
    "Extraction",
    "Image",
    "Moment",
    "Page",
    "Site",
    "TextLink",
    "css",
    "css_all",
    "cut",
    "extract",
    "first",
    "ld",
    "meta",
    "re",
    "split",
    "when",
]
