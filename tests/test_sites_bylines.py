"""Who wrote it: the persons that a page names, by what marks them."""

from __future__ import annotations

import pytest

from sites.generic.assemble import generic_fields
from sites.generic.facts import Facts
from sites.generic.joining import Joiner
from sites.generic.names import is_person, split_names
from sites.generic.naming import site_name
from sites.generic.people import authors
from sites.generic.survey import survey
from sites.page import Page

PROSE = (
    "The harbour of the old town was opened to ships again on Monday, after two years of work on its walls. "
)
BODY = f"<p>{PROSE * 2}</p>" * 5
FAR = f"<p>{PROSE}</p>" * 30


def authors_of(
    shown: str, head: str = "", after: str = "", url: str = "https://gazette.example/a"
) -> tuple[str, ...]:
    html = (
        f"<html lang=en><head><title>The harbour opens</title>{head}</head>"
        f"<body><article><h1>The harbour opens</h1>{shown}{BODY}{after}</article></body></html>"
    )
    page = Page(url=url, html=html.encode(), headers=(("Content-Type", "text/html; charset=utf-8"),))
    found = survey(page.tree)
    facts = Facts(page, found, Joiner(page.url), "")
    return authors(facts, site_name(facts).value).value


def ld(author: str) -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The harbour opens", '
        f'"author": {author}, "publisher": {{"@type": "Organization", "name": "Gazette"}}}}</script>'
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Ada Quayle and Bob Marsh", ["Ada Quayle", "Bob Marsh"]),
        ("Written by Ada Quayle, Bob Marsh, and Cy Dee", ["Ada Quayle", "Bob Marsh", "Cy Dee"]),
        ("ByA.B. Quayle", ["A.B. Quayle"]),
        ("Veröffentlicht von Ada Quayle", ["Ada Quayle"]),
        ("Zeige alle Beiträge von Ada Quayle", ["Ada Quayle"]),
        ("Text & Fotos: Ada Quayle", ["Ada Quayle"]),
        ("Dieter Hafen", ["Dieter Hafen"]),
        ("Leonardo DiCaprio", ["Leonardo DiCaprio"]),
        ("Ada Quayle October", ["Ada Quayle"]),
        ("Ada Quayle Nov 18", ["Ada Quayle"]),
        ("Ada QuayleStaff Writer", ["Ada Quayle"]),
        ("Ada Quayle Senior Harbour Editor", ["Ada Quayle"]),
        ("Senior Harbour Editor", []),
        ("Von Ada Quayle am Samstag, 19. Oktober", ["Ada Quayle"]),
        ("(Image: Getty Images/iStockphoto)", []),
        ("Ministry of Ships and Harbours, Foundation of Towns", []),
        ("Ada Quayle, University of the Sea", ["Ada Quayle"]),
        ("Ada Quayle, FAND, CFP", ["Ada Quayle"]),
        ("Ada Quayle, Harbour Educator & Reuters", ["Ada Quayle", "Reuters"]),
        ("Ada Quayle, Generalsekretärin vom Hafen", ["Ada Quayle"]),
        ("Ada Quayle im Gespräch mit Bob Marsh", ["Ada Quayle", "Bob Marsh"]),
        ("Ada Quayle oraz Jan Mokry", ["Ada Quayle", "Jan Mokry"]),
        ("Ada Quayle e Rui Mar", ["Ada Quayle", "Rui Mar"]),
        ("Dan Mersey", ["Dan Mersey"]),
        ("Laura E. Quayle", ["Laura E. Quayle"]),
        ("Ada Quayle Ada Quayle", ["Ada Quayle"]),
        ("Autor/in: Ada Quayle", ["Ada Quayle"]),
        ("Ada Quayle ada.quayle@gazette.example", ["Ada Quayle"]),
        ("By Ada Quayle @adaquayle", ["Ada Quayle"]),
        ("<a href='/ada'>Ada Quayle</a><a href='/bob'>Bob Marsh</a>", ["Ada Quayle", "Bob Marsh"]),
        ("Wines in Berlin", []),
        ("Associated Press in Valencia", ["Associated Press"]),
        ("News Desk", []),
        ("Oleh Ade Putra", ["Ade Putra"]),
        ("Tekst: Ada Quayle", ["Ada Quayle"]),
        ("Автор: Ада Квейл", ["Ада Квейл"]),
        ("Írta: Kovács Anna", ["Kovács Anna"]),
        ("Napsala Anna Mokrá", ["Anna Mokrá"]),
        ("A cura di Anna Marea", ["Anna Marea"]),
        ("Haber Merkezi", []),
        ("田中太郎 記者", ["田中太郎"]),
        ("홍길동 선임기자", ["홍길동"]),
        ("记者 王小明", ["王小明"]),
        ("Ein Bericht von Ada Quayle und Bob Marsh", ["Ada Quayle", "Bob Marsh"]),
        ("Propos recueillis par Ada Quayle", ["Ada Quayle"]),
        ("Par Ada Quayle avec AFP", ["Ada Quayle"]),
        ("Von Ada Quayle, mit Material der dpa", ["Ada Quayle"]),
        ("Por Ada Quayle con agencias", ["Ada Quayle"]),
        ("Door onze redacteur Ada Quayle", ["Ada Quayle"]),
        ("Von unserer Korrespondentin Ada Quayle", ["Ada Quayle"]),
        ("De notre envoyée spéciale Ada Quayle", ["Ada Quayle"]),
        ("de Ada Quayle", ["Ada Quayle"]),
        ("De Smet Ada", ["De Smet Ada"]),
        ("oprac. Anna Nowak", ["Anna Nowak"]),
        ("Tác giả: Nguyễn Văn An", ["Nguyễn Văn An"]),
        ("Της Άννας Θάλασσας", ["Άννας Θάλασσας"]),
        ("Words by Ada Quayle.", ["Ada Quayle"]),
        ("Ada Quayle Jr.", ["Ada Quayle Jr."]),
        ("Guest post by Ada Quayle", ["Ada Quayle"]),
        ("Post author By Ada Quayle", ["Ada Quayle"]),
        ("Beitragsautor Von Ada Quayle", ["Ada Quayle"]),
        ("Geschrieben von: Ada Quayle Dienstag, den 3. Mai", ["Ada Quayle"]),
        ("By Ada Quayle ⋅ Senior Analyst", ["Ada Quayle"]),
        ("Table of Contents", []),
        ("Hinterlasse einen Kommentar", []),
        ("Archiv anzeigen →", []),
    ],
)
def test_names_as_bylines_write_them(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Ada Quayle", True),
        ("Ludwig van der Hafen", True),
        ("Die Hafenpost", False),
        ("Harbour Foundation", False),
        ("Harbour Coalition", False),
        ("Ein Hafentag", False),
        ("Ministry of Ships", False),
        ("Ada", False),
        ("Ada lives here", False),
    ],
)
def test_what_looks_like_a_persons_name(name: str, person: bool) -> None:
    assert is_person(name) is person


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        pytest.param("<p class=byline>By Ada Quayle | 3 May 2024</p>", ("Ada Quayle",), id="a class and By"),
        pytest.param("<p>By Ada Quayle</p>", ("Ada Quayle",), id="By alone"),
        pytest.param("<p>3 May 2024 · By Ada Quayle</p>", ("Ada Quayle",), id="By after a date"),
        pytest.param("<p><a href='/author/ada-q'>Ada Quayle</a></p>", ("Ada Quayle",), id="a link to a profile"),
        pytest.param("<p><a href='/shop/ada-q'>Ada Quayle</a></p>", (), id="a link to anything else"),
        pytest.param("<p><a href='/yazarlar/ada-q'>Ada Quayle</a><b>3 May 2024</b></p>", ("Ada Quayle",), id="and a date behind it"),
        pytest.param("<p>With thanks to <a href='/author/ada-q'>Ada Quayle</a></p>", (), id="a line that begins otherwise"),
        pytest.param("<p>Ada Quayle, dpa</p>", ("Ada Quayle",), id="a person and an agency on a line"),
        pytest.param("<p>Ada Quayle, Reuters, Harbours</p>", (), id="and something else"),
        pytest.param("<p>3 May 2024<br>By ADA QUAYLE<br>Staff Writer</p>", ("ADA QUAYLE",), id="a line among lines"),
        pytest.param("<p>Texto de Ada Quayle Fotografía de Bob Marsh</p>", ("Ada Quayle",), id="who took the pictures"),
        pytest.param("<p>Ada Quayle | May 3, 2024 | 4 min read</p>", ("Ada Quayle",), id="a person and a day on a line"),
        pytest.param("<p>Ada Quayle · 3 days ago</p>", ("Ada Quayle",), id="and how long ago"),
        pytest.param("<p>Old Harbour | Part 2</p>", (), id="and a number"),
        pytest.param("<p>Ada Quayle | May 3, 2024 | Old Harbour</p>", (), id="and something that is no number"),
        pytest.param("<p>Show Caption</p><p>Read On</p>", (), id="words alone on a line"),
        pytest.param("<p><span class='author vcard'>user77</span></p>", (), id="the number of an account"),
        pytest.param("<p><a rel=author href=/a>quayle77</a></p>", ("quayle77",), id="a handle with digits"),
        pytest.param("<p>Posted by quayle on 3 May 2024</p>", ("quayle",), id="a handle that posted"),
        pytest.param("<p>Posted in Ships by quayle</p>", ("quayle",), id="and where it posted"),
        pytest.param("<p>Eingestellt von Ada um 21:11</p>", ("Ada",), id="a first name that posted"),
        pytest.param("<blockquote>Posted by Ada Quayle on Monday</blockquote>", (), id="a post that is shown"),
        pytest.param("<p>Sponsored by Ada Quayle</p>", (), id="who paid for it"),
        pytest.param("<dl><dt>Autor:<dd>Ada Quayle</dl>", ("Ada Quayle",), id="a label before it"),
        pytest.param("<p>Text von Ada Quayle Illustration von Bob Marsh</p>", ("Ada Quayle",), id="who drew"),
        pytest.param("<p class=byline>Datum: 3.5.2024 Autor: Ada Quayle Quelle: HP</p>", ("Ada Quayle",), id="between labels"),
        pytest.param(
            "<div class=author><b class=author-name>Ada Quayle</b></div>"
            "<div class=author><p>Reviewed by<p class=author-name>Bob Marsh</div>",
            ("Ada Quayle",),
            id="who reviewed it is another",
        ),
        pytest.param("<p class=author>Reviewed by Bob Marsh — Written by Ada Quayle</p>", ("Ada Quayle",), id="and on one line"),
        pytest.param("<p><span class='author vcard'>quayle</span></p>", ("quayle",), id="a handle on a card"),
        pytest.param("<p><b class=author>DPX</b></p>", (), id="capitals alone"),
        pytest.param(
            "<div class=author><span class=author-name>Ada Quayle</span><span>Rowing Coach</span></div>",
            ("Ada Quayle",),
            id="a role in the same box",
        ),
        pytest.param(
            "<p itemprop=author itemscope itemtype='https://schema.org/Organization'>Harbour Works</p>",
            (),
            id="an organisation says so",
        ),
    ],
)  # fmt: skip
def test_a_byline_by_the_title(shown: str, names: tuple[str, ...]) -> None:
    assert authors_of(shown) == names


