"""Bylines in scripts without capital letters: Chinese, Japanese, Korean; Arabic, Persian, Hebrew, Hindi.

記者：…  取材・文＝…  （记者 …）  … 기자  بقلم …   a label or a trade says that it is a name, since no letter does
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_uncased", "looks_like_name", "signed", "untitled"]

_UNCASED: Final = re.compile("[\u0590-\u1cff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WIDE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts whose names are written in one word."""
_HAN: Final = "[\u3040-\u30ff\u3400-\u9fff々]"
_KOREAN_TRADE: Final = "(?:선임|수습|인턴|객원|전문)?기자|특파원|논설위원|칼럼니스트"
_LABELLED: Final = re.compile(
    r"(?:取材・文|文・写真|撮影・文|文章?|執筆者?|著者|筆者|ライター|記者|记者|作者|撰文|採訪|采写)\s*[・=＝:：/／|｜]\s*(?P<names>[^\s／/|｜（(。]{2,40})"
    rf"|(?:(?:本报|本報|本网|新华社|中新社|特约|实习|见习)?[记記]者|作者|著者|撰文)[\s\u3000]+(?P<led>{_HAN}{{2,5}}(?:[\s\u3000、，・]+{_HAN}{{2,5}}){{0,3}})\Z"
    rf"|[记記]者\s?(?P<filed>{_HAN}{{2,4}}(?:、{_HAN}{{2,4}}){{0,2}})\s?[／/｜|]"
    rf"|.{{0,40}}?[（(【](?:[^）)】]{{0,8}}?[记記]者[\s\u3000:：/]*|[^）)】＝=]{{1,10}}[＝=])(?P<in_brackets>{_HAN}{{2,4}}(?:[\s\u3000、，・]+{_HAN}{{2,4}}){{0,3}})[）)】]"
    rf"|(?:.{{0,24}}?[\s=\]）)】])?(?P<korean>[가-힣]{{2,4}}(?:\s?[·ㆍ,]\s?[가-힣]{{2,4}}){{0,3}})\s?(?:{_KOREAN_TRADE})(?![가-힣])"
    r"|(?:بقلم|الكاتبة?|إعداد|كتبت?\s?:|نویسنده|نوشته|מאת|लेखक|द्वारा)\s?[:：]?\s(?P<rest>\S+(?:\s\S+){1,3})\Z"
)
_BETWEEN: Final = re.compile(r"[、，,·ㆍ\s\u3000]+(?=\S{2})")
_TITLES: Final = re.compile(
    rf"^(?:(?:本报|新华社|中新社|特约|实习|见习|本紙)*[记記]者|(?:ライター|文|作者|著者|撰文)[・:：/／])[\s\u3000]*"
    rf"|[\s\u3000]*(?:記者|记者|編集委員|論説委員|支局長|特派員|さん|氏|报道|摄|{_KOREAN_TRADE})\Z"
)
_NO_NAME: Final = re.compile(
    r"(?:新聞|新闻|通信|通讯)社?\Z|(?:社|网|網|報|报|台|部|局|室|班|팀|뉴스|일보|신문|방송|닷컴)\Z|編集|编辑|취재|담당|사진|본지|현장|시민|هيئة|وكالة|تحرير|فريق"
)


def is_uncased(text: str) -> bool:
    """Is any of it in a script without capital letters?"""
    return not text.isascii() and _UNCASED.search(text) is not None


def untitled(name: str) -> str:
    """A name without the trade before or after it."""
    return _TITLES.sub("", name).strip()


def looks_like_name(name: str) -> bool:
    """May this be a person's name: short, without digits, none of a house or a desk?"""
    return (
        is_uncased(name)
        and (" " in name or _WIDE.search(name) is not None)
        and 2 <= len(name) <= 30
        and name.count(" ") <= 4
        and not any(map(str.isdigit, name))
        and _NO_NAME.search(name) is None
    )


def signed(text: str) -> list[str]:
    """The names in a line, or the beginning of a text, that says who wrote it."""
    match = _LABELLED.match(text)
    if match is None:
        return []
    if rest := match["rest"]:
        return [rest] if looks_like_name(rest) else []
    said = match["names"] or match["led"] or match["filed"] or match["in_brackets"] or match["korean"]
    return [name for part in _BETWEEN.split(said) if looks_like_name(name := untitled(part))]
