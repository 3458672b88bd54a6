"""The names of character encodings as browsers know them (WHATWG Encoding), and Python's codecs for them."""

from __future__ import annotations

# Codec and its labels beside those of `_PARTS`. Pages declare a small encoding and use the larger one that
# holds it, so GB2312 is GB18030 and Latin-1 is windows-1252.
_LABELS = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "utf-16-le": "utf-16 utf-16le unicode unicodefeff csunicode ucs-2 iso-10646-ucs-2",
    "utf-16-be": "utf-16be unicodefffe",
    "gb18030": "gb18030 gbk x-gbk gb2312 gb_2312 gb_2312-80 csgb2312 iso-ir-58 csiso58gb231280 chinese",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "cp932": "shift_jis shift-jis sjis x-sjis csshiftjis ms_kanji ms932 windows-31j",
    "euc_jp": "euc-jp x-euc-jp cseucpkdfmtjapanese",
    "iso2022_jp": "iso-2022-jp csiso2022jp",
    "cp949": "euc-kr cseuckr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 csksc56011987 iso-ir-149 korean"
    " windows-949",
    "cp866": "ibm866 cp866 csibm866 866",
    "cp874": "windows-874 dos-874 tis-620 iso-8859-11 iso8859-11 iso885911",
    "cp1252": "us-ascii ascii ansi_x3.4-1968 ibm819 cp819",
    "koi8-r": "koi8-r koi8_r koi8 koi cskoi8r",
    "koi8-u": "koi8-u koi8-ru",
    "mac-roman": "macintosh mac x-mac-roman csmacintosh",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "iso8859-2": "latin2 l2 csisolatin2 iso-ir-101",
    "iso8859-3": "latin3 l3 csisolatin3 iso-ir-109",
    "iso8859-4": "latin4 l4 csisolatin4 iso-ir-110",
    "iso8859-5": "cyrillic csisolatincyrillic iso-ir-144",
    "iso8859-6": "arabic asmo-708 ecma-114 csisolatinarabic iso-ir-127 iso-8859-6-e iso-8859-6-i"
    " csiso88596e csiso88596i",
    "iso8859-7": "greek greek8 sun_eu_greek elot_928 ecma-118 csisolatingreek iso-ir-126",
    "iso8859-8": "hebrew visual logical csisolatinhebrew iso-ir-138 iso-8859-8-e iso-8859-8-i"
    " csiso88598e csiso88598i",
    "iso8859-10": "latin6 l6 csisolatin6 iso-ir-157",
    "iso8859-15": "l9 csisolatin9 iso_8859-15",
    "iso8859-16": "iso-8859-16",
}
# The parts of ISO 8859 whose labels are spelt in the usual ways; some are read as a code page of Windows.
_PARTS = {
    **{n: f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15)},
    1: "cp1252", 9: "cp1254",
}  # fmt: skip
_YEARS = {1: 1987, 2: 1987, 3: 1988, 4: 1988, 5: 1988, 6: 1987, 7: 1987, 8: 1988, 9: 1989}
_LATIN = {1: "latin1 l1 csisolatin1 iso-ir-100", 9: "latin5 l5 csisolatin5 iso-ir-148"}


def _table() -> dict[str, str]:
    table = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
    for number, codec in _PARTS.items():
        for label in (f"iso-8859-{number}", f"iso8859-{number}", f"iso8859{number}"):
            table[label] = codec
        if number in _YEARS:
            table[f"iso_8859-{number}"] = table[f"iso_8859-{number}:{_YEARS[number]}"] = codec
        table |= dict.fromkeys(_LATIN.get(number, "").split(), codec)
    for page in range(1250, 1259):
        table |= dict.fromkeys((f"cp{page}", f"windows-{page}", f"x-cp{page}"), f"cp{page}")
    return table


_CODECS = _table()


def codec_of(label: str) -> str:
    """Return the Python codec for a label; empty for any other label than those that browsers know.

    Those that browsers know and refuse to read, such as ISO-2022-KR and HZ, are none either.
    """
    return _CODECS.get(label.strip(" \t\n\f\r").lower(), "")
