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


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("User-agent: journeyseo\nDisallow: /a\n\nUser-agent: *\nDisallow:", False),
        ("User-agent: JourneySEO\nDisallow:\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: https\nDisallow: /\n", True),  # in our User-Agent, but not our name
        ("User-agent: *\nDisallow: /\nAllow: /a", True),
        ("User-agent: *\nDisallow: /*a$", False),
        ("User-agent: *\nDisallow: /%61", False),
        ("<html><p>Disallow: /", True),
    ],
)
def test_rules(web, quick, rules, allowed):
    web.add("/robots.txt", rules)
    assert Robots().allows(web.url("/a"), Fetcher(quick)) is allowed


def test_a_delay_and_sitemaps(web, quick, pauses):
    web.add("/robots.txt", "User-agent: *\nCrawl-delay: 4\nSitemap: /one.xml\n")
    fetcher = Fetcher(quick)
    rules = Robots().rules(web.url("/"), fetcher)
    assert (rules.delay, rules.sitemaps) == (4.0, ("/one.xml",))
    fetcher.ask(web.url("/"))
    assert 3 < pauses[0] <= 4
