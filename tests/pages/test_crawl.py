"""The crawl: what is read, what is not and why, and in which bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from journeyseo.pages import crawl, scope

ROBOTS = "/robots.txt"
LONG = "Heat pumps move warmth from the air outside into the rooms of a house, quietly, all winter long. " * 3


def test_links_are_followed_and_each_address_is_asked_for_once(web, crawled):
    web.page("/", "/a", "b", "/a#part", "/a?utm_source=x")
    web.page("/a", "/c", "/")
    web.page("/b", "/")
    web.page("/c")
    found = crawled()
    assert list(found.pages) == ["/", "/a", "/b", "/c"]
    assert found.skipped == {}
    assert web.paths()[0] == ROBOTS
    assert sorted(web.paths()) == sorted([ROBOTS, "/sitemap.xml", "/", "/a", "/b", "/c"])
    assert [p["depth"] for p in found.pages.values()] == [0, 1, 1, 2]
    assert found.pages["/c"]["found_on"] == web.url("/a")
    assert [p["inlinks"] for p in found.pages.values()] == [2, 1, 1, 1]


def test_pages_that_only_a_sitemap_lists_are_found(web, crawled):
    web.page("/", "/a")
    web.page("/a")
    web.page("/orphan")
    web.sitemap("/sitemap.xml", web.url("/orphan"), web.url("/a"), lastmod="2026-03-04")
    found = crawled()
    assert list(found.pages) == ["/", "/a", "/orphan"]
    assert found.pages["/orphan"]["in_sitemap"]
    assert found.pages["/orphan"]["lastmod"] == "2026-03-04"
    assert found.pages["/orphan"]["found_on"] == web.url("/sitemap.xml")


def test_a_sitemap_as_start_gives_its_pages_and_follows_nothing(web, crawled):
    rows = "".join(f"<sitemap><loc>{web.url(p)}</loc></sitemap>" for p in ("/one.xml", "/lost.xml"))
    web.add("/index.xml", f"<sitemapindex>{rows}</sitemapindex>")
    web.sitemap("/one.xml", web.url("/a"), web.url("/gone"), "https://other.test/x")
    web.page("/a", "/b")
    found = crawled("/index.xml")
    assert list(found.pages) == ["/a"]
    assert found.skipped == {
        "/index.xml": "sitemap", "/lost.xml": "status", "/gone": "status",
        "https://other.test/x": "other_site",
    }  # fmt: skip
    assert "/b" not in web.paths()


def test_sitemaps_over_the_limit_are_listed(web, crawled, monkeypatch):
    monkeypatch.setattr(crawl, "_MAX_SITEMAPS", 2)
    rows = "".join(f"<sitemap><loc>{web.url(f'/map{i}.xml')}</loc></sitemap>" for i in range(4))
    web.add(ROBOTS, f"Sitemap: {web.url('/index.xml')}")
    web.add("/index.xml", f"<sitemapindex>{rows}</sitemapindex>")
    web.sitemap("/map0.xml", web.url("/a"))
    web.page("/")
    web.page("/a")
    found = crawled()
    assert list(found.pages) == ["/", "/a"]
    assert found.skipped == dict.fromkeys(["/map1.xml", "/map2.xml", "/map3.xml"], "limit")


def test_a_list_is_read_and_not_followed(web, crawled, names):
    names.known |= {"a.test": ["127.0.0.1"], "b.test": ["127.0.0.1"]}
    for host in ("a.test", "b.test"):
        web.page(f"{host}/", "/more")
        web.page(f"{host}/x")
    found = crawled(*(web.url(path, host) for host in ("a.test", "b.test") for path in ("/", "/x")))
    assert len(found.pages) == 4
    assert "/more" not in web.paths()
    hosts = [host for host, path in web.log if path != ROBOTS]
    assert sorted(hosts) == ["a.test", "a.test", "b.test", "b.test"]


def test_robots_is_obeyed(web, crawled):
    web.add(ROBOTS, f"User-agent: *\nDisallow: /private\nDisallow: /*?q=\nSitemap: {web.url('/private.xml')}")
    web.page("/", "/private/a", "/find?q=1", "/go", "/a")
    web.page("/a")
    web.add("/go", "", 302, Location="/private/b")
    found = crawled()
    assert list(found.pages) == ["/", "/a"]
    assert found.skipped == {
        "/private/a": "robots", "/find?q=1": "robots", "/go": "redirect", "/private/b": "robots",
        "/private.xml": "robots",
    }  # fmt: skip
    assert set(web.paths()) == {ROBOTS, "/", "/a", "/go"}


def test_a_site_without_a_robots_answer_is_left_alone(web, crawled):
    web.add(ROBOTS, "", 503)
    web.page("/")
    found = crawled()
    assert (found.pages, found.skipped) == ({}, {"/": "robots"})
    assert "RFC 9309" in found.details["/"]
    assert set(web.paths()) == {ROBOTS}


def test_nofollow_noindex_and_canonical(web, crawled):
    web.add(
        "/",
        f'<title>T</title><p>{LONG}</p><a rel="ugc nofollow" href="/paid">x</a><a href="/silent">x</a>'
        '<a href="/hidden">x</a><a href="/copy">x</a><a rel=nofollow href="/both">x</a><a href="/both">x</a>',
    )
    web.add("/silent", f'<meta name=robots content="nofollow"><p>{LONG}</p><a href="/unseen">x</a>')
    web.page("/hidden", "/deeper", head='<meta name="robots" content="noindex">')
    web.page("/deeper")
    web.page("/both")
    web.page("/copy", head=f'<link rel="canonical" href="{web.url("/own")}">')
    web.page("/own")
    found = crawled()
    assert list(found.pages) == ["/", "/silent", "/hidden", "/copy", "/both", "/deeper", "/own"]
    assert found.skipped == {"/paid": "nofollow", "/unseen": "nofollow"}
    assert [p for p, row in found.pages.items() if not row["indexable"]] == ["/hidden", "/copy"]
    assert found.pages["/copy"]["canonical"] == web.url("/own")


def test_a_link_that_may_be_followed_undoes_one_that_may_not(web, crawled):
    web.add("/", f'<p>{LONG}</p><a rel=nofollow href="/x">x</a><a href="/a">x</a>')
    web.page("/a", "/x")
    web.page("/x")
    found = crawled()
    assert (list(found.pages), found.skipped) == (["/", "/a", "/x"], {})


def test_what_gives_no_page_has_a_reason(web, crawled, quick):
    web.page(
        "/", "/dead", "/broken", "/image", "/empty", "/big", "/loop", "/round", "/away", "/x.pdf", "/file"
    )
    web.add("/broken", "oops", 500)
    web.add("/image", b"\x89PNG", Content_Type="image/png")
    web.add("/file", b"%PDF-1.7 \x00")
    web.add("/empty", "")
    web.add("/big", "x" * 20_001)
    web.add("/loop", "", 302, Location="/loop")
    web.add("/round", "", 302, Location="/about")
    web.add("/about", "", 302, Location="/round")
    web.add("/away", "", 302, Location="https://other.test/")
    found = crawled(fetch=replace(quick, max_bytes=20_000))
    assert list(found.pages) == ["/"]
    assert found.skipped == {
        "/dead": "status", "/broken": "status", "/image": "not_html", "/empty": "empty", "/big": "too_large",
        "/loop": "redirect_loop", "/round": "redirect", "/about": "redirect_loop", "/away": "other_site",
        "/x.pdf": "file", "/file": "not_html",
    }  # fmt: skip
    assert found.dead == [("/", "/dead"), ("/", "/broken"), ("/", "/loop")]
    assert "/x.pdf" not in web.paths()
    assert web.paths().count("/round") == web.paths().count("/about") == 1


def test_a_chain_of_redirects_ends(web, crawled):
    for i in range(20):
        web.add(f"/{i}", "", 302, Location=f"/{i + 1}")
    web.page("/", "/0")
    assert set(crawled().skipped.values()) == {"redirect", "redirect_loop"}
    assert len(web.paths()) == 2 + 1 + 6


def test_the_target_of_a_redirect_is_read_once(web, crawled):
    web.page("/", "/old", "/older", "/new")
    web.add("/old", "", 301, Location="/new")
    web.add("/older", "", 301, Location="/old")
    web.page("/new")
    found = crawled()
    assert list(found.pages) == ["/", "/new"]
    assert found.details["/old"] == web.url("/new")
    assert web.paths().count("/new") == web.paths().count("/old") == 1


def test_a_start_that_moves_to_another_host_takes_the_site_along(web, crawled, names):
    names.known |= {"shop.test": ["127.0.0.1"], "www.shop.test": ["127.0.0.1"]}
    web.add("shop.test/", "", 301, Location=web.url("/", "www.shop.test"))
    web.page("www.shop.test/", "/a", web.url("/x", "shop.test"))
    web.page("www.shop.test/a")
    found = crawled(host="shop.test")
    assert list(found.pages) == [web.url("/", "www.shop.test"), web.url("/a", "www.shop.test")]


def test_further_hosts_belong_where_they_are_named(web, crawled, names):
    names.known |= {h: ["127.0.0.1"] for h in ("shop.test", "blog.shop.test", "other.test")}
    web.page("shop.test/", web.url("/", "blog.shop.test"), web.url("/", "other.test"))
    web.page("blog.shop.test/")
    found = crawled(host="shop.test", hosts=(f"blog.shop.test:{web.port}",))
    assert list(found.pages) == ["/", web.url("/", "blog.shop.test")]


def test_bounds_of_pages_and_depth(web, crawled):
    web.page("/", "/a", "/b")
    web.page("/a", "/a/b")
    web.page("/b")
    found = crawled(max_pages=2)
    assert (list(found.pages), found.skipped) == (["/", "/a"], {"/b": "limit", "/a/b": "limit"})
    assert found.details["/b"] == "a bound"
    web.page("/a/b")
    assert list(crawled(max_pages=9).pages) == ["/", "/a", "/b", "/a/b"]
    assert max(web.paths().count(path) for path in ("/", "/a", "/b", "/a/b")) == 1


def test_pages_deeper_than_the_bound_are_listed(web, crawled):
    web.page("/", "/a")
    web.page("/a", "/b")
    found = crawled(max_depth=1)
    assert (list(found.pages), found.skipped) == (["/", "/a"], {"/b": "depth"})


def test_no_time_no_request(web, crawled):
    web.page("/")
    assert crawled(max_seconds=0).skipped == {"/": "limit"}
    assert web.log == []


def _calendar(request) -> None:
    number = int(request.path.rpartition("=")[2])
    link = f"<a href='/cal?m={number + 1}'>next</a>"
    request.reply(200, f"<title>Month</title><p>There are no events in this month. {LONG}</p>{link}")


def test_a_calendar_ends(web, crawled):
    web.page("/", "/cal?m=1")
    for i in range(1, 200):
        web.routes[f"/cal?m={i}"] = _calendar
    found = crawled(max_depth=500)
    assert len(found.pages) == 31
    assert list(found.skipped.values()) == ["trap"]


def test_parameters_without_end_are_bounded(web, crawled, monkeypatch):
    monkeypatch.setattr(scope, "_MAX_VARIANTS", 5)
    web.page("/", *(f"/shop?colour={i}&size=9" for i in range(9)))
    for i in range(9):
        web.page(f"/shop?colour={i}&size=9")
    found = crawled()
    assert len(found.pages) == 6
    assert list(found.skipped.values()) == ["trap"] * 4


@pytest.mark.parametrize("path", ["/a/b" * 3, "/x" * 30, f"/{'a' * 3000}"])
def test_addresses_made_by_scripts_are_not_asked_for(web, crawled, path):
    web.page("/", path)
    assert crawled().skipped == {path: "trap"}
    assert path not in web.paths()


def test_duplicates_are_marked(web, crawled):
    words = [f"word{i % 97} of{i}" for i in range(150)]
    web.page("/", "/a", "/b", "/c", "/d")
    for path, text in {
        "/a": " ".join(words), "/b": " ".join(words).upper(), "/c": " ".join([*words[:-1], "changed"]),
        "/d": " ".join(reversed([f"other{i}" for i in range(200)])),
    }.items():  # fmt: skip
        web.add(path, f"<title>{path}</title><main><p>{text}.</p></main>")
    found = crawled()
    told = {path: (row["duplicate_of"], row["duplicate"]) for path, row in found.pages.items()}
    assert told == {
        "/": (None, None), "/a": (None, None), "/b": (web.url("/a"), "exact"), "/c": (web.url("/a"), "near"),
        "/d": (None, None),
    }  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        '<div id="root"></div><script src="/app.js"></script>',
        "<app-root></app-root><script src='/main.js'></script>",
        "<noscript>You need to enable JavaScript to run this app.</noscript><script src='/a.js'></script>",
    ],
)
def test_pages_that_need_a_browser_are_said_to(web, crawled, body):
    web.add("/", f"<html lang=en><title>Shop</title><body>{body}")
    assert crawled().pages["/"]["needs_javascript"]


def test_pages_with_words_need_no_browser(web, crawled):
    web.add("/", f"<title>Shop</title><div id=root><p>{LONG}</p></div><script src='/app.js'></script>")
    assert not crawled().pages["/"]["needs_javascript"]


def test_one_page_that_breaks_a_parser_does_not_end_the_crawl(web, crawled, monkeypatch):
    def broken(answer):
        if answer.url.endswith("/a"):
            raise RecursionError("too deep")
        return real(answer)

    real = crawl.read_document
    monkeypatch.setattr(crawl, "read_document", broken)
    web.page("/", "/a", "/b")
    web.page("/a")
    web.page("/b")
    found = crawled()
    assert (list(found.pages), found.skipped) == (["/", "/b"], {"/a": "unreadable"})


def test_links_that_do_not_fit_are_counted(web, crawled, monkeypatch, tmp_path):
    from journeyseo.pages.checkpoint import Checkpoint

    monkeypatch.setattr(crawl, "_MIN_FRONTIER", 4)
    monkeypatch.setattr(crawl, "_FRONTIER", 1)
    web.page("/", *(f"/{i}" for i in range(9)))
    crawled(max_pages=1)
    checkpoint = Checkpoint(tmp_path / "crawl.sqlite")
    assert checkpoint.recall("beyond") == 6
    checkpoint.close()