def test_the_author_in_a_footer_counts_and_in_a_comment_does_not() -> None:
    assert authors_of("", after="<div class=post-footer><a rel=author href=/x>Ada Quayle</a></div>") == (
        "Ada Quayle",
    )
    assert authors_of("", after="<div class=comments><a rel=author href=/x>Ada Quayle</a></div>") == ()


def test_the_byline_is_by_the_heading_that_is_the_title() -> None:
    far = f"{FAR}<h2>The harbour opens to ships</h2><p>By Ada Quayle</p>"
    html = f"<html><head><title>The harbour opens to ships</title></head><body><h1>All news</h1>{far}{BODY}</body></html>"
    page = Page(url="https://gazette.example/a", html=html.encode())
    fields = generic_fields(Facts(page, survey(page.tree), Joiner(page.url), ""), {})
    assert (fields["title"].value, fields["authors"].value) == ("The harbour opens to ships", ("Ada Quayle",))


def test_a_line_at_the_end_says_who_wrote_it() -> None:
    assert authors_of("", after=f"{FAR}<p>Written by Ada Quayle</p>") == ("Ada Quayle",)


def test_a_footer_below_a_short_text_says_who_wrote_it() -> None:
    posted = "<p class=entry-footer>Posted by Ada Quayle on May 3, 2024 | Permalink</p>"
    assert authors_of("", after=posted) == ("Ada Quayle",)
    assert authors_of("", after="<p>Written by <b>Ada Quayle</b> who lives by the sea.</p>") == (
        "Ada Quayle",
    )
    assert authors_of("", after=f"<blockquote>{posted}</blockquote>") == ()


