"""Dates of machines and of people; what is not certain is no date."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.dates import parse_moment
from sites.moment import Moment

MACHINE = """
2024-05-01 = 2024-05-01
2024-05-01T10:00 = 2024-05-01T10:00
2024-05-01T10:00:00Z = 2024-05-01T10:00:00+00:00
2024-05-01t10:00:00.123+0200 = 2024-05-01T10:00:00+02:00
2024-05-01 10:00:00 +02:00 = 2024-05-01T10:00:00+02:00
2024-05-01 10:00:00 = 2024-05-01T10:00:00
2024-05-01T10:00:00+02:00[Europe/Berlin] = 2024-05-01T10:00:00+02:00
2024-05-01T24:00:00 = 2024-05-02T00:00:00
2024-06-30T23:59:60Z = 2024-06-30T23:59:59+00:00
2024-05-01T10:00:00 EST = 2024-05-01T10:00:00-05:00
2024-05-01T10:00:00−05:00 = 2024-05-01T10:00:00-05:00
2024-05-01T10:00:00-05 = 2024-05-01T10:00:00-05:00
2024-05-01T10:00:00+99:00 = 2024-05-01T10:00:00
2024-5-1 = 2024-05-01
2024/5/1 9:05 = 2024-05-01T09:05
2024.05.01 = 2024-05-01
20240501 = 2024-05-01
20240501T100000Z = 2024-05-01T10:00:00+00:00
20240501100000 = 2024-05-01T10:00:00
202405011000 = 2024-05-01T10:00
1714557600 = 2024-05-01T10:00:00+00:00
1714557600123 = 2024-05-01T10:00:00+00:00
1714557600.5 = 2024-05-01T10:00:00+00:00
/Date(1714557600000)/ = 2024-05-01T10:00:00+00:00
Wed, 01 May 2024 10:00:00 GMT = 2024-05-01T10:00:00+00:00
Wed, 01 May 2024 10:00:00 +0200 (CEST) = 2024-05-01T10:00:00+02:00
Wed, 1 May 24 10:00:00 -0330 = 2024-05-01T10:00:00-03:30
Wednesday, 01-May-24 10:00:00 GMT = 2024-05-01T10:00:00+00:00
Wed May  1 10:00:00 UTC 2024 = 2024-05-01T10:00:00+00:00
Wed May 01 10:00:00 +0000 2024 = 2024-05-01T10:00:00+00:00
Wed May 01 2024 10:00:00 GMT+0200 (Central European Summer Time) = 2024-05-01T10:00:00+02:00
"""

HUMAN = """
May 1, 2024 = 2024-05-01
May 1st, 2024 at 10:30 a.m. ET = 2024-05-01T10:30-04:00
January 2, 2024 3:05 PM PT = 2024-01-02T15:05-08:00
Published: 10:30 AM EST, Wed January 3, 2024 = 2024-01-03T10:30-05:00
1 May 2024 | 5 min read = 2024-05-01
The 1st of May 2024, 12:00 a.m. = 2024-05-01T00:00
1 May 2024 12pm = 2024-05-01T12:00
11 Sep, 2024, 02:38 PM IST = 2024-09-11T14:38+05:30
Sat 12 Oct 2024 07.00 BST = 2024-10-12T07:00+01:00
10:30 1 May 2024 = 2024-05-01T10:30
May 1, 2024, updated May 3, 2024 11:00 = 2024-05-01T11:00
May 1, 2024. Many words lie between this date and that clock at 10:30 = 2024-05-01
Mittwoch, 1. Mai 2024, 10.30 Uhr = 2024-05-01T10:30
1. Jänner 2024 = 2024-01-01
Stand: 01.05.2024 - 10:30 Uhr MESZ = 2024-05-01T10:30+02:00
1. März 2024 um 8 Uhr = 2024-03-01T08:00
1er mai 2024 à 10h30 = 2024-05-01T10:30
le 1 août 2024 à 10h = 2024-08-01T10:00
29 fevrier 2024 = 2024-02-29
1 de mayo de 2024, 22:30 h = 2024-05-01T22:30
3 de enero de 2024 a las 9:05 p. m. = 2024-01-03T21:05
1º maggio 2024 alle 10.30 = 2024-05-01T10:30
1 de março de 2024 às 10h30 = 2024-03-01T10:30
1 mei 2024 om 10:30 = 2024-05-01T10:30
1 maja 2024, 10:30 = 2024-05-01T10:30
1 мая 2024 г. в 10:30 МСК = 2024-05-01T10:30+03:00
1 серпня 2024, 10:30 = 2024-08-01T10:30
1 Mayıs 2024 Çarşamba 10:30 = 2024-05-01T10:30
11 AĞUSTOS 2024 = 2024-08-11
1. mai 2024 kl. 10.30 = 2024-05-01T10:30
den 1 maj 2024 = 2024-05-01
1. lokakuuta 2024 klo 9.05 = 2024-10-01T09:05
2024. május 1. 10:30 = 2024-05-01T10:30
1 Μαΐου 2024 = 2024-05-01
2024年5月1日 下午3:05 = 2024-05-01T15:05
2024年5月1日15時30分 = 2024-05-01T15:30
２０２４年５月１日 = 2024-05-01
2024년 5월 1일 오후 3:05 = 2024-05-01T15:05
1 مايو 2024 10:30 م = 2024-05-01T22:30
١ مايو ٢٠٢٤ = 2024-05-01
1 كانون الثاني 2024 = 2024-01-01
13/5/2024 = 2024-05-13
5/13/2024 3:05 PM = 2024-05-13T15:05
5/5/2024 = 2024-05-05
1.5.24 = 2024-05-01
28.04.2023-19:20 = 2023-04-28T19:20
PublishedFeb 2, 2023 = 2023-02-02
19. Juni 201916:29 Uhr = 2019-06-19T16:29
19.10.201911:36 = 2019-10-19T11:36
1.5.1998, 7:05 = 1998-05-01T07:05
"""

NONE = """
yesterday 10:30
2 hours ago
vor 3 Stunden
3分钟前
May 2024
May 1
10:30
3 Min 2024
5/1/2024
Tue, 03/12/2024
Mon, 03/12/2024
۳۲ اسفند ۱۴۰۲
Updated 3:05 pm, 1/5/24
29 février 2023
2024-02-30
2024-13-01T10:00:00Z
0001-01-01T00:00:00
0000-00-00 00:00:00
2024-05-01T25:00:00Z
1234567890123456
20241399
2024050110
١٤٤٥
2.10.1 of 2023
12-01-2024-5
in its second year
"""


@pytest.mark.parametrize("line", [*MACHINE.strip().split("\n"), *HUMAN.strip().split("\n")])
def test_dates(line: str) -> None:
    text, _, want = line.rpartition(" = ")
    got = parse_moment(text)
    assert got is not None and str(got) == want
    assert got.text == text and Moment.parse(want) == got


@pytest.mark.parametrize("text", NONE.strip().split("\n"))
def test_no_date(text: str) -> None:
    assert parse_moment(text) is None


@pytest.mark.parametrize(
    ("text", "language", "day_first", "want"),
    [
        ("5/1/2024", "en-US", None, "2024-05-01"),
        ("5/1/2024", "en-GB", None, "2024-01-05"),
        ("5/1/2024", "de", None, "2024-01-05"),
        ("5/1/2024", "", True, "2024-01-05"),
        ("5/1/2024", "de", False, "2024-05-01"),
        ("5.1.2024", "en", False, "2024-05-01"),
        ("25/1/2024", "", False, "2024-01-25"),
        ("1 listopada 2024", "hr", None, "2024-10-01"),
        ("1 listopada 2024", "pl", None, "2024-11-01"),
        ("May 1, 2024, 10:30 CST", "zh-CN", None, "2024-05-01T10:30+08:00"),
        ("May 1, 2024, 10:30 CST", "en-US", None, "2024-05-01T10:30-06:00"),
        ("1 May 2024 10:30 IST", "en-IE", None, "2024-05-01T10:30+01:00"),
        ("Wed, 05/01/2024 - 10:30", "en", None, "2024-05-01T10:30"),
        ("Wednesday, 01/05/2024", "en", None, "2024-05-01"),
        ("令和6年5月1日", "ja", None, "2024-05-01"),
        ("平成元年1月8日 10:30", "ja", None, "1989-01-08T10:30"),
        ("سه‌شنبه ۲۲ اسفند ۱۴۰۲", "fa", None, "2024-03-12"),
        ("۱۴۰۲/۱۲/۲۲ ۰۸:۳۰", "fa", None, "2024-03-12T08:30"),
        ("۳۰ اسفند ۱۴۰۳", "fa", None, "2025-03-20"),
        ("12 มีนาคม 2567 08:30", "th", None, "2024-03-12T08:30"),
        ("12 มี.ค. 2567", "th", None, "2024-03-12"),
        ("12 มีนาคม 2024", "th", None, "2024-03-12"),
        ("ngày 12 tháng 3 năm 2024", "vi", None, "2024-03-12"),
        ("2024 m. kovo 12 d.", "lt", None, "2024-03-12"),
        ("12. марта 2024.", "sr", None, "2024-03-12"),
        ("2024 թ. մարտի 12", "hy", None, "2024-03-12"),
        ("১২ মার্চ ২০২৪", "bn", None, "2024-03-12"),
        ("١٢ آذار ٢٠٢٤", "ar", None, "2024-03-12"),
    ],
)
def test_language_and_order(text: str, language: str, day_first: bool | None, want: str) -> None:
    assert str(parse_moment(text, language=language, day_first=day_first)) == want


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("March 10, 2024 1:59 AM ET", "-05:00"),
        ("March 10, 2024 3:00 AM ET", "-04:00"),
        ("November 3, 2024 1:00 AM ET", "-04:00"),
        ("November 3, 2024 2:00 AM ET", "-05:00"),
        ("April 2, 2006 3:00 AM ET", "-04:00"),
        ("March 20, 2006 3:00 AM ET", "-05:00"),
        ("October 28, 1990 3:00 AM PT", "-08:00"),
        ("April 29, 1984 3:00 AM PT", "-07:00"),
    ],
)
def test_american_summers(text: str, offset: str) -> None:
    assert str(parse_moment(text)).endswith(offset)


@given(st.datetimes())
def test_iso_comes_back(when: object) -> None:
    moment = Moment.of(when)  # type: ignore[arg-type]
    if 1000 <= moment.local.year < 3000:
        assert parse_moment(str(moment)) == moment


_noise = st.text(alphabet="0123456789:.-/+ TZ,年月日時aApPmMyeujnt١é'|", max_size=60)


@given(
    st.one_of(st.text(), _noise, st.builds("{}1 May 2024{}".format, _noise, _noise)),
    st.sampled_from(["", "en-US", "hr"]),
)
def test_never_raises(text: str, language: str) -> None:
    moment = parse_moment(text, language=language)
    if moment is not None:
        assert Moment.parse(str(moment)) == moment
        assert moment.utc is None or moment.zone is not None
