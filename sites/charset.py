"""Which encoding are these bytes in? The order and the labels of the WHATWG (Encoding and HTML Standards).

    BOM ─▶ Content-Type ─▶ <meta> or <?xml?> in the first 1024 bytes ─▶ UTF-8 if valid
        ─▶ a later <meta> ─▶ windows-1252

A server's text never reaches `codecs.lookup`: labels come from a fixed table, and each name has one decoder.
Nothing here raises; bytes that fit no character become U+FFFD.
"""

from __future__ import annotations

import codecs
import re

__all__ = ["LABELS", "decode"]

# Encoding Standard, 4.2 "Names and labels": every name with all of its labels.
_NAMES = {
    "UTF-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
    "IBM866": "866 cp866 csibm866 ibm866",
    "ISO-8859-2": "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
    "ISO-8859-3": "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
    "ISO-8859-4": "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
    "ISO-8859-5": "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
    "iso_8859-5:1988",
    "ISO-8859-6": "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e "
    "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
    "ISO-8859-7": "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 "
    "iso_8859-7 iso_8859-7:1987 sun_eu_greek",
    "ISO-8859-8": "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
    "iso_8859-8 iso_8859-8:1988 visual",
    "ISO-8859-8-I": "csiso88598i iso-8859-8-i logical",
    "ISO-8859-10": "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6",
    "ISO-8859-13": "iso-8859-13 iso8859-13 iso885913",
    "ISO-8859-14": "iso-8859-14 iso8859-14 iso885914",
    "ISO-8859-15": "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
    "ISO-8859-16": "iso-8859-16",
    "KOI8-R": "cskoi8r koi koi8 koi8-r koi8_r",
    "KOI8-U": "koi8-ru koi8-u",
    "macintosh": "csmacintosh mac macintosh x-mac-roman",
    "windows-874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
    "windows-1250": "cp1250 windows-1250 x-cp1250",
    "windows-1251": "cp1251 windows-1251 x-cp1251",
    "windows-1252": "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 "
    "iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252",
    "windows-1253": "cp1253 windows-1253 x-cp1253",
    "windows-1254": "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 "
    "l5 latin5 windows-1254 x-cp1254",
    "windows-1255": "cp1255 windows-1255 x-cp1255",
    "windows-1256": "cp1256 windows-1256 x-cp1256",
    "windows-1257": "cp1257 windows-1257 x-cp1257",
    "windows-1258": "cp1258 windows-1258 x-cp1258",
    "x-mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "GBK": "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk",
    "gb18030": "gb18030",
    "Big5": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "EUC-JP": "cseucpkdfmtjapanese euc-jp x-euc-jp",
    "ISO-2022-JP": "csiso2022jp iso-2022-jp",
    "Shift_JIS": "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
    "EUC-KR": "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 "
    "windows-949",
    "replacement": "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement",
    "UTF-16BE": "unicodefffe utf-16be",
    "UTF-16LE": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
    "x-user-defined": "x-user-defined",
}

LABELS: dict[str, str] = {label: name for name, labels in _NAMES.items() for label in labels.split()}
"""Label (lower case) to name, as the Encoding Standard lists them."""

