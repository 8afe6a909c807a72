"""Words that give a page's trade away on any site: makes of software, parts of addresses, data types, classes.

They are set down, not learnt: a few pages cannot teach what all forums, shops and manuals have in common. What a word weighs is learnt.
"""

from __future__ import annotations

import re
from typing import Final

from sites.generic.words import class_words

__all__ = ["TRADES", "trades"]

_WORDS: Final[dict[str, dict[str, str]]] = {
    "forum": {
        "h": "forum forums foro foros foren board boards community communities discuss discussion discussions discourse talk bbs "
        "answers ask tieba zhidao zhihu douban reddit quora stackexchange stackoverflow superuser serverfault askubuntu groups "
        "mastodon lemmy bsky twitter x weibo threads tumblr facebook linkedin instagram pinterest vk ycombinator segmentfault",
        "p": "forum forums foro foros foren thread threads viewtopic viewthread showthread showtopic topic topics thema discussion "
        "discussions question questions frage fragen status comments t r d f board boards bbs ask answer answers qa",
        "e": "thread threads viewtopic viewthread showthread showtopic topic forum forums",
        "q": "t tid fid threadid topic showtopic thread topic_id",
        "t": "forum forums foren foro foros thread threads board boards community discuss discussion discussions reddit quora "
        "stackexchange 论坛 社区 知乎 贴吧 问答 知道",
        "l": "discussionforumposting qapage",
        "m": "generator:phpbb generator:discourse generator:vbulletin generator:xenforo generator:flarum generator:vanilla "
        "generator:nodebb generator:discuz generator:mybb generator:smf generator:invision generator:bbpress generator:lemmy "
        "generator:mastodon generator:askbot",
        "c": "phpbb postbit vbulletin xenforo discourse flarum smf mybb ipb nodebb discuz bbpress postprofile postrow threadtitle "
        "upvote downvote votes votecell reputation karma postcount signature usertitle userinfo quote quotes quoted topic thread "
        "forum postauthor",
    },
    "manual": {
        "h": "docs doc documentation wiki wikis manual manuals gitbook readthedocs help support developer developers dev api "
        "reference man devdocs kb learn handbook",
        "p": "docs doc documentation manual manuals reference ref refman api apis wiki man manpages man1 man2 man3 man4 man5 man7 "
        "man8 usersguide userguide help support handbook latest stable kb faq javadoc tutorial tutorials book w howto sdk library "
        "dokumentation handbuch hilfe aide ayuda",
        "e": "docs doc documentation manual reference api wiki readme introduction installation quickstart tutorial userguide faq "
        "overview changelog",
        "t": "documentation docs manual reference wiki handbook dokumentation handbuch api readme tutorial wikipedia sdk referenz "
        "文档 手册",
        "l": "techarticle apireference softwaresourcecode",
        "m": "generator:sphinx generator:docutils generator:mkdocs generator:docusaurus generator:gitbook generator:bookdown "
        "generator:dokuwiki generator:mediawiki generator:doxygen generator:vuepress generator:vitepress generator:mintlify "
        "generator:readme generator:docfx generator:asciidoctor generator:antora generator:nextra generator:javadoc "
        "generator:docbook generator:latex2html generator:makeinfo generator:starlight generator:quarto generator:madcap "
        "generator:robohelp generator:confluence docsearch:language docsearch:version docsearch:docusaurus_tag "
        "docusaurus_version docusaurus_locale docsearch_version readme-deploy og:type:book",
        "c": "sphinx sphinxsidebar rst toctree docutils headerlink docusaurus mdbook sidetoc pagetoc vuepress vitepress docsearch "
        "doxygen mkdocs gitbook antora nextra javadoc dokuwiki mediawiki mw manpage toc highlight codehilite prism hljs "
        "admonition breadcrumbs",
    },
    "shop": {
        "h": "shop store shopping amazon ebay etsy walmart aliexpress alibaba taobao tmall jd bestbuy target ikea wayfair rei "
        "newegg zalando otto rakuten mercadolibre allegro",
        "p": "product products p dp gp item items itm shop store buy pd sku produkt produkte produit produits producto productos "
        "prodotto prodotti listing catalog catalogue katalog",
        "l": "product offer aggregateoffer productgroup someproducts individualproduct productmodel offershippingdetails "
        "merchantreturnpolicy",
        "m": "product:price:amount product:price:currency product:availability product:brand product:condition product:category "
        "product:retailer_item_id og:price:amount og:price:currency og:availability og:type:product",
        "i": "price pricecurrency sku offers availability mpn gtin13 gtin itemcondition brand",
        "b": "template-product single-product woocommerce product-template catalog-product-view product",
        "c": "cart minicart addtocart atc buybox sku swatch swatches variant variants qty quantity basket checkout wishlist "
        "addtobag warenkorb",
    },
    "list": {
        "e": "news blog blogs archive archives archiv category categories tag tags topics issues articles stories press events "
        "podcasts podcast episodes shows show collections collection all index latest videos video resources publications home "
        "recipes guides reviews media newsroom insights products shop search releases updates aktuelles nachrichten noticias "
        "actualites",
        "p": "category categories kategorie categorie categoria tag tags topic topics collection collections archive archives "
        "archiv page author authors search suche browse shows podcast series issues department c b cat list lists section rubrik",
        "q": "page sort category p",
        "l": "collectionpage itemlist searchresultspage blog podcastseries offercatalog",
        "r": "next prev",
        "b": "archive category tag home blog search post-type-archive paged template-collection template-blog collection listing "
        "index list",
        "c": "pagination pager facets facet filters filter sort sortby results loadmore",
    },
    "service": {
        "p": "services service solutions pricing plans programs program courses course about contact team careers jobs department "
        "departments locations location admissions apply tuition fees testimonials training seminars seminar workshops "
        "membership donate company industries clients patients insurance consulting repair enroll rental leistungen kontakt "
        "preise kurse termine standorte karriere unternehmen tarifs servicios contacto empresa",
        "t": "services service pricing programs courses course contact locations testimonials tuition insurance near quote company "
        "companies leistungen kontakt",
        "l": "localbusiness professionalservice service course courseinstance educationalorganization collegeoruniversity store "
        "homeandconstructionbusiness electrician plumber roofingcontractor hvacbusiness generalcontractor movingcompany "
        "legalservice attorney dentist physician medicalbusiness medicalclinic medicalorganization hospital restaurant hotel "
        "lodgingbusiness realestateagent insuranceagency financialservice autorepair beautysalon healthclub school highschool "
        "openinghoursspecification geocoordinates aboutpage contactpage governmentorganization governmentservice offercatalog "
        "softwareapplication",
        "b": "page page-template page-template-default page-template-full-width elementor-page template-page "
        "page-node-type-page node-type-page page-node-type-landing-page page-node-type-landing",
    },
    "press": {
        "p": "news article articles artikel story stories posts blog opinion politics politik sport sports world welt business "
        "lifestyle entertainment culture kultur panorama wirtschaft",
        "l": "newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle reviewnewsarticle blogposting",
        "m": "article:published_time article:author article:section article:tag parsely-title parsely-pub-date parsely-author "
        "parsely-type sailthru.date sailthru.title sailthru.author cxenseparse:recs:publishtime news_keywords citation_title "
        "pubdate date dc.date.issued author",
        "r": "author amphtml",
        "i": "articlebody datepublished headline author",
        "b": "single single-post post-template-default single-format-standard page-node-type-article node-type-article "
        "page-node-type-news page-node-type-blog node-type-story article story post",
        "c": "byline dateline articlebody postcontent",
    },
}  # fmt: skip
_WORDS["service"]["e"] = _WORDS["service"]["p"]
_MOST: Final = 4
_MEMO: Final = 50_000
_SPACELESS: Final = re.compile(r"论坛|社区|知乎|贴吧|问答|知道|文档|手册")
"""Words of titles whose script parts no words."""

