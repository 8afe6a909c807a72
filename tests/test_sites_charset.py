"""Encodings: labels, order of belief, and text that never raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.charset import LABELS, decode


@pytest.mark.parametrize(
    ("data", "header", "want"),
    [
        (b"\xef\xbb\xbfx\xc3\xa9", "text/html; charset=iso-8859-1", ("xé", "UTF-8", "bom")),
        (b"\xff\xfea\0b\0", "", ("ab", "UTF-16LE", "bom")),
        (b"\xfe\xff\0a", "text/html; charset=utf-8", ("a", "UTF-16BE", "bom")),
        (b"\xe9", "text/html; charset=ISO-8859-1", ("é", "windows-1252", "header")),
        (b"\xe9", 'text/html; x=y; Charset = "LATIN1"', ("é", "windows-1252", "header")),
        (b"\x93\x81", "text/html; charset=us-ascii", ("“\x81", "windows-1252", "header")),
        (b"a\0", "text/html; charset=utf-16", ("a", "UTF-16LE", "header")),
        ("é".encode(), "text/html; charset=nonsense", ("é", "UTF-8", "default")),
        (b"caf\xe9", "text/html", ("café", "windows-1252", "default")),
        ("é".encode(), "", ("é", "UTF-8", "default")),
        (b"", "", ("", "UTF-8", "default")),
        (b"\xe9\xe9", "text/html; charset=rot13", ("éé", "windows-1252", "default")),
        (b"abc", "text/html; charset=iso-2022-kr", ("\ufffd", "replacement", "header")),
        (b"a\x80\xff", "text/html; charset=x-user-defined", ("a\uf780\uf7ff", "x-user-defined", "header")),
        (b"\x80\xa4\xa4", "text/html; charset=gb2312", ("€い", "GBK", "header")),
        (b"\x87\x40", "text/html; charset=shift_jis", ("①", "Shift_JIS", "header")),
        (b"\xad\xa1\xa4\xa2\xff", "text/html; charset=euc-jp", ("①あ\ufffd", "EUC-JP", "header")),
        (b"\xa3\xe1\xff", "text/html; charset=big5", ("€\ufffd", "Big5", "header")),
        (b"\xb0\xa1\x8d\x41", "text/html; charset=ks_c_5601-1987", ("가뛃", "EUC-KR", "header")),
        (b"\xae\xbe", "text/html; charset=koi8-u", ("ўЎ", "KOI8-U", "header")),
        (b"\xe9", "text/html; charset=", ("é", "windows-1252", "default")),
    ],
)
def test_order_and_tables(data: bytes, header: str, want: tuple[str, str, str]) -> None:
    assert decode(data, header) == want


@pytest.mark.parametrize(
    ("markup", "name", "source"),
    [
        (b"<meta charset=shift_jis>", "Shift_JIS", "meta"),
        (b"<META CHARSET = 'koi8-r' />", "KOI8-R", "meta"),
        (b"<meta/charset=koi8-r>", "KOI8-R", "meta"),
        (
            b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
            "windows-1251",
            "meta",
        ),
        (b"<meta content=\"text/html; charset='big5'\" http-equiv=content-type>", "Big5", "meta"),
        (b'<meta name=x content="charset=koi8-r"><p>', "UTF-8", "default"),
        (b"<!-- <meta charset=koi8-r> --><p>", "UTF-8", "default"),
        (b"<!-- never closed <meta charset=koi8-r>", "UTF-8", "default"),
        (b"<!--><meta charset=koi8-r>", "KOI8-R", "meta"),
        (b'<a title="<meta charset=koi8-r>">', "UTF-8", "default"),
        (b"<metal charset=koi8-r>", "UTF-8", "default"),
        (b"<meta charset=nonsense><meta charset=koi8-r>", "KOI8-R", "meta"),
        (b"<meta charset=utf-16>", "UTF-8", "meta"),
        (b"<meta charset=x-user-defined>", "windows-1252", "meta"),
        (b'<?xml version="1.0" encoding="windows-1251"?><rss>', "windows-1251", "meta"),
        (b"<?xml version='1.0' encoding='utf-16'?><rss>", "UTF-8", "meta"),
        ('<?xml version="1.0"?><rss/>'.encode("utf-16-le"), "UTF-16LE", "meta"),
        (b" " * 1100 + b"<meta charset=koi8-r>", "UTF-8", "default"),
        (b" " * 1100 + b"<meta charset=koi8-r>\xc1", "KOI8-R", "meta"),
        (b"<meta charset=", "UTF-8", "default"),
    ],
)
def test_markup(markup: bytes, name: str, source: str) -> None:
    assert decode(markup, "text/html")[1:] == (name, source)


def test_every_label_has_a_decoder_that_keeps_markup() -> None:
    assert len(LABELS) == 228
    markup = b"<p>&\"'=/ab;</p>"
    for label, name in LABELS.items():
        text, got, source = decode(bytes(range(128, 256)) + b"\0" * 4 + markup, f"text/html; charset={label}")
        assert (got, source) == (name, "header")
        if name not in ("replacement", "UTF-16LE", "UTF-16BE"):
            assert text.endswith(markup.decode()), label


def test_a_broken_lead_byte_swallows_no_markup() -> None:
    for label in ("shift_jis", "euc-jp", "gbk", "big5", "euc-kr", "utf-8"):
        assert decode(b'\x81<b>\xfe"', f"text/html; charset={label}")[0].endswith('<b>\ufffd"')


@given(st.binary(), st.sampled_from([*LABELS, "", "rot13", "\0", "idna"]))
def test_never_raises(data: bytes, label: str) -> None:
    text, name, source = decode(data, f"text/html; charset={label}")
    assert name in LABELS.values() and source in ("bom", "header", "meta", "default")
    text.encode("utf-8")


@given(st.binary(), st.text())
def test_never_raises_on_any_markup(data: bytes, header: str) -> None:
    decode(b"<meta " + data + b"<meta charset=" + data, header)[0].encode()