# Name to (Python codec, error handler). Where Python's codec is narrower than the standard's, the handler
# fills in, and `_AFTER` mends single characters. GBK is decoded as gb18030; Shift_JIS and EUC-KR with their
# Windows extensions, as the standard says.
_CODECS = {
    "UTF-8": ("utf-8", "replace"),
    "UTF-16BE": ("utf-16-be", "replace"),
    "UTF-16LE": ("utf-16-le", "replace"),
    "IBM866": ("cp866", "replace"),
    "KOI8-R": ("koi8_r", "replace"),
    "KOI8-U": ("koi8_u", "replace"),
    "macintosh": ("mac_roman", "replace"),
    "x-mac-cyrillic": ("mac_cyrillic", "replace"),
    "windows-874": ("cp874", "sites.c1"),
    "ISO-8859-8-I": ("iso8859_8", "replace"),
    "GBK": ("gb18030", "sites.gbk"),
    "gb18030": ("gb18030", "sites.gbk"),
    "Big5": ("big5hkscs", "sites.big5"),
    "EUC-JP": ("euc_jp", "sites.eucjp"),
    "ISO-2022-JP": ("iso2022_jp_ext", "replace"),
    "Shift_JIS": ("cp932", "replace"),
    "EUC-KR": ("cp949", "replace"),
    **{f"windows-125{n}": (f"cp125{n}", "sites.c1") for n in range(9)},
    **{f"ISO-8859-{n}": (f"iso8859_{n}", "replace") for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}
_AFTER = {
    "KOI8-U": {0x255D: 0x45E, 0x256C: 0x40E},  # the standard's has the Belarusian letters of KOI8-RU
    "Shift_JIS": dict.fromkeys((0xA0, 0xF8F0, 0xF8F1, 0xF8F2, 0xF8F3), 0xFFFD),
    "EUC-JP": {0x301C: 0xFF5E, 0x2016: 0x2225, 0x2212: 0xFF0D, 0xA2: 0xFFE0, 0xA3: 0xFFE1, 0xAC: 0xFFE2},
}
_USER_DEFINED = {byte: 0xF700 + byte for byte in range(0x80, 0x100)}  # Encoding Standard, 14.5
_PRESCAN = 1024
_LATE = 65536


def decode(data: bytes, content_type: str = "") -> tuple[str, str, str]:
    """(text, WHATWG name of the encoding, what decided: "bom", "header", "meta" or "default").

    `content_type` is the header as received. A byte-order mark is not part of the text.
    """
    for mark, name in ((b"\xef\xbb\xbf", "UTF-8"), (b"\xfe\xff", "UTF-16BE"), (b"\xff\xfe", "UTF-16LE")):
        if data.startswith(mark):
            return _text(data[len(mark) :], name), name, "bom"
    if name := _from_header(content_type):
        return _text(data, name), name, "header"
    if name := _from_markup(data[:_PRESCAN]):
        return _text(data, name), name, "meta"
    try:
        return data.decode("utf-8"), "UTF-8", "default"
    except UnicodeDecodeError:
        pass
    if name := _from_markup(data[:_LATE]):  # HTML Standard, 13.2.3.5: a parser meets it and starts again
        return _text(data, name), name, "meta"
    return _text(data, "windows-1252"), "windows-1252", "default"


def _text(data: bytes, name: str) -> str:
    if name == "replacement":
        return "\ufffd" if data else ""
    if name == "x-user-defined":
        return data.decode("latin-1").translate(_USER_DEFINED)
    codec, errors = _CODECS[name]
    text = data.decode(codec, errors)
    return text.translate(_AFTER[name]) if name in _AFTER else text


def _name(label: str) -> str:
    return LABELS.get(label.strip("\t\n\f\r ").lower(), "")


def _from_header(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        attribute, _, value = part.partition("=")
        if attribute.strip().lower() == "charset":
            return _name(value.strip().strip("\"'"))
    return ""


_ATTRIBUTE = re.compile(
    rb"""[\t\n\f\r /]*(?P<name>=?[^\t\n\f\r /=>]+)"""
    rb"""(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\t\n\f\r >]*)))?"""
)
_TAG = re.compile(rb"</?[A-Za-z][^\t\n\f\r />]*")
_XML = re.compile(rb"""<\?xml[^>]*?\bencoding[\t\n\r ]*=[\t\n\r ]*(["'])([^"'>]*)\1""")
_CHARSET = re.compile(
    rb"""charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r ;"']+))""", re.I
)


def _from_markup(head: bytes) -> str:
    """HTML Standard, 13.2.3.2: prescan a byte stream to determine its encoding; then the XML declaration."""
    if head.startswith(b"<\0?\0x\0"):
        return "UTF-16LE"
    if head.startswith(b"\0<\0?\0x"):
        return "UTF-16BE"
    return _from_meta(head) or _from_xml(head)


def _from_meta(head: bytes) -> str:
    at = head.find(b"<")
    while at >= 0:
        end = at + 1
        if head.startswith(b"<!--", at):
            end = head.find(b"-->", at + 2) + 3
            if end < 3:
                return ""
        elif tag := _TAG.match(head, at):
            attributes, end = _attributes(head, tag.end())
            if tag.group().lower() == b"<meta" and (name := _declared(attributes)):
                return name
        elif head[at + 1 : at + 2] in (b"!", b"/", b"?"):
            end = head.find(b">", at + 1) + 1
            if end < 1:
                return ""
        at = head.find(b"<", end)
    return ""


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    found: dict[bytes, bytes] = {}
    while match := _ATTRIBUTE.match(head, at):
        value = match["double"] or match["single"] or match["bare"] or b""
        found.setdefault(match["name"].lower(), value)
        at = match.end()
    return found, at


def _declared(attributes: dict[bytes, bytes]) -> str:
    label: bytes | None = attributes.get(b"charset")
    if label is None and attributes.get(b"http-equiv", b"").lower() == b"content-type":
        match = _CHARSET.search(attributes.get(b"content", b""))
        label = match and next((group for group in match.groups() if group is not None), None)
    return _believed(label or b"")


def _from_xml(head: bytes) -> str:
    match = _XML.match(head)
    return _believed(match[2]) if match else ""


def _believed(label: bytes) -> str:
    """A declaration that could be read byte by byte is not in UTF-16 (HTML Standard, 13.2.3.2)."""
    name = _name(label.decode("latin-1"))
    return {"UTF-16BE": "UTF-8", "UTF-16LE": "UTF-8", "x-user-defined": "windows-1252"}.get(name, name)


def _c1(error: UnicodeError) -> tuple[str, int]:
    """Holes of the Windows tables at 80-9F are C1 controls in the standard's tables."""
    assert isinstance(error, UnicodeDecodeError)
    byte = error.object[error.start]
    return (chr(byte) if 0x80 <= byte <= 0x9F else "\ufffd"), error.start + 1


def _gbk(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return ("\u20ac" if error.object[error.start] == 0x80 else "\ufffd"), error.start + 1


def _big5(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return _pair(error.object[error.start : error.start + 2], "cp950", error.start)


def _eucjp(error: UnicodeError) -> tuple[str, int]:
    """NEC's row 13 and IBM's characters stand in the standard's jis0208 index and in cp932, not in euc_jp."""
    assert isinstance(error, UnicodeDecodeError)
    pair = error.object[error.start : error.start + 2]
    if len(pair) == 2 and min(pair) >= 0xA1 and max(pair) <= 0xFE:
        row, cell = pair[0] - 0xA1, pair[1] - 0xA1
        lead = row // 2 + (0x81 if row < 62 else 0xC1)
        trail = cell + 0x9F if row % 2 else cell + (0x40 if cell < 63 else 0x41)
        return _pair(bytes((lead, trail)), "cp932", error.start)
    return "\ufffd", error.start + 1


def _pair(pair: bytes, codec: str, at: int) -> tuple[str, int]:
    try:
        return pair.decode(codec), at + 2
    except UnicodeDecodeError:
        return "\ufffd", at + 1


codecs.register_error("sites.c1", _c1)
codecs.register_error("sites.gbk", _gbk)
codecs.register_error("sites.big5", _big5)
codecs.register_error("sites.eucjp", _eucjp)
