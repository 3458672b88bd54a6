"""robots.txt: what each answer to it allows (RFC 9309, 2.2 to 2.5)."""

from __future__ import annotations

import socket
import struct
from dataclasses import replace

import pytest

from journeyseo.errors import FetchError
from journeyseo.pages.fetch import Fetcher
from journeyseo.pages.robots import MAX_BYTES, Robots

FORBIDS = "User-agent: *\nDisallow: /\n"


def _reset(request) -> None:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


def _moved(web, times: int) -> None:
    for i in range(times):
        web.add(f"/{i}" if i else "/robots.txt", "", 301, Location=f"/{i + 1}")
    web.add(f"/{times}", FORBIDS)


ACCESS = {
    "200": (lambda web: web.add("/robots.txt", FORBIDS), False),
    "five redirects": (lambda web: _moved(web, 5), False),
    "six redirects": (lambda web: _moved(web, 6), True),
    "404": (lambda web: web.add("/robots.txt", FORBIDS, 404), True),
    "403": (lambda web: web.add("/robots.txt", FORBIDS, 403), True),
    "500": (lambda web: web.add("/robots.txt", "", 500), False),
    "503": (lambda web: web.add("/robots.txt", "", 503), False),
    "no answer": (lambda web: web.routes.update({"/robots.txt": lambda request: web.over.wait(1)}), False),
    "reset": (lambda web: web.routes.update({"/robots.txt": _reset}), False),
}


@pytest.mark.parametrize("case", ACCESS)
def test_what_an_answer_allows(web, quick, case):
    serve, allowed = ACCESS[case]
    serve(web)
    fetcher = Fetcher(replace(quick, timeout=0.1))
    robots = Robots()
    assert robots.allows(web.url("/page"), fetcher) is allowed
    asked = len(web.log)
    assert robots.allows(web.url("/other"), fetcher) is allowed
    assert len(web.log) == asked
    if not allowed:
        with pytest.raises(FetchError) as caught:
            robots.check(web.url("/page"), fetcher)
        assert (caught.value.reason, caught.value.where) == ("robots", web.url("/page"))


@pytest.mark.parametrize("case", ACCESS)
def test_what_a_crawl_reads(web, crawled, quick, case):
    serve, allowed = ACCESS[case]
    serve(web)
    web.page("/")
    found = crawled(fetch=replace(quick, timeout=0.1))
    assert list(found.pages) == ["/"] * allowed
    if not allowed:
        assert found.skipped == {"/": "robots"}
        assert "/" not in web.paths()


def test_an_unknown_host_is_said_to_be_one(names, quick):
    fetcher, robots = Fetcher(quick), Robots()
    assert not robots.allows("http://nowhere.test/", fetcher)
    with pytest.raises(FetchError) as caught:
        robots.check("http://nowhere.test/", fetcher)
    assert caught.value.reason == "dns"


