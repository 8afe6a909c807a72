"""A host's pages teach what repeats on them: read without any plugin, the demo's papers come out nearly whole."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from msgspec.structs import replace

from crawler.demo import Newsroom, build_newsroom
from sites.cases import mismatches
from sites.extract import extract, extract_with_lesson
from sites.extraction import Extraction
from sites.fingerprint import fingerprint
from sites.generic.learning import ENOUGH, learn, learn_from
from sites.generic.lessons import decode_lesson, encode_lesson
from sites.generic.model import default_model
from sites.generic.taught import changes
from sites.generic.template import UNTAUGHT, Template, decode_template, encode_template
from sites.page import Page
from tests.demo_pages import demo_page

HOSTS = ("gazette.example", "observer.example", "minato.example", "brightledger.example", "moody.example")


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return build_newsroom()


def lessons(newsroom: Newsroom, host: str, count: int = 20) -> list[Page]:
    pages = [demo_page(newsroom, url) for url in list(newsroom.papers[host].truth)[: 2 * count]]
    return [page for page in pages if not page.text.startswith("HTTP/1.1")][:count]


@pytest.fixture(scope="module")
def templates(newsroom: Newsroom) -> dict[str, Template]:
    return {host: learn(lessons(newsroom, host)) for host in HOSTS}


def shares(newsroom: Newsroom, templates: dict[str, Template]) -> dict[str, float]:
    """Of each host: the share of (page, field) that comes out as it was written, by no plugin at all."""
    right, all_ = Counter[str](), Counter[str]()
    for host in HOSTS:
        for url, facts in newsroom.papers[host].truth.items():
            page = demo_page(newsroom, url)
            if page.text.startswith("HTTP/1.1"):
                continue  # a whole message, which only the archive's reader takes apart
            article = extract(page, template=templates[host]).article
            all_[host] += len(facts)
            right[host] += len(facts) - len(mismatches(article, facts))
    return {host: right[host] / all_[host] for host in HOSTS}


def test_what_a_host_teaches_replaces_its_plugin(newsroom: Newsroom, templates: dict[str, Template]) -> None:
    taught = shares(newsroom, templates)
    alone = shares(newsroom, dict.fromkeys(HOSTS, UNTAUGHT))
    assert {host: share for host, share in taught.items() if share < 0.95} == {}
    assert sum(alone.values()) < 0.8 * len(HOSTS)


def test_the_hub_is_read_whole(newsroom: Newsroom, templates: dict[str, Template]) -> None:
    hub = "brightledger.example"
    problems = [
        (url, problem)
        for url, facts in newsroom.papers[hub].truth.items()
        for problem in mismatches(extract(demo_page(newsroom, url), template=templates[hub]).article, facts)
    ]
    assert problems == []


def test_names_of_site_and_menu(templates: dict[str, Template]) -> None:
    gazette, minato = templates["gazette.example"], templates["minato.example"]
    assert (gazette.after, gazette.site_name) == (" | The Harbour Gazette", "The Harbour Gazette")
    assert (minato.after, minato.site_name) == ("｜みなと週報", "みなと週報")
    assert templates["observer.example"].before == "The Saltmarsh Observer - "
    assert {"sport", "business"} <= gazette.labels


def test_the_order_of_the_pages_does_not_matter(newsroom: Newsroom) -> None:
    pages = lessons(newsroom, "observer.example")
    first = learn(pages)
    random.Random(1).shuffle(pages)
    assert learn(pages) == first


def test_other_pages_teach_another_version(newsroom: Newsroom, templates: dict[str, Template]) -> None:
    gazette = "gazette.example"
    other = learn(lessons(newsroom, gazette, 12))
    assert other.version != templates[gazette].version
    assert fingerprint(None, other.version) != fingerprint(None, templates[gazette].version)
    assert fingerprint(None, UNTAUGHT.version) == fingerprint(None)


def test_few_pages_teach_nothing(newsroom: Newsroom) -> None:
    assert learn(lessons(newsroom, "gazette.example", ENOUGH - 1)) == UNTAUGHT
    assert learn([]) == UNTAUGHT


def test_pages_with_nothing_in_common_teach_no_harm() -> None:
    pages = [
        Page(url=f"http://h.example/{n}", html=f"<title>{n}</title><p>{' '.join([f'w{n}'] * 60)}".encode())
        for n in range(8)
    ]
    template = learn(pages)
    assert (template.site_name, template.repeats, template.related, template.section) == (
        "", frozenset(), frozenset(), frozenset(),
    )  # fmt: skip


def test_a_template_survives_storage(templates: dict[str, Template]) -> None:
    for template in templates.values():
        data = encode_template(template)
        assert decode_template(data) == template
        assert encode_template(decode_template(data)) == data
    assert decode_template(b"") == UNTAUGHT


def test_lessons_kept_from_the_first_reading_teach_the_same(
    newsroom: Newsroom, templates: dict[str, Template]
) -> None:
    for host in HOSTS:
        kept = [encode_lesson(extract_with_lesson(page)[1]) for page in lessons(newsroom, host)]
        assert learn_from([decode_lesson(lesson) for lesson in kept]) == templates[host]


def test_a_page_that_its_lesson_calls_unchanged_is_unchanged(
    newsroom: Newsroom, templates: dict[str, Template]
) -> None:
    """Byte for byte but for the fingerprint; by the templates as they are, and by each part of them alone."""
    threshold, told = default_model().threshold, Counter[bool]()
    parts = {host: (template, *_parts(template)) for host, template in templates.items()}
    for host in HOSTS:
        for page in lessons(newsroom, host, 3):
            plain, lesson = extract_with_lesson(page)
            assert plain == extract(page)
            for template in parts[host]:
                may = changes(template, lesson, threshold)
                told[may] += 1
                taught = extract(page, template=template)
                assert taught.fingerprint != plain.fingerprint
                assert may or _but_for_the_rules(taught) == _but_for_the_rules(plain), page.url
    assert told[True] >= 20 <= told[False], told


def _parts(template: Template) -> list[Template]:
    """Templates that say one thing each, of all that this one says."""
    names = [name for name in Template.__struct_fields__ if name not in ("version", "labels")]
    return [
        replace(UNTAUGHT, version=name, labels=template.labels, **{name: getattr(template, name)})
        for name in names
    ]


def _but_for_the_rules(extraction: Extraction) -> str:
    return repr(replace(extraction, fingerprint=""))
