"""Who and what the demo's stories are about: invented people, towns, rivers and companies."""

from __future__ import annotations

import msgspec

__all__ = ["ENGLISH", "JAPANESE", "Cast", "Person"]


class Person(msgspec.Struct, frozen=True):
    """A name as it is printed in full, the part used afterwards, and the pronouns."""

    full: str
    last: str
    he: str = ""
    his: str = ""
    him: str = ""


class Cast(msgspec.Struct, frozen=True):
    """The pools that a language's stories draw from; `women` and `men` are given names."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    towns: tuple[str, ...]
    streets: tuple[str, ...]
    rivers: tuple[str, ...]
    days: tuple[str, ...]
    months: tuple[str, ...]
    surname_first: bool = False

    def person(self, female: bool, given: int, surname: int) -> Person:
        """The person with these numbers; numbers wrap round."""
        pool = self.women if female else self.men
        first, last = pool[given % len(pool)], self.surnames[surname % len(self.surnames)]
        if self.surname_first:
            return Person(f"{last}{first}", last)
        return Person(f"{first} {last}", last, *(("she", "her", "her") if female else ("he", "his", "him")))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


ENGLISH = Cast(
    women=_words(
        "Nora Ingrid Amara Tessa Yelena Ruth Matilda Priya Sofia Hanne Odile Greta Leila Brigid Carmen Dagny"
        " Estelle Farida Gwen Ilse Joan Katya Lucia Mirjam Nadia Orla Petra Rosalind"
    ),
    men=_words(
        "Tom Anders Kwame Felix Pavel Hugh Ottokar Rafael Simon Viktor Edwin Gabriel Henrik Ismail Jasper"
        " Konrad Lorenz Magnus Niels Oscar Patrick Quentin Rolf Stefan Tobias Ulrich Walter Yusuf"
    ),
    surnames=_words(
        "Quill Adeyemi Lindqvist Harrow Petrenko Marsh Oakes Fairweather Brandt Castellan Dunmore Ekholm"
        " Farrow Grieve Holloway Ibsen Jarvis Kettering Lockwood Merrow Nightingale Orme Pellworm Quist"
        " Rosendahl Sandoval Thackeray Ullman Vance Winterbourne Yarrow Zeller Abernathy Bellweather"
        " Coldwell Drummond Eastman Fennimore Garside Hathaway Iversen Kestrel Lomax Mortlake Okonjo Pascoe"
        " Rademaker Silvera Tarkington Underhill Vandermeer Wexford Ashdown Bramley Corvin Delacourt"
    ),
    towns=_names(
        "Saltby, Port Alder, Windle, Harrowmere, Kestrel Bay, Eastwick Sound, Millbrook, Thornhaven,"
        " Gullmouth, Oxley Sands, Marrow Point, Lindisholm, Fenwater, Cray, Amberley Quay"
    ),
    streets=_names(
        "Ropewalk Lane, Chandler Street, Lower Quay, Tanner's Hill, Bishop's Row, Lantern Street, Weir Road,"
        " Cooper Street, Old Mint Lane, Netmakers' Walk, Station Parade, Almond Street"
    ),
    rivers=_words("Arle Wend Tessel Ouren Lidd Marrow Sable Brann"),
    days=_words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    months=_words("January February March April May June July August September October November December"),
)

JAPANESE = Cast(
    women=_words("美咲 千夏 和子 文恵 奈緒 陽菜 静香 由紀 真理 小百合 彩花 富美子 玲奈 早苗"),
    men=_words("健一 大輔 正雄 拓海 浩二 誠 翔太 義男 俊介 直樹 清 悠斗 達也 一郎"),
    surnames=_words(
        "汐見 浜田 岩崎 大槻 西尾 久我 森脇 須藤 白石 真鍋 宇野 帆足 潮田 水谷 高瀬 荻野 三雲 矢島 氷室 相良 "
        "船越 "
        "早瀬"
    ),
    towns=_words("汐凪町 月舟町 鷺ノ浦町 帆待町 藍浜町 千鳥ヶ崎町 波音町 灯里町 貝寄町"),
    streets=_words("大通り 魚屋町通り 坂下の通り 川端の道 海岸通り"),
    rivers=_words("鈴鳴川 藍川 月見川"),
    days=_words("月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日"),
    months=tuple(f"{n}月" for n in range(1, 13)),
    surname_first=True,
)