def test_names_alone_sign_the_text_they_follow_or_begin() -> None:
    assert authors_of("", after=f"{FAR}<p>Ada Quayle</p>") == ("Ada Quayle",)
    assert authors_of(f"<p>Ada Quayle/Bob Marsh</p>{FAR}") == ("Ada Quayle", "Bob Marsh")
    assert authors_of("", after=f"{FAR}<p>Key Takeaways:</p><h3>Ada Quayle</h3>") == ()


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("<p>取材・文＝田中太郎</p>", ("田中太郎",)),
        ("<p>【ワシントン＝田中太郎】港は月曜日に開いた。</p>", ("田中太郎",)),
        ("<p>著者：田中太郎、佐藤花子</p>", ("田中太郎", "佐藤花子")),
        ("<p>（记者 王小明 李红）港口星期一重新开放。</p>", ("王小明", "李红")),
        ("<p>作者：王小明</p>", ("王小明",)),
        ("<p>来源：新华社</p>", ()),
        ("<p>記者 田中太郎</p>", ("田中太郎",)),
        ("<p>本报记者 王小明 李红</p>", ("王小明", "李红")),
        ("<p>記者王小明／台北報導</p>", ("王小明",)),
        ("<p>記者会見</p>", ()),
        ("<p>작성자</p><p>홍길동 기자</p>", ("홍길동",)),
        ("<p>[서울=뉴시스] 홍길동·김철수 기자 = 항구가 열렸다.</p>", ("홍길동", "김철수")),
        ("<p>취재 기자</p>", ()),
        ("<p>بقلم: محمد البحار</p>", ("محمد البحار",)),
        ("<p class=author>محمد البحار</p>", ("محمد البحار",)),
        ("<p class=author>رياضة</p>", ()),
        ("<p>מאת דנה ים</p>", ("דנה ים",)),
        ("<p>लेखक: राम सागर</p>", ("राम सागर",)),
    ],
)
def test_bylines_in_scripts_without_capitals(shown: str, names: tuple[str, ...]) -> None:
    assert authors_of(shown) == names


