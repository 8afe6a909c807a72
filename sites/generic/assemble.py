"""Fields to an article: plugin first, then the generic rules, with evidence for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec

from sites.article import Article, Block
from sites.bounds import MAX_FIELD, bounded_body, bounded_links, is_too_long
from sites.errors import SiteError
from sites.extraction import Evidence, FieldError, PageType
from sites.generic import beside, changed, dating, headline, naming, people, pictures, sections, topics
from sites.generic.body import choose
from sites.generic.compose import compose
from sites.generic.doubts import conflicts
from sites.generic.evidence import body_evidence, field_evidence, type_evidence
from sites.generic.facts import Decision, Facts, first_letter, fold
from sites.generic.kinds import DOUBTFUL, DOUBTFUL_BARE, Kinds, page_type
from sites.generic.markdown import article_markdown, article_text
from sites.generic.model import Model
from sites.generic.parts import Unit
from sites.url import hostname

if TYPE_CHECKING:
    from sites.site import Site

__all__ = ["Made", "assemble", "generic_fields"]

_FIELDS: Final = (
    "canonical_url", "site_name", "title", "subtitle", "authors", "published", "modified", "section", "tags",
    "language", "genre", "dateline", "image", "paywalled",
)  # fmt: skip

_LONG_TITLE: Final = 400


class Made(msgspec.Struct, frozen=True):
    """What `assemble` gives to `extract`. `words` are those of the body, whatever the page's type."""

    article: Article | None
    words: int
    page_type: PageType
    confidence: float
    evidence: tuple[Evidence, ...]
    errors: tuple[FieldError, ...]
    chances: list[float]


def assemble(facts: Facts, site: Site | None, model: Model, kinds: Kinds, *, why: bool) -> Made:
    """The article of a page; None when the page is surely of another type."""
    own, says, errors = _plugin(facts, site)
    choice = choose(facts, model)
    fields = generic_fields(facts, own)
    fields |= own
    errors += _cut_down(fields)
    units = facts.found.units
    kept = _without_headlines(choice.kept, units, _headlines(facts, fields, own))
    if "body" in own:
        blocks: tuple[Block, ...] = own["body"].value
    else:
        places = [(sum(k < unit for k in kept), block) for unit, block in pictures.figures(facts, kept)]
        blocks = compose([units[number] for number in kept], facts.found.anchors, facts.joiner, places)
    blocks, cut = bounded_body(blocks)
    errors += cut
    text = article_text(blocks)
    words = text.count(" ") + 1 if text else 0
    verdict = page_type(facts, choice, fields, words, kinds, why=why)
    kind, confidence = verdict.kind, verdict.confidence
    if text:
        if not fields["language"].value:
            fields["language"] = topics.detected_language(text)
        if "dateline" not in own:
            fields["dateline"] = beside.dateline(text)
    if says is False and kind == "article":
        kind, confidence = "listing", 1.0
    elif says is not False and own.keys() & {"title", "body"}:
        kind, confidence = "article", 1.0
    evidence = field_evidence(facts, fields, why)
    if why:
        evidence += (*type_evidence(kind, confidence, verdict), *body_evidence(facts, choice))
    article = None
    known = text or fields["title"].value  # a page that is built in the browser has at least its data
    doubtful = verdict.article >= (DOUBTFUL if text else DOUBTFUL_BARE)
    if kind == "article" or (known and says is None and doubtful):
        article = Article(
            url=facts.page.url,
            site=site.name if site is not None else hostname(facts.page.url),
            blocks=blocks,
            text=text,
            markdown=article_markdown(blocks),
            related=bounded_links(
                own["related"].value if "related" in own else beside.related(facts, choice)
            ),
            links=tuple(link for block in blocks for link in block.links),
            date_conflicts=conflicts(facts, fields["published"], fields["modified"].value, text),
            **{name: fields[name].value for name in _FIELDS if fields[name].value not in (None, "")},
        )
    return Made(article, words, kind, confidence, evidence, errors, choice.chances)


def _cut_down(fields: dict[str, Decision[Any]]) -> tuple[FieldError, ...]:
    """Leave out what is too long to be the field that it stands for."""
    found = [name for name in _FIELDS if name in fields and is_too_long(fields[name].value)]
    for name in found:
        fields[name] = Decision(() if isinstance(fields[name].value, tuple) else "", fields[name].rule, 0.0)
    return tuple(FieldError("", name, f"over {MAX_FIELD} characters: left out") for name in found)


def _without_headlines(kept: list[int], units: list[Unit], headlines: Iterable[str]) -> list[int]:
    """A headline repeated is no body. Folding is dear: only what begins as a headline is folded."""
    folded = {fold(line) for line in headlines if line}
    begun = {line[:1] for line in folded}
    out = []
    for number in kept:
        text = units[number].text
        if len(text) <= _LONG_TITLE:
            if first_letter(text) in begun and fold(text) in folded:
                continue
        out.append(number)
    return out


def _headlines(
    facts: Facts, fields: dict[str, Decision[Any]], own: dict[str, Decision[Any]]
) -> Iterator[str]:
    """The title, and what the plugin or the page's own data calls a headline under it."""
    yield fields["title"].value
    if "subtitle" in own:
        yield own["subtitle"].value
    yield facts.graph.text(facts.article, "alternativeHeadline")


def _plugin(
    facts: Facts, site: Site | None
) -> tuple[dict[str, Decision[Any]], bool | None, tuple[FieldError, ...]]:
    """What the plugin says of each field, whether it calls the page an article, and what of it raised."""
    own: dict[str, Decision[Any]] = {}
    errors: list[FieldError] = []
    says: bool | None = None
    if site is None:
        return own, says, ()
    try:
        says = site.calls_article(facts.page.url)
    except SiteError as error:
        errors.append(FieldError(error.plugin, error.field, error.message, error.where))
    for name in (*_FIELDS, "body", "related"):
        try:
            answer = site.field(name, facts.page)
        except SiteError as error:
            errors.append(FieldError(error.plugin, name, error.message, error.where))
            continue
        if answer is not None:
            value, rule, node = answer
            own[name] = Decision(value, rule, 1.0, node)
    return own, says, tuple(errors)


def generic_fields(facts: Facts, own: dict[str, Decision[Any]]) -> dict[str, Decision[Any]]:
    """The generic decision of every field that the plugin left open."""
    site = own.get("site_name") or naming.site_name(facts)
    title = own.get("title") or headline.headline(facts, site.value)
    facts.title_at(title.node)
    if not site.value:
        site = naming.beside_title(facts, title.value)
    section = sections.section(facts)
    language = own.get("language") or topics.declared_language(facts)
    return {
        "site_name": site,
        "title": title,
        "language": language,
        "canonical_url": topics.canonical(facts),
        "subtitle": beside.subtitle(facts, title.value),
        "authors": people.authors(facts, site.value),
        "published": dating.published(facts, language.value),
        "modified": changed.modified(facts, language.value),
        "section": section,
        "tags": topics.tags(facts, section.value),
        "genre": topics.genre(facts),
        "dateline": Decision(""),
        "image": pictures.lead_image(facts),
        "paywalled": topics.paywalled(facts),
    }
