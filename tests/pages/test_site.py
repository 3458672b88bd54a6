"""A site: robots.txt, sitemaps and links."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from journeyseo.errors import FetchError
from journeyseo.pages import site
from journeyseo.pages.site import read_site

ROBOTS = "/robots.txt"


@pytest.fixture
def read(web, quick):
    """Read the test's site; return the paths of its rows, and source path and reason of what was dropped."""

    def reader(path: str = "/", *, host: str = "127.0.0.1", max_pages: int = 50, options=quick):
        found = read_site(
            web.url(path, host), options=options, max_pages=max_pages, progress=lambda items, _: items
        )
        root = web.url("", host)
        return [r["url"].removeprefix(root) for r in found.rows], {
            d.source.removeprefix(root): d.reason for d in found.dropped
        }

    return reader


def failed(read, path: str = "/", **options) -> FetchError:
    with pytest.raises(FetchError) as caught:
        read(path, **options)
    assert "\n" not in str(caught.value)
    return caught.value


def test_links_are_followed_breadth_first_and_robots_is_asked_first(web, read):
    web.page("/", "/a", "b", "/a#part", "/a?utm_source=x")
    web.page("/a", "/c")
    web.page("/b", "/")
    web.page("/c")
    assert read() == (["/", "/a", "/b", "/c"], {})
    assert web.paths()[0] == ROBOTS
    for path in ("/a", "/b", "/c", ROBOTS):
        assert web.paths().count(path) == 1


def test_the_start_is_asked_for_once(web, read):
    web.page("/")
    read()
    assert web.paths().count("/") == 1


def test_rows_hold_the_content(web, quick):
    web.page("/", title="Home")
    rows = read_site(web.url(), options=quick, max_pages=5, progress=lambda items, _: items).rows
    assert (rows[0]["title"], rows[0]["status"], rows[0]["language"]) == ("Home", 200, "en")
    assert (rows[0]["source"], rows[0]["lastmod"]) == (web.url(), None)


def test_only_links_on_the_same_host_are_followed(web, read, names):
    names.known |= {"shop.test": ["127.0.0.1"], "www.shop.test": ["127.0.0.1"]}
    elsewhere = [
        web.url("/x", "www.shop.test"),
        "http://shop.test:1/x",
        "https://shop.test/x",
        "mailto:a@shop.test",
    ]
    web.page("/", *elsewhere, "/a")
    web.page("/a")
    assert read(host="shop.test") == (["/", "/a"], {})
    assert {host for host, _ in web.log} == {"shop.test"}


def test_files_and_nofollow_links_are_not_fetched(web, read):
    web.page("/", "/a.pdf", "/b.JPG", "/c.zip?x=1")
    read()
    web.add("/n", '<p>Some words here.</p><a rel="nofollow" href="/no">no</a><a href="/a.css">no</a>')
    read("/n")
    assert set(web.paths()) == {ROBOTS, "/sitemap.xml", "/", "/n"}


def test_pages_over_the_limit_are_reported(web, read):
    web.page("/", "/a", "/b", "/c")
    for path in ("/a", "/b", "/c"):
        web.page(path)
    assert read(max_pages=2) == (
        ["/", "/a"],
        {"/b": "limit: more than 2 pages", "/c": "limit: more than 2 pages"},
    )
    assert "/b" not in web.paths()


def test_dead_links_and_what_is_no_page_are_reported(web, read):
    web.page("/", "/dead", "/broken", "/image", "/empty", "/a")
    web.add("/broken", "oops", 500)
    web.add("/image", b"\x89PNG", Content_Type="image/png")
    web.add("/empty", "")
    web.page("/a")
    rows, dropped = read()
    assert rows == ["/", "/a"]
    assert dropped == {
        "/dead": "status: 404",
        "/broken": "status: 500",
        "/image": "not_html: image/png",
        "/empty": "empty: nothing to read in it",
    }


def test_a_page_that_cannot_be_fetched_is_reported(web, read, quick):
    web.page("/", "/big", "/loop", "/file")
    web.add("/big", b"x" * 20_000)
    web.add("/loop", "", 302, Location="/loop")
    web.add("/file", "", 302, Location="file:///etc/hosts")
    _, dropped = read(options=replace(quick, max_bytes=10_000))
    assert {path: reason.partition(":")[0] for path, reason in dropped.items()} == {
        "/big": "too_large",
        "/loop": "redirect_loop",
        "/file": "redirect",
    }