def test_a_name_on_a_line_is_the_authors_when_the_page_introduces_her() -> None:
    told = f"{FAR}<p>Ada Quayle is our correspondent at sea.</p>"
    assert authors_of("<p>Ada Quayle</p>", after=told) == ("Ada Quayle",)
    assert authors_of("<div>Ada Quayle</div>", after=FAR) == ()


def test_a_name_by_the_title_is_the_authors_when_it_comes_again_below() -> None:
    assert authors_of("<p>Ada Quayle</p>", after=f"{FAR}<div><b>Ada Quayle</b></div>") == ("Ada Quayle",)
    assert authors_of("<div>Download ZIP</div>", after=f"{FAR}<div><b>Download ZIP</b></div>") == ()


def test_an_authors_box_far_below_counts_unless_it_is_of_other_stories() -> None:
    box = f"{FAR * 3}<div class=author-box>Ada Quayle</div>"
    assert authors_of("", after=box) == ("Ada Quayle",)
    assert (
        authors_of("", after=box + "<div class=author-box>Bob Marsh</div><div class=author-box>Cy Dee</div>")
        == ()
    )


def test_the_card_that_is_shared_tells_who_wrote_it() -> None:
    said = "<meta name=twitter:label1 content='{}'><meta name=twitter:data1 content='Ada Quayle'>"
    for label in ("Written by", "Verfasst von", "Écrit par", "Escrito por", "Napisane przez", "執筆者"):
        assert authors_of("", said.format(label)) == ("Ada Quayle",)
    assert authors_of("", said.format("Est. reading time")) == ()