TRADES: Final[tuple[str, ...]] = (*_WORDS, *(f"any {trade}" for trade in _WORDS))
"""For each trade how many of its words a page says, up to four; and whether it says any."""

_TABLE: Final[dict[str, dict[str, int]]] = {mark: {} for mark in "hpeqtlmribc"}
for _number, _marks in enumerate(_WORDS.values()):
    for _mark, _listed in _marks.items():
        for _word in _listed.split():
            _TABLE[_mark][_word] = _TABLE[_mark].get(_word, 0) | 1 << _number
_CLASSES: Final = _TABLE["c"]
_NAMED: Final[dict[str, tuple[str, ...]]] = {}


def trades(said: list[tuple[str, list[str]]], called: set[str]) -> list[int]:
    """The numbers of TRADES, of what a page says (`tokens.spoken`) and of the names of its classes."""
    bits: list[int] = []
    for mark, words in said:
        table = _TABLE[mark]
        for word in {word for word in words if word in table}:
            bits.append(table[word])
        if mark == "t":
            bits += _glued(words)
    spoken: set[str] = set()
    for name in called:
        found = _NAMED.get(name)
        if found is None:
            found = _named(name)
        if found:
            spoken.update(found)
    for word in spoken:
        bits.append(_CLASSES[word])
    counts = [0] * len(_WORDS)
    for heard in bits:
        for number in range(len(counts)):
            counts[number] += heard >> number & 1
    return [min(_MOST, count) for count in counts] + [int(count > 0) for count in counts]


def _glued(words: list[str]) -> list[int]:
    """The bits of the words in a title whose script parts none, but for those that stand alone."""
    table = _TABLE["t"]
    found = [
        glued[0]
        for word in words
        if not word.isascii() and word not in table and (glued := _SPACELESS.search(word))
    ]
    return [table[word] for word in set(found).difference(words)] if found else []


def _named(name: str) -> tuple[str, ...]:
    """The words of a class that tell of a trade; kept, for they depend on nothing else."""
    if len(_NAMED) >= _MEMO:
        _NAMED.clear()
    found = tuple([word for word in class_words(name) if word in _CLASSES])
    _NAMED[name] = found
    return found