def test_a_broken_link_does_not_stop_the_site(web, read):
    web.page("/", "http://[x", "/a")
    web.page("/a")
    assert read()[0] == ["/", "/a"]


@pytest.mark.parametrize("status", [404, 403, 410])
def test_no_robots_allows_everything(web, read, status):
    web.add(ROBOTS, "User-agent: *\nDisallow: /", status)
    web.page("/", "/a")
    web.page("/a")
    assert read()[0] == ["/", "/a"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_robots_that_fails_forbids_everything(web, read, status):
    web.add(ROBOTS, "", status)
    web.page("/")
    error = failed(read)
    assert (error.reason, error.where) == ("robots", web.url())
    assert set(web.paths()) == {ROBOTS}


def test_robots_that_breaks_off_forbids_everything(web, read):
    web.add(ROBOTS, "User-agent", Content_Length="500")
    web.page("/")
    assert failed(read).reason == "robots"
    assert web.paths() == [ROBOTS]


def test_robots_forbids_the_start(web, read):
    web.add(ROBOTS, "User-agent: *\nDisallow: /\n")
    web.page("/")
    error = failed(read)
    assert error.message == "robots.txt forbids the start page."
    assert web.paths() == [ROBOTS]


def test_robots_is_respected_for_links_and_sitemaps(web, read):
    web.add(ROBOTS, "User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*?q=")
    web.page("/", "/private/a", "/private/open", "/find?q=1", "/a")
    web.page("/private/open")
    web.page("/a")
    web.sitemap("/sitemap.xml", web.url("/private/b"))
    rows, dropped = read()
    assert sorted(rows) == ["/", "/a", "/private/open"]
    assert dropped == dict.fromkeys(
        ["/private/a", "/private/b", "/find?q=1"], "robots: robots.txt forbids it"
    )
    assert set(web.paths()) == {ROBOTS, "/sitemap.xml", "/", "/a", "/private/open"}


def test_the_group_of_our_own_name_counts(web, read):
    web.add(ROBOTS, "User-agent: *\nDisallow:\n\nUser-agent: JourneySEO\nDisallow: /a")
    web.page("/", "/a")
    assert read() == (["/"], {"/a": "robots: robots.txt forbids it"})


def test_robots_with_byte_order_mark(web, read):
    web.add(ROBOTS, "\ufeffUser-agent: *\nDisallow: /a")
    web.page("/", "/a")
    web.page("/a")
    assert read()[0] == ["/"]


def test_robots_is_respected_for_redirects(web, read):
    web.add(ROBOTS, "User-agent: *\nDisallow: /private")
    web.page("/", "/go")
    web.add("/go", "", 302, Location="/private")
    web.page("/private")
    rows, dropped = read()
    assert rows == ["/"]
    assert dropped["/go"].startswith("robots")
    assert "/private" not in web.paths()


def test_a_redirect_to_a_forbidden_page_gives_no_row(web, read):
    web.add(ROBOTS, "User-agent: *\nDisallow: /private")
    web.page("/", "/go")
    web.add("/go", "", 302, Location="/private")
    web.page("/private", "/private/more")
    rows, dropped = read()
    assert rows == ["/"]
    assert list(dropped) == ["/go"]
    assert dropped["/go"].startswith("robots: ")
    assert "/private/more" not in web.paths()


def test_robots_is_respected_for_the_usual_sitemap(web, read):
    web.add(ROBOTS, "User-agent: *\nDisallow: /sitemap.xml")
    web.page("/")
    read()
    assert "/sitemap.xml" not in web.paths()


def test_a_redirect_to_another_host_is_no_page_of_the_site(web, read, names):
    names.known |= {"shop.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]}
    web.page("/", "/go")
    web.add("/go", "", 302, Location=web.url("/x", "other.test"))
    web.page("other.test/x")
    assert read(host="shop.test")[0] == ["/"]
    assert [path for host, path in web.log if host == "other.test"] in ([], [ROBOTS])


def test_a_page_that_moved_to_another_host_is_reported(web, read, names):
    names.known |= {"shop.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]}
    web.page("/", "/go")
    web.add("/go", "", 302, Location=web.url("/x", "other.test"))
    assert read(host="shop.test") == (["/"], {"/go": "other_site: It redirects to another site."})


def test_a_start_that_leads_to_a_forbidden_page(web, read):
    web.add(ROBOTS, "User-agent: *\nDisallow: /private")
    web.add("/", "", 302, Location="/private")
    assert failed(read).reason == "robots"
    assert web.paths() == [ROBOTS, "/"]


def test_a_start_that_moves_to_another_host(web, read, names):
    names.known |= {"shop.test": ["127.0.0.1"], "www.shop.test": ["127.0.0.1"]}
    web.add("shop.test/", "", 301, Location=web.url("/", "www.shop.test"))
    web.page("www.shop.test/", "/a")
    web.page("www.shop.test/a")
    rows, _ = read(host="shop.test")
    assert rows == [web.url("/", "www.shop.test"), web.url("/a", "www.shop.test")]


def test_crawl_delay_is_kept(web, read, pauses):
    web.add(ROBOTS, "User-agent: *\nCrawl-delay: 0.3\n")
    web.page("/", "/a")
    web.page("/a")
    read()
    assert len(pauses) == len(web.paths()) - 1
    assert all(0.1 < pause <= 0.3 for pause in pauses)


def test_no_crawl_delay_no_pause(web, read, pauses):
    web.add(ROBOTS, "User-agent: *\nCrawl-delay: soon\n")
    web.page("/")
    read()
    assert pauses == []


def test_sitemaps_of_robots(web, read):
    web.add(ROBOTS, f"Sitemap: {web.url('/one.xml')}\nSitemap: {web.url('/two.txt')}\n")
    web.page("/", "/b")
    for path in ("/a", "/b", "/c"):
        web.page(path)
    web.sitemap("/one.xml", web.url("/a"), web.url("/"))
    web.add("/two.txt", web.url("/c"), Content_Type="text/plain")
    assert read() == (["/", "/a", "/c", "/b"], {})
    assert "/sitemap.xml" not in web.paths()


def test_the_usual_sitemap_and_its_dates(web, quick):
    web.page("/")
    web.page("/a")
    web.sitemap("/sitemap.xml", web.url("/a"), lastmod="2024-05-06T07:08:09Z")
    rows = read_site(web.url(), options=quick, max_pages=5, progress=lambda items, _: items).rows
    assert [(r["url"], r["lastmod"]) for r in rows] == [(web.url(), None), (web.url("/a"), "2024-05-06")]


def test_a_sitemap_as_start_gives_its_pages_and_no_others(web, read):
    web.sitemap("/map", web.url("/a"), web.url("/dead"))
    web.page("/a", "/b")
    assert read("/map") == (["/a"], {"/dead": "status: 404"})
    assert "/b" not in web.paths()


def test_an_index_is_followed_once(web, read):
    rows = "".join(f"<sitemap><loc>{web.url(p)}</loc></sitemap>" for p in ("/index", "/one", "/lost", "/one"))
    web.add("/index", f"<sitemapindex>{rows}</sitemapindex>")
    web.sitemap("/one", web.url("/a"))
    web.page("/a")
    assert read("/index") == (["/a"], {"/lost": "sitemap: status 404"})
    assert web.paths().count("/one") == 1


def test_an_index_over_the_limit_is_read_up_to_it(web, read, monkeypatch):
    monkeypatch.setattr(site, "_MAX_SITEMAPS", 3)
    rows = "".join(f"<sitemap><loc>{web.url(f'/map{i}')}</loc></sitemap>" for i in range(5))
    web.add("/index", f"<sitemapindex>{rows}</sitemapindex>")
    for i in range(5):
        web.sitemap(f"/map{i}", web.url(f"/{i}"))
        web.page(f"/{i}")
    assert read("/index")[0][:2] == ["/0", "/1"]


def test_sitemaps_over_the_limit_are_reported(web, read, monkeypatch):
    monkeypatch.setattr(site, "_MAX_SITEMAPS", 2)
    rows = "".join(f"<sitemap><loc>{web.url(f'/map{i}')}</loc></sitemap>" for i in range(3))
    web.add("/index", f"<sitemapindex>{rows}</sitemapindex>")
    web.sitemap("/map0", web.url("/a"))
    web.page("/a")
    limit = "limit: more than 2 sitemaps"
    assert read("/index") == (["/a"], {"/map1": limit, "/map2": limit})
    assert web.paths().count("/index") == 1


def test_sitemaps_in_an_index_are_forbidden_by_robots(web, read):
    web.add(ROBOTS, "User-agent: *\nDisallow: /map")
    web.add("/index", f"<sitemapindex><sitemap><loc>{web.url('/map')}</loc></sitemap></sitemapindex>")
    assert "sitemap: robots.txt forbids it" in failed(read, "/index").message
    assert "/map" not in web.paths()


def test_pages_of_other_hosts_in_a_sitemap_are_left_out(web, read):
    web.page("/")
    web.sitemap("/sitemap.xml", "https://other.test/a", web.url("/a"), "not an address")
    web.page("/a")
    assert read() == (["/", "/a"], {})


def test_a_sitemap_on_another_host_lists_pages_of_this_one(web, read, names):
    names.known |= {"shop.test": ["127.0.0.1"], "cdn.test": ["127.0.0.1"]}
    web.add(f"shop.test{ROBOTS}", f"Sitemap: {web.url('/map.xml', 'cdn.test')}\n")
    web.sitemap("cdn.test/map.xml", web.url("/a", "shop.test"), web.url("/b", "cdn.test"))
    for path in ("shop.test/", "shop.test/a", "cdn.test/b"):
        web.page(path)
    assert read(host="shop.test")[0] == ["/", "/a"]


def test_a_broken_sitemap_is_reported_only_where_it_was_named(web, read):
    web.page("/")
    web.add("/sitemap.xml", "<html>no sitemap")
    assert read() == (["/"], {})
    web.add(ROBOTS, f"Sitemap: {web.url('/sitemap.xml')}\n")
    assert read() == (["/"], {"/sitemap.xml": "sitemap: The file lists no addresses."})


def test_charset_of_the_header(web, quick):
    text = "<title>热泵价格</title><p>热泵把室外空气里的热量送进屋里。</p>"
    web.add("/", text.encode("gbk"), Content_Type="text/html; charset=gbk")
    rows = read_site(web.url(), options=quick, max_pages=5, progress=lambda items, _: items).rows
    assert rows[0]["title"] == "热泵价格"


def test_noindex_in_the_header(web, quick):
    web.add("/", "<title>T</title><p>Some words about pumps.</p>", X_Robots_Tag="noindex")
    rows = read_site(web.url(), options=quick, max_pages=5, progress=lambda items, _: items).rows
    assert rows[0]["indexable"] is False


def test_a_start_that_is_dead(web, read):
    error = failed(read)
    assert (error.reason, error.message) == ("status", "The start answers with status 404.")


@pytest.mark.parametrize("url", ["file:///etc/hosts", "shop.test", ""])
def test_a_start_that_is_no_web_address(url, quick):
    with pytest.raises(FetchError, match="It is no web address"):
        read_site(url, options=quick, max_pages=5, progress=lambda items, _: items)


def test_an_unreachable_host(read, names, quick):
    assert failed(read, host="nowhere.test").reason == "dns"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    with pytest.raises(FetchError) as caught:
        read_site(url, options=quick, max_pages=5, progress=lambda items, _: items)
    assert caught.value.where == url
    assert "\n" not in str(caught.value)


def test_a_private_host_is_refused(web, read, quick):
    assert failed(read, options=replace(quick, allow_private=False)).reason == "private_address"
    assert web.log == []


def test_no_page_at_all(web, read):
    web.sitemap("/map", web.url("/dead"))
    error = failed(read, "/map")
    assert error.reason == "empty"
    assert error.message == f"No page could be read ({web.url('/dead')}: status: 404)."


def test_progress_wraps_each_wave(web, quick):
    web.page("/", "/a", "/b")
    web.page("/a")
    web.page("/b")
    waves = []

    def progress(items, label):
        waves.append((len(items), label))
        return items

    read_site(web.url(), options=quick, max_pages=9, progress=progress)
    assert waves == [(1, "Reading pages"), (2, "Reading pages")]