def test_data_with_quotation_marks_that_nobody_escaped() -> None:
    said = '"headline": "The "old" harbour opens", "author": {"name": "Ada Quayle"}'
    assert authors_of(
        "", f'<script type="application/ld+json">{{"@type": "NewsArticle", {said}}}</script>'
    ) == ("Ada Quayle",)


def test_libraries_write_the_name_of_the_house_first() -> None:
    said = "<meta name='{}' content='Quayle, Ada'><meta name='{}' content='Marsh, Bob J.'>"
    assert authors_of("", said.format("DC.creator", "DC.creator")) == ("Ada Quayle", "Bob J. Marsh")
    two = "<meta name=dc.creator content='Ada Quayle, Bob Marsh'>"
    assert authors_of("", two) == ("Ada Quayle", "Bob Marsh")


def test_what_parsely_is_told_in_one_meta() -> None:
    said = '<meta name="parsely-page" content=\'{"author": "Ada Quayle", "pub_date": "2024-05-03"}\'>'
    assert authors_of("", said) == ("Ada Quayle",)
    assert authors_of("", said.replace("{", "{{")) == ()


def test_a_byline_that_names_more_persons_than_the_data_completes_them() -> None:
    one = ld('{"@type": "Person", "name": "Ada Quayle"}')
    assert authors_of("<p>By Ada Quayle, Bob Marsh</p>", one) == ("Ada Quayle", "Bob Marsh")
    assert authors_of("<p>By Ada Quayle, Gazette Media</p>", one) == ("Ada Quayle",)
    meta = "<meta name=author content='Ada Quayle, Bob Marsh'>"
    assert authors_of("", one + meta) == ("Ada Quayle", "Bob Marsh")


def test_a_person_comes_before_the_house_and_an_agency_stands_only_alone() -> None:
    house = ld('{"@type": "Organization", "name": "HN"}')
    assert authors_of("<p>By Ada Quayle</p>", house) == ("Ada Quayle",)
    assert authors_of("", ld('["Ada Quayle", "Reuters"]')) == ("Ada Quayle",)
    assert authors_of("", ld('"Reuters"')) == ("Reuters",)


def test_the_sites_own_name_is_an_author_only_as_a_person() -> None:
    blog = "<meta property='og:site_name' content='Ada Quayle'>"
    assert authors_of("<p>By Ada Quayle</p>", blog) == ("Ada Quayle",)
    assert authors_of("", blog + "<meta name=author content='Ada Quayle'>") == ("Ada Quayle",)
    assert authors_of("", blog + ld('{"@type": "Person", "name": "Ada Quayle"}')) == ("Ada Quayle",)
    assert authors_of("", blog) == ()
    assert authors_of("<p>By Bob Marsh</p>", blog + "<meta name=author content='Ada Quayle'>") == (
        "Bob Marsh",
    )
    for name in ("Die Hafenpost", "Hafenpost", "Harbour News"):
        paper = f"<meta property='og:site_name' content='{name}'>"
        assert authors_of("", paper + ld(f'{{"@type": "Person", "name": "{name}"}}')) == ()
        assert authors_of(f"<p class=byline>By <a rel=author href=/a>{name}</a></p>", paper) == ()


def test_on_a_host_of_blogs_the_sites_name_is_the_writers() -> None:
    shown = "<meta property='og:site_name' content='quayle'><p>Posted by quayle on 3 May 2024</p>"
    assert authors_of(shown, url="https://quayle.wordpress.com/a") == ("quayle",)
    assert authors_of(shown, url="https://quayle.example/a") == ()


@pytest.mark.parametrize(
    "text", ["<" * 300_000, " " * 300_000 + "<", "a" * 300_000 + "<", "<a" * 150_000, "A, " * 100_000]
)
def test_a_byline_without_end_is_read_in_part(text: str) -> None:
    assert len(split_names(text)) < 1_000
