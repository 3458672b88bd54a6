"""The encoding of a document that does not say it, by the letters that it would have."""

from __future__ import annotations

import re

from journeyseo.sheets.encoding import legacy_encoding

# Bytes looked at, with and without markup: a page's navigation alone has enough letters.
_PROBE, _MAX_TEXT = 100_000, 12_000
# Trail bytes of the East Asian encodings begin above "<" and ">".
_MARKUP = re.compile(rb"<[^<>]*>")
_EAST_ASIAN = frozenset({"gb18030", "big5", "cp932", "cp949"})
_KANA = re.compile("[\u3041-\u30ff]")
# Japanese is full of kana; Chinese and Korean read as Japanese are kanji nearly throughout.
_MIN_KANA = 0.2
# Frequent letters beyond ASCII of languages that share an encoding. One alphabet for all of them would
# hide that Hungarian read as windows-1252 mixes the letters of French and Portuguese.
_ALPHABETS = {
    "cp1252": (
        "éèàçêâîôûëïùœ",
        "äöüßé",
        "áéíóúñü",
        "ãõçáéíóúâêôà",
        "àèéìòù",
        "åäöæøé",
        "ëéïöüè",
        "áéíóúýþæöð",
    ),
    "cp1250": ("ąęłśżóćźń", "áéíěčřšžýůúňťďóôľĺä", "čšžđć", "éáíóöőúüű", "ăâîşţ"),
    "cp1254": ("ıişğçöüâî",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöüõšž"),
    "cp1251": ("оеаинтсрвлкмдпуяьыгзб", "оаинеітсрвлкмдупяїє"),
    "cp1253": ("αοιετσνηυρπκμλωςάίόέύώή",),
    "cp1255": ("יוהלאמרתשבנדםחקפ",),
    "cp1256": ("اليمنوترهعبةدفسكح",),
    "cp874": ("านรอกเงมยลวดทตสปบคหแไใพีิ่้ัะุูื็์",),
}
# Those that are tried, the more frequent first: where two fit equally the first is taken.
_CODECS = {
    "cp1252": "cp1252", "cp1250": "cp1250", "iso8859-2": "cp1250", "cp1254": "cp1254", "cp1257": "cp1257",
    "cp1251": "cp1251", "koi8-r": "cp1251", "cp1253": "cp1253", "cp1255": "cp1255", "cp1256": "cp1256",
    "cp874": "cp874",
}  # fmt: skip
# Their letters stand among those of ASCII; those of other scripts never do.
_LATIN = frozenset({"cp1252", "cp1250", "cp1254", "cp1257"})
_SIGNS = frozenset("\xa0«»–—’‘“”„…•·©®™€£§°№²³¿¡‹›")
_WORD = re.compile(r"[^\W\d_]+")
# Share of frequent letters that an encoding must reach: below it the usual one is as good a guess. Chosen
# so that the sentences of tests/pages/test_charset.py are all read.
_ENOUGH = 0.5


def detect(content: bytes) -> str:
    """Return the Python codec of a document that is not UTF-8 and says no encoding."""
    text = _MARKUP.sub(b" ", content[:_PROBE])
    cuts = 4 if len(text) > _MAX_TEXT or len(content) > _PROBE else 1  # the last sign may be cut off
    text = text[:_MAX_TEXT]
    strange = sum(byte > 127 for byte in text)
    if not strange:
        return "cp1252"
    japanese = _whole(text, "euc_jp", cuts)
    if japanese and len(_KANA.findall(japanese)) > _MIN_KANA * sum(c > "\x7f" for c in japanese):
        return "euc_jp"
    for cut in range(cuts):
        found = legacy_encoding(text[: len(text) - cut])
        if found in _EAST_ASIAN:
            return "big5hkscs" if found == "big5" else str(found)
    best, most = "cp1252", _ENOUGH
    for codec, family in _CODECS.items():
        read = text.decode(codec, "replace")
        share = max(_share(read, letters, mixed=family in _LATIN) for letters in _ALPHABETS[family])
        if share > most + 1e-9:
            best, most = codec, share
    return best


def _whole(text: bytes, codec: str, cuts: int) -> str:
    """Return a text in an encoding; empty where it is in another one. The last sign may be cut off."""
    for cut in range(cuts):
        try:
            return text[: len(text) - cut].decode(codec)
        except UnicodeDecodeError as error:
            if error.start < len(text) - 4:
                return ""
    return ""


def _share(text: str, letters: str, *, mixed: bool) -> float:
    """Return the share of frequent letters among all beyond ASCII that stand where their script has them.

    A letter counts half among letters that it never stands among, and so does a capital; what is no
    letter there counts against.
    """
    common = frozenset(letters)
    points, size = 0.0, 0
    for word in _WORD.findall(text):
        foreign = [c for c in word if c > "\x7f"]
        size += len(foreign)
        good = sum(c in common for c in foreign)
        capitals = sum(c.lower() in common and c not in common for c in foreign[:1])
        fits = (len(foreign) < len(word)) == mixed or (mixed and len(word) == 1)
        points += (good + capitals / 2) * (1.0 if fits else 0.5)
    others = sum(c > "\x7f" and c not in _SIGNS and not c.isalpha() and c not in common for c in text)
    return points / (size + others) if size else 0.0
