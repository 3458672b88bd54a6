"""Private addresses: 24 ways to write one, by six ways into a crawl. None of them gets a connection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from journeyseo.pages import connection
from journeyseo.pages.address import normal_url

PUBLIC = "93.184.216.34"
FORMS = [
    "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1",
    "127.0.1", "0", "0.0.0.0", "127.0.0.1.", "%31%32%37.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "[fc00::1]",
    "any.test", "rebind.test",
]  # fmt: skip


class _Changing(list):
    """Addresses of a name that is public when it is first looked up and private from then on."""

    def __iter__(self):
        self.append("127.0.0.1")
        return iter([PUBLIC] if len(self) == 1 else ["127.0.0.1"])


@pytest.fixture
def connected(web, names, monkeypatch) -> list[str]:
    """Send the public address to the test's server; return the addresses that got a connection."""
    names.known |= {
        "shop.test": [PUBLIC], "localhost": ["127.0.0.1"], "any.test": ["127.0.0.1"],
        "rebind.test": _Changing(),
    }  # fmt: skip
    addresses: list[str] = []
    real = connection.create_connection

    def connect(address, *args, **kwargs):
        addresses.append(address[0])
        return real(("127.0.0.1", web.port), *args, **kwargs)

    monkeypatch.setattr(connection, "create_connection", connect)
    return addresses


def _start(web, bad: str) -> str:
    return bad


def _link(web, bad: str) -> str:
    web.page("/", bad)
    return web.url("/", "shop.test")


def _redirect(web, bad: str) -> str:
    web.page("shop.test/", "/go")
    web.add("shop.test/go", "", 302, Location=bad)
    return web.url("/", "shop.test")


def _sitemap(web, bad: str) -> str:
    web.add("shop.test/robots.txt", f"Sitemap: {bad}map.xml\nSitemap: {web.url('/map.xml', 'shop.test')}")
    web.page("shop.test/")
    web.sitemap("shop.test/map.xml", bad, f"{bad}more")
    return web.url("/", "shop.test")


def _robots(web, bad: str) -> str:
    web.add("shop.test/robots.txt", "", 302, Location=f"{bad}robots.txt")
    web.page("shop.test/")
    return web.url("/", "shop.test")


def _canonical(web, bad: str) -> str:
    web.page("shop.test/", head=f'<link rel="canonical" href="{bad}">')
    return web.url("/", "shop.test")


WAYS = {
    "start": _start, "link": _link, "redirect": _redirect, "sitemap": _sitemap, "robots": _robots,
    "canonical": _canonical,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", FORMS)
def test_no_way_leads_to_a_private_address(web, crawled, quick, connected, form, way):
    assert len(FORMS) == 24
    bad = web.url("/", form)
    start = normal_url(WAYS[way](web, bad))
    # Named as one of the site's hosts, so that nothing but its address can keep it out.
    found = crawled(start, fetch=replace(quick, allow_private=False), hosts=(f"{form}:{web.port}",))
    assert set(connected) <= {PUBLIC}
    if form != "rebind.test":
        refused = "private_address" in found.skipped.values()
        assert refused, found.skipped
        assert {host for host, _ in web.log} <= {"shop.test"}
    assert normal_url(bad) not in found.pages


def test_what_was_allowed_once_is_refused_when_it_goes_on_without_leave(web, crawled, quick):
    web.page("/", "/a", "/b")
    web.page("/a")
    web.page("/b")
    assert list(crawled(max_pages=1).pages) == ["/"]
    asked = len(web.log)
    found = crawled(fetch=replace(quick, allow_private=False))
    assert found.skipped == {"/a": "private_address", "/b": "private_address"}
    assert len(web.log) == asked
