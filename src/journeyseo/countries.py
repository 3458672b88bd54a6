"""Countries as exports write them, as ISO 3166 alpha-2 codes."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping

# Languages in whose words countries are written: those of the interfaces that exports come from.
_LOCALES = (
    "en", "zh_Hans", "zh_Hant", "ja", "ko", "de", "fr", "es", "pt", "it", "nl", "pl", "tr", "cs", "ru",
    "uk", "sv", "da", "nb", "fi", "hu", "ro", "el", "id", "vi", "th", "ar", "he", "hi",
)  # fmt: skip
# What tools write and the tables of names do not: short forms, older names, codes of their own.
_OTHERS = {
    "uk": "GB", "usa": "US", "us": "US", "el": "GR", "u.s.": "US", "u.s.a.": "US",
    "great britain": "GB",
    "england": "GB", "united states of america": "US", "korea": "KR", "south korea": "KR", "russia": "RU",
    "russian federation": "RU", "turkey": "TR", "czech republic": "CZ", "hong kong": "HK", "臺灣": "TW",
    "macau": "MO",
    "macao": "MO", "taiwan": "TW", "viet nam": "VN", "holland": "NL", "uae": "AE", "ivory coast": "CI",
    "swaziland": "SZ", "macedonia": "MK", "burma": "MM", "cape verde": "CV", "palestine": "PS",
    "中国大陆": "CN", "中國大陸": "CN", "香港": "HK", "澳门": "MO", "澳門": "MO", "ee.uu.": "US",
    "estados unidos de america": "US", "vereinigte staaten von amerika": "US", "republic of korea": "KR",
    "korea, republic of": "KR", "iran, islamic republic of": "IR", "tanzania, united republic of": "TZ",
    "moldova, republic of": "MD", "bolivia, plurinational state of": "BO", "brunei darussalam": "BN",
    "venezuela, bolivarian republic of": "VE", "syrian arab republic": "SY", "turkiye": "TR",
}  # fmt: skip
# Names of no country: all of them, or one that is not known.
_NONE = frozenset(
    {
        "", "zzz", "zz", "worldwide", "world", "global", "all", "all countries", "all regions",
        "all locations",
        "all countries and territories", "unknown", "unknown region", "(not set)", "-", "--", "n/a", "全部",
        "全球", "所有国家/地区", "所有國家/地區", "все регионы", "001", "alle länder", "tous les pays",
        "todos los países", "todos os países",
    }
)  # fmt: skip
# Google's own codes of countries are the numbers of ISO 3166 plus 2000.
_GOOGLE = 2000
# Databases of Semrush for small screens are named after the country: mobile-us.
_DATABASE = re.compile(r"(?:google[._-])?(?:mobile-|desktop-)?([a-z]{2})(?:-(?:mobile|desktop|ext))?")
# Codes of the tables of names that are no countries.
_REGIONS = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


def _key(name: str) -> str:
    """Return a name in the form in which names are compared: no accents, case or doubled blanks."""
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("\u2019", "'")
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().removeprefix("the ").split())


@functools.cache
def _codes() -> Mapping[str, str]:
    """Return alpha-2, alpha-3 and numeric codes, in capitals, to alpha-2 codes."""
    from babel import Locale
    from babel.core import get_global

    alpha2 = {c for c in map(str, Locale.parse("en").territories) if len(c) == 2 and c.isalpha()} - _REGIONS
    codes: dict[str, str] = {code: code for code in alpha2}
    for old, new in get_global("territory_aliases").items():
        if len(new) == 1 and new[0] in alpha2:
            codes.setdefault(str(old), new[0])
    return codes


@functools.cache
def _names() -> Mapping[str, str]:
    """Return the names of countries, as keys, to their codes."""
    from babel import Locale

    known = set(_codes().values())
    names: dict[str, str] = {}
    for locale in _LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if code in known and name:
                names.setdefault(_key(name), code)
                # "Myanmar (Burma)", "Czechia (Czech Republic)": the first name alone too.
                names.setdefault(_key(name.partition("(")[0]), code)
    return {**names, **{_key(name): code for name, code in _OTHERS.items()}}


@functools.cache
def country_code(text: str) -> str | None:
    """Return the ISO 3166 alpha-2 code of a country; the text itself where it is none that is known.

    Takes alpha-2, alpha-3 and numeric codes, Google's codes of locations (2840), databases of tools
    (``uk``, ``mobile-us``) and names in 29 languages. Missing where it means all countries or none.

    Args:
        text: A country as an export or a user writes it.
    """
    text = " ".join(text.split())
    key = _key(text)
    if key in _NONE:
        return None
    if key in _OTHERS:
        return _OTHERS[key]
    if text.isascii() and text.isdigit():
        number = int(text) - _GOOGLE if len(text) == 4 else int(text)
        return _codes().get(f"{number:03d}", text)
    if len(text) in (2, 3) and text.isascii() and (code := _codes().get(text.upper())):
        return code
    if (found := _DATABASE.fullmatch(key)) and (len(key) > 2):
        return _OTHERS.get(found[1]) or _codes().get(found[1].upper(), text)
    return _names().get(key, text)