def test_five_hundred_kibibytes_are_read_and_no_cut_line(web, quick):
    line = b"Disallow: /x\n"
    size = MAX_BYTES - len(b"User-agent: *\n") - len(b"Disallow: /last\n")
    filling = (line * (size // len(line) + 1))[:size].replace(b"\n", b"#", 0)
    filling = filling[: size - 1].rstrip(b"\n") + b"\n" * (size - len(filling[: size - 1].rstrip(b"\n")))
    body = b"User-agent: *\n" + filling + b"Disallow: /last\n" + b"Disallow: /beyond\n"
    assert body.index(b"Disallow: /beyond") == MAX_BYTES
    web.add("/robots.txt", body)
    fetcher, robots = Fetcher(replace(quick, max_bytes=1000)), Robots()
    assert not robots.allows(web.url("/last"), fetcher)
    assert robots.allows(web.url("/beyond"), fetcher)
    web.add("/robots.txt", b"User-agent: *\n#" + b"a" * (MAX_BYTES - 30) + b"\nDisallow: /private-not\n")
    assert Robots().allows(web.url("/private"), fetcher)


def test_a_copy_counts_for_a_day(web, quick):
    now = [0.0]
    robots, fetcher = Robots(clock=lambda: now[0]), Fetcher(quick)
    web.add("/robots.txt", FORBIDS)
    assert not robots.allows(web.url("/a"), fetcher)
    web.add("/robots.txt", "")
    now[0] = 24 * 3600 - 1
    assert not robots.allows(web.url("/a"), fetcher)
    now[0] = 24 * 3600
    assert robots.allows(web.url("/a"), fetcher)
    assert web.paths() == ["/robots.txt", "/robots.txt"]


def _for_us(*names: str, then: str = "Disallow: /a") -> str:
    return "".join(f"User-agent: {name}\n" for name in names) + then


RULES = {
    # RFC 9309, 2.2.1: the group of our name, else that of all; names are whole and of any case.
    "ours before that of all": (_for_us("journeyseo") + "\n\n" + _for_us("*", then="Allow: /"), "/a", False),
    "ours allows": (_for_us("JourneySEO", then="Allow: /") + "\n\n" + _for_us("*"), "/a", True),
    "ours is empty": (_for_us("*") + "\n\n" + _for_us("journeyseo", then=""), "/a", True),
    "a word of our User-Agent": (_for_us("https"), "/a", True),
    "the beginning of our name": (_for_us("journey"), "/a", True),
    "a longer name": (_for_us("journeyseo-news"), "/a", True),
    "our name and a version": (_for_us("journeyseo/2.0"), "/a", False),
    "our name and more words": (_for_us("journeyseo bot"), "/a", False),
    "our name and a comment": (_for_us("journeyseo  # us"), "/a", False),
    "a star and more": (_for_us("* all of you"), "/a", False),
    "a star in a name": (_for_us("journey*"), "/a", True),
    "one group for several": (_for_us("x", "journeyseo", "*"), "/a", False),
    "two groups of ours are one": (
        _for_us("journeyseo", then="Disallow: /b\n") + _for_us("x") + "\n" + _for_us("journeyseo"),
        "/b", False,
    ),
    "a group of others between": (_for_us("journeyseo", then="Disallow: /b\n") + _for_us("x"), "/a", True),
    "a sitemap between names": ("User-agent: x\nSitemap: /s.xml\n" + _for_us("journeyseo"), "/a", False),
    "rules before any name": ("Disallow: /\n" + _for_us("journeyseo", then="Disallow: /b"), "/a", True),
    # 2.2.2: the longest rule, allow where two are as long; paths by their bytes.
    "the longest rule": (_for_us("*", then="Disallow: /\nAllow: /a"), "/a", True),
    "the longest rule, the other way": (_for_us("*", then="Disallow: /a/b\nAllow: /a"), "/a/b/c", False),
    "as long": (_for_us("*", then="Disallow: /a\nAllow: /a"), "/a", True),
    "no path": (_for_us("*", then="Disallow:"), "/a", True),
    "another case": (_for_us("*", then="Disallow: /A"), "/a", True),
    "parameters": (_for_us("*", then="Disallow: /a?b=1"), "/a?b=12", False),
    "an escape of a letter": (_for_us("*", then="Disallow: /%61"), "/a", False),
    "an escape of a slash": (_for_us("*", then="Disallow: /a%2Fb"), "/a/b", True),
    "no escape": (_for_us("*", then="Disallow: /café"), "/caf%C3%A9", False),
    "an escape in small letters": (_for_us("*", then="Disallow: /caf%c3%a9"), "/caf%C3%A9", False),
    "robots.txt itself": (_for_us("*", then="Disallow: /"), "/robots.txt", True),
    # 2.2.3: special characters.
    "a star": (_for_us("*", then="Disallow: /a*c"), "/abbb/c", False),
    "a star that does not fit": (_for_us("*", then="Disallow: /a*c"), "/abbb", True),
    "an end": (_for_us("*", then="Disallow: /*.php$"), "/x.php", False),
    "behind the end": (_for_us("*", then="Disallow: /*.php$"), "/x.php?a", True),
    "an escaped star": (_for_us("*", then="Disallow: /file.%2A"), "/file.*", False),
    "a comment": (_for_us("*", then="Disallow: /a # and more"), "/a", False),
    # 2.2: lines.
    "any case and blanks": (" uSER-aGENT : journeyseo\n\tdISALLOW :/a", "/a", False),
    "line ends of old": ("User-agent: x\rDisallow:\rUser-agent: journeyseo\rDisallow: /a\r", "/a", False),
    "a byte order mark": ("\ufeff" + _for_us("*"), "/a", False),
    "no rules at all": ("<html><p>Disallow: /", "/a", True),
}  # fmt: skip


@pytest.mark.parametrize("case", RULES)
def test_rules(web, quick, case):
    rules, path, allowed = RULES[case]
    web.add("/robots.txt", rules)
    assert Robots().allows(web.url(path), Fetcher(quick)) is allowed


def test_a_delay_and_sitemaps(web, quick, pauses):
    web.add("/robots.txt", "User-agent: *\nCrawl-delay: 4\nSitemap: /one.xml\n")
    fetcher = Fetcher(quick)
    rules = Robots().rules(web.url("/"), fetcher)
    assert (rules.delay, rules.sitemaps) == (4.0, ("/one.xml",))
    fetcher.ask(web.url("/"))
    assert 3 < pauses[0] <= 4
