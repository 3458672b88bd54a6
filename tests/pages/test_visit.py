"""What a page may ask for while a browser runs its scripts, without a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from journeyseo.errors import FetchError
from journeyseo.pages import visit as visits
from journeyseo.pages.fetch import Fetcher
from journeyseo.pages.robots import Robots
from journeyseo.pages.visit import Asked, Gate, Visit


@pytest.fixture
def make(quick):
    def gate(**bounds) -> Gate:
        return Gate(Fetcher(replace(quick, **bounds)), Robots())

    return gate


def refusal(visit: Visit, *asked: Asked) -> str:
    """Return why the last of some requests is refused."""
    for one in asked[:-1]:
        visit.answer(one)
    with pytest.raises(FetchError) as caught:
        visit.answer(asked[-1])
    return caught.value.reason


def test_an_answer_comes_over_the_guarded_connection(web, make):
    web.add("/data", '{"a": 1}', Content_Type="application/json")
    found = Visit(make()).answer(Asked(web.url("/data")))
    assert (found.status, found.content) == (200, b'{"a": 1}')
    assert web.paths() == ["/robots.txt", "/data"]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (Asked("file:///etc/hosts"), "not_http"),
        (Asked("ws://93.184.216.34/"), "not_http"),
        (Asked("https://93.184.216.34/", "POST"), "method"),
        (Asked("http://169.254.169.254/latest"), "private_address"),
        (Asked("http://[::1]/"), "private_address"),
        (Asked("http://unknown.test/"), "dns"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.url,
)
def test_what_is_never_asked_for(make, names, asked, reason):
    assert refusal(Visit(make(allow_private=False)), asked) == reason


def test_robots_txt_forbids_scripts_and_the_targets_of_their_redirects(web, make):
    web.add("/robots.txt", "User-agent: *\nDisallow: /api\n", Content_Type="text/plain")
    web.add("/go", "", 302, Location="/api/x")
    visit = Visit(make())
    assert refusal(visit, Asked(web.url("/api/x"))) == "robots"
    assert refusal(visit, Asked(web.url("/go"))) == "robots"
    assert web.paths() == ["/robots.txt", "/go"]


def test_a_page_asks_for_so_much_and_no_more(web, make, monkeypatch):
    monkeypatch.setattr(visits, "MAX_REQUESTS", 2)
    web.add("/a", "a")
    gate = make()
    visit = Visit(gate)
    assert refusal(visit, *[Asked(web.url("/a"))] * 3) == "limit"
    assert web.paths().count("/a") == 2
    assert Visit(gate).answer(Asked(web.url("/a"))).content == b"a"


def test_the_answers_to_one_page_are_bounded_together(web, make):
    web.add("/a", b"x" * 900)
    assert refusal(Visit(make(max_bytes=1_000)), *[Asked(web.url("/a"))] * 4) == "too_large"
    web.add("/large", b"x" * 1_001)
    assert refusal(Visit(make(max_bytes=1_000)), Asked(web.url("/large"))) == "too_large"


def test_the_pauses_of_one_page_are_bounded_and_not_part_of_its_time(web, make, pauses):
    web.add("/robots.txt", "User-agent: *\nCrawl-delay: 30\n", Content_Type="text/plain")
    web.add("/a", "a")
    visit = Visit(make(deadline=20))
    assert refusal(visit, *[Asked(web.url("/a"))] * 3) == "limit"
    assert 60 < visit.left() <= 20 + 2 * 30
    assert [round(pause) for pause in pauses] == [30, 30]
    assert web.paths().count("/a") == 2


def test_nothing_is_asked_for_after_the_deadline(web, make):
    web.add("/a", "a")
    assert refusal(Visit(make(deadline=0)), Asked(web.url("/a"))) == "deadline"
    assert web.paths() == []


def test_pages_share_their_scripts(web, make):
    web.add("/app.js", "1", Content_Type="text/javascript")
    gate = make()
    for _ in range(2):
        assert Visit(gate).answer(Asked(web.url("/app.js"), kind="script")).content == b"1"
    assert web.paths() == ["/robots.txt", "/app.js"]


def test_a_server_learns_which_site_asks_and_gets_no_cookie(web, make):
    web.add("/data", "1", Set_Cookie="a=b")
    visit = Visit(make())
    for _ in range(2):
        visit.answer(Asked(web.url("/data"), origin="https://shop.test"))
    sent = web.headers[1:]
    assert [(one.get("Origin"), one.get("Cookie")) for one in sent] == [("https://shop.test", None)] * 2
