"""The template of a content hub: another paper's article between headlines that have nothing to do with it.

    Current:Home > Stocks<title> -<site>      the section is the site's claim; its name is glued to the title
    <h1>  View  Date:2025-04-14 14:20:43      local time, no zone
    paragraphs, "- Headline" among them       related links that look like a list
    - In:  tags   veryGood! (21)              and then Related, Ranking, Recommendation
`hub_page` takes any content: the tests fill it with a text of their own.
"""

from __future__ import annotations

from html import escape

import msgspec

from crawler.demo.markup import anchor, items

__all__ = ["Headline", "HubContent", "hub_page"]


class Headline(msgspec.Struct, frozen=True):
    """A link to something else; without `href` only its words stand there."""

    title: str
    href: str = ""


class HubContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a page is filled with. `body` mixes paragraphs and in-line related links, in order."""

    site_name: str
    section: str
    title: str
    date: str
    body: tuple[str | Headline, ...]
    tags: tuple[str, ...]
    signature: str
    likes: int
    related: tuple[Headline, ...]
    ranking: tuple[Headline, ...]
    recommendation: tuple[Headline, ...]
    categories: tuple[str, ...] = ()


def _headline(headline: Headline) -> str:
    return anchor(headline.href, headline.title) if headline.href else escape(headline.title, quote=False)


def _part(part: str | Headline) -> str:
    if isinstance(part, str):
        return f"<p>{escape(part, quote=False)}</p>"
    return f"<ul><li>{_headline(part)}</li></ul>"


def _listed(name: str, headlines: tuple[Headline, ...]) -> str:
    inside = "".join(f"<li>{_headline(headline)}</li>\n" for headline in headlines)
    head = f'<div class="list-title">{name}</div>'
    return f'<div class="list-box">{head}\n<ul class="list-ul">\n{inside}</ul></div>'


def hub_page(content: HubContent) -> str:
    """The page as HTML."""
    title, site = escape(content.title, quote=False), escape(content.site_name, quote=False)
    section = escape(content.section)
    path = f'Current:<a href="/">Home</a> &gt; <a href="/{section.lower()}/">{section}</a>'
    body = "\n".join(_part(part) for part in content.body)
    tags = "".join(f"<li>{escape(tag, quote=False)}</li>" for tag in content.tags)
    tiles = "".join(
        f'<div class="rec-item">{_headline(headline)}</div>\n' for headline in content.recommendation
    )
    return f"""<!DOCTYPE html>
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} -{site}</title>
<meta name="keywords" content="{section}">
<meta name="description" content="{title}">
</head>
<body>
<div class="header"><a class="logo" href="/"><img src="/logo.svg" alt="{escape(content.site_name)}"></a>
<ul class="menu">{items((f"/{name.lower()}/", name) for name in content.categories)}</ul></div>
<div class="wrap">
<div class="left">
<div class="location">{path}{title} -{site}</div>
<h1 class="title">{title}</h1>
<div class="info"><span class="view">View</span> <span class="date">Date:{escape(content.date)}</span></div>
<div class="content">
{body}
<ul class="topics"><li>In:</li>{tags}</ul>
</div>
<div class="good"><a href="javascript:;">{escape(content.signature)} ({content.likes})</a></div>
{_listed("Related", content.related)}
</div>
<div class="right">
{_listed("Ranking", content.ranking)}
<div class="list-box"><div class="list-title">Recommendation</div>
{tiles}</div>
</div>
</div>
<div class="footer">Copyright &copy; {site}</div>
</body>
</html>
"""
