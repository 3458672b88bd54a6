"""Fetching: bounded, polite, and never from a private address."""

from __future__ import annotations

import gzip
import itertools
import pickle
import socket
import struct
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from journeyseo import __version__
from journeyseo.errors import FetchError
from journeyseo.pages.fetch import USER_AGENT, Fetcher, FetchOptions, is_public, target_of
from journeyseo.pages.pace import Pace


def refused(fetcher: Fetcher, url: str) -> str:
    """Return the reason code for which an address is not fetched."""
    with pytest.raises(FetchError) as caught:
        fetcher.get(url)
    assert "\n" not in str(caught.value)
    assert caught.value.where in str(caught.value)
    return caught.value.reason


def start_body(request, **headers: str) -> None:
    """Send the head of an answer whose body ends with the connection, or as the headers say."""
    request.send_response(200)
    for name, value in ({"Content_Type": "text/html"} | headers).items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()


def test_answer(web, quick):
    web.add("/a", "热泵", Content_Type="Text/HTML; charset=utf-8", X_Other="Yes")
    answer = Fetcher(quick).get(web.url("/a"))
    assert (answer.url, answer.status, answer.content) == (web.url("/a"), 200, "热泵".encode())
    assert answer.content_type == "text/html"
    assert answer.headers["x-other"] == "Yes"


def test_user_agent_and_host_are_sent(web, quick, names):
    names.known["shop.test"] = ["127.0.0.1"]
    web.add("/", "x")
    Fetcher(quick).get(web.url(host="shop.test"))
    assert USER_AGENT.startswith(f"journeyseo/{__version__} (+https://")
    assert web.headers[0]["User-Agent"] == USER_AGENT
    assert web.headers[0]["Host"] == f"shop.test:{web.port}"


def test_cookies_are_not_sent_back(web, quick):
    web.add("/", "", 302, Location="/a", Set_Cookie="a=1; Path=/")
    web.add("/a", "x", Set_Cookie="b=2")
    fetcher = Fetcher(quick)
    fetcher.get(web.url())
    fetcher.get(web.url("/a"))
    assert web.paths() == ["/", "/a", "/a"]
    assert not any("Cookie" in sent for sent in web.headers)


def test_credentials_and_proxies_of_the_environment_are_not_used(web, quick, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    web.add("/", "x")
    assert Fetcher(quick).get(web.url()).content == b"x"
    assert "Authorization" not in web.headers[0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect(web, quick, status):
    web.add("/a", "", status, Location="b?utm_source=x#part")
    web.add("/b", "here")
    answer = Fetcher(quick).get(web.url("/a"))
    assert (answer.url, answer.status, answer.content) == (web.url("/b"), 200, b"here")
    assert web.paths() == ["/a", "/b"]


def test_the_target_of_a_redirect_is_asked_about_before_it_is_fetched(web, quick):
    web.add("/a", "", 302, Location="/b")
    web.add("/b", "", 302, Location="/c#part")
    asked = []

    def allow(url: str) -> bool:
        asked.append(url)
        return url.endswith("/b")

    with pytest.raises(FetchError) as caught:
        Fetcher(quick).get(web.url("/a"), allow=allow)
    assert (caught.value.reason, caught.value.where) == ("refused_target", web.url("/c"))
    assert asked == [web.url("/b"), web.url("/c")]
    assert web.paths() == ["/a", "/b"]


def test_redirect_without_target_is_an_answer(web, quick):
    web.add("/a", "x", 302)
    assert Fetcher(quick).get(web.url("/a")).status == 302


def test_redirects_in_a_circle(web, quick):
    web.add("/a", "", 302, Location="/b")
    web.add("/b", "", 302, Location="/a")
    assert refused(Fetcher(quick), web.url("/a")) == "redirect_loop"
    assert web.paths() == ["/a", "/b"]


def test_too_many_redirects(web, quick):
    for i in range(9):
        web.add(f"/{i}", "", 302, Location=f"/{i + 1}")
    assert refused(Fetcher(replace(quick, redirects=2)), web.url("/0")) == "redirect_loop"
    assert web.paths() == ["/0", "/1", "/2"]


@pytest.mark.parametrize(
    "target", ["file:///etc/hosts", "ftp://example.com/", "javascript:alert(1)", "data:,x"]
)
def test_redirect_to_what_is_no_web_address(web, quick, target):
    web.add("/a", "", 302, Location=target)
    assert refused(Fetcher(quick), web.url("/a")) == "redirect"
    assert web.paths() == ["/a"]


def test_redirect_to_a_broken_address(web, quick):
    web.add("/a", "", 302, Location="http://[x")
    assert refused(Fetcher(quick), web.url("/a")) in ("redirect", "network")
    assert web.paths() == ["/a"]


PUBLIC = FetchOptions(delay=0, timeout=10, deadline=20, retries=0)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::1]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "10.0.0.1", "169.254.169.254",
        "[fe80::1]",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_however_they_are_written(web, names, host):
    names.known["localhost"] = ["127.0.0.1"]
    assert refused(Fetcher(PUBLIC), web.url(host=host)) == "private_address"
    assert web.log == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f000001"])
def test_private_addresses_can_be_allowed(web, quick, host):
    web.add("/", "x")
    assert Fetcher(quick).get(web.url(host=host)).content == b"x"


def test_one_private_address_among_public_ones_is_refused(web, names):
    names.known["shop.test"] = ["93.184.216.34", "10.0.0.7"]
    assert refused(Fetcher(PUBLIC), web.url(host="shop.test")) == "private_address"


def test_redirect_to_a_private_address_is_refused(web, names):
    names.known |= {
        "shop.test": ["93.184.216.34"],
        "93.184.216.34": ["127.0.0.1"],
        "inside.test": ["127.0.0.1"],
    }
    for i, target in enumerate(
        (web.url("/secret"), web.url("/secret", "inside.test"), "http://169.254.169.254/")
    ):
        web.add(f"/{i}", "", 302, Location=target)
        assert refused(Fetcher(PUBLIC), web.url(f"/{i}", "shop.test")) == "private_address"
    assert web.paths() == ["/0", "/1", "/2"]


def test_the_connection_goes_to_the_address_that_was_checked(web, names):
    names.known |= {"shop.test": ["93.184.216.34"], "93.184.216.34": ["127.0.0.1"]}
    web.add("/", "x")
    assert Fetcher(PUBLIC).get(web.url(host="shop.test")).content == b"x"
    assert names.asked == ["shop.test", "93.184.216.34"]


def test_the_second_address_is_tried_where_the_first_is_silent(web, quick, names):
    names.known["shop.test"] = ["127.0.0.2", "127.0.0.1"]
    web.add("/", "x")
    assert Fetcher(quick).get(web.url(host="shop.test")).content == b"x"


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"],
)
def test_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "192.0.2.1", "::", "::1",
        "fe80::1", "fc00::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "fec0::1",
        "::7f00:1",
    ],
)  # fmt: skip
def test_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("url", ["ftp://example.com/", "file:///etc/hosts", "http:///a", "example.com"])
def test_what_is_no_web_address(url, quick):
    assert refused(Fetcher(quick), url) == "not_http"


def test_unknown_name(names, quick):
    assert refused(Fetcher(quick), "http://nowhere.test/") == "dns"


def test_nobody_listens(quick):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert refused(Fetcher(quick), f"http://127.0.0.1:{port}/") == "network"


def test_no_tls_where_it_is_asked_for(web, quick):
    assert refused(Fetcher(quick), web.url().replace("http:", "https:")) == "tls"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(web, quick, status):
    answers = [(status, b"busy"), (status, b"busy"), (200, b"now")]
    web.routes["/"] = lambda request: request.reply(*answers[len(web.log) - 1], Retry_After="0")
    answer = Fetcher(replace(quick, retries=2)).get(web.url())
    assert (answer.status, answer.content, len(web.log)) == (200, b"now", 3)


def test_a_server_that_stays_busy(web, quick):
    web.add("/", "busy", 503, Retry_After="0")
    assert Fetcher(replace(quick, retries=2)).get(web.url()).status == 503
    assert len(web.log) == 3


def test_other_errors_are_not_asked_again(web, quick):
    web.add("/", "gone", 410)
    assert Fetcher(replace(quick, retries=2)).get(web.url()).status == 410
    assert len(web.log) == 1


def test_pauses_grow_and_a_long_one_is_not_waited_for(web, quick, pauses):
    web.add("/", "busy", 503)
    Fetcher(replace(quick, retries=2, deadline=60)).get(web.url())
    assert pauses == [1.0, 2.0]
    web.add("/long", "busy", 503, Retry_After="3600")
    assert Fetcher(replace(quick, retries=2, deadline=60)).get(web.url("/long")).status == 503
    assert pauses == [1.0, 2.0]


@pytest.mark.parametrize(
    "asked",
    [
        "Wed, 21 Oct 2015 07:28:00 GMT", "-5", "soon",
        "²",
    ],
)  # fmt: skip
def test_a_retry_after_that_is_no_number(web, quick, pauses, asked):
    web.add("/", "busy", 503, Retry_After=asked)
    assert Fetcher(replace(quick, retries=1, deadline=60)).get(web.url()).status == 503
    assert pauses == [1.0]


def test_requests_to_one_host_keep_their_distance(web, quick, pauses, names):
    names.known |= {"a.test": ["127.0.0.1"], "b.test": ["127.0.0.1"]}
    web.add("/", "x")
    fetcher = Fetcher(replace(quick, delay=0.5))
    for host in ("a.test", "b.test", "a.test"):
        fetcher.get(web.url(host=host))
    assert len(pauses) == 1
    assert 0.2 < pauses[0] <= 0.5


def test_a_host_can_be_asked_more_slowly(web, quick, pauses):
    web.add("/", "x")
    fetcher = Fetcher(replace(quick, deadline=100))
    fetcher.slow_down(web.url(), 9_999)
    fetcher.get(web.url())
    fetcher.get(web.url())
    assert len(pauses) == 1
    assert 29 < pauses[0] <= 30


def test_our_own_pauses_are_not_counted_against_the_deadline(web, quick, pauses):
    web.add("/", "x")
    fetcher = Fetcher(replace(quick, delay=30, deadline=5))
    fetcher.get(web.url())
    assert fetcher.get(web.url()).content == b"x"
    assert 29 < pauses[0] <= 30


def test_a_slow_server_gets_five_times_its_answer_as_rest(web, quick, pauses):
    def slow(request) -> None:
        web.over.wait(0.05)
        request.reply(200, "x")

    web.routes["/"] = slow
    fetcher = Fetcher(replace(quick, delay=0.01))
    fetcher.get(web.url())
    fetcher.get(web.url())
    assert pauses[0] > 0.15
    assert Pace(0.0).wait("a.test") == 0


def test_a_busy_host_is_asked_half_as_often():
    pace = Pace(2.0)
    for _ in range(2):
        pace.answered("a.test", 0.1, busy=True)
    pace.ask("a.test")
    assert 7.9 < pace.wait("a.test") <= 8
    assert pace.wait("b.test") == 0


def test_a_date_in_retry_after_is_waited_for(web, quick, pauses):
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=9))
    web.add("/", "busy", 503, Retry_After=date)
    assert Fetcher(replace(quick, retries=1, deadline=60)).get(web.url()).status == 503
    assert 6 < pauses[0] <= 9


def test_a_connection_that_ends_early_is_asked_again(web, quick, pauses):
    def once(request) -> None:
        if len(web.log) > 1:
            request.reply(200, "x")

    web.routes["/"] = once
    assert Fetcher(replace(quick, retries=1)).get(web.url()).content == b"x"
    assert (len(web.log), pauses[0]) == (2, 1.0)


def test_one_answer_with_its_redirect(web, quick):
    web.add("/a", "", 301, Location="/b")
    answer = Fetcher(quick).ask(web.url("/a"))
    assert (answer.status, target_of(answer)) == (301, web.url("/b"))
    assert web.paths() == ["/a"]


def test_the_first_bytes_of_what_is_larger(web, quick):
    web.add("/", b"x" * 50_000)
    assert len(Fetcher(quick).get(web.url(), first=20_000).content) == 20_000
    assert len(Fetcher(quick).ask(web.url(), max_bytes=50_000).content) == 50_000


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: a\r\n" % i for i in range(300)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 70_000 + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
    ],
    ids=["300 headers", "a long header", "another protocol", "no status"],
)
def test_an_answer_that_is_no_http(web, quick, head):
    web.routes["/"] = lambda request: request.wfile.write(head)
    assert refused(Fetcher(quick), web.url()) == "protocol"


def test_an_endless_body_is_stopped_by_its_size(web, quick):
    def endless(request) -> None:
        start_body(request)
        request.drip(itertools.repeat(b"x" * 10_000), 0)

    web.routes["/"] = endless
    assert refused(Fetcher(replace(quick, max_bytes=100_000)), web.url()) == "too_large"


def test_a_body_of_exactly_the_limit_is_taken(web, quick):
    web.add("/", b"x" * 1000)
    assert len(Fetcher(replace(quick, max_bytes=1000)).get(web.url()).content) == 1000
    assert refused(Fetcher(replace(quick, max_bytes=999)), web.url()) == "too_large"


def test_one_byte_at_a_time_is_stopped_by_the_deadline(web, quick):
    def slow(request) -> None:
        start_body(request)
        request.drip(itertools.repeat(b"x"), 0.02)

    web.routes["/"] = slow
    start = time.monotonic()
    assert refused(Fetcher(replace(quick, deadline=0.3)), web.url()) == "deadline"
    assert time.monotonic() - start < 5


def test_headers_one_byte_at_a_time_are_stopped_by_the_deadline(web, quick):
    def slow(request) -> None:
        head = b"HTTP/1.0 200 OK\r\nX-Long: " + b"a" * 1000
        request.drip((head[i : i + 1] for i in range(len(head))), 0.02, limit=1.2)

    web.routes["/"] = slow
    start = time.monotonic()
    assert refused(Fetcher(replace(quick, deadline=0.3)), web.url()) == "deadline"
    assert time.monotonic() - start < 5


def test_packed_bytes_that_unpack_to_nothing_are_stopped(web, quick):
    def slow(request) -> None:
        start_body(request, Content_Encoding="gzip")
        empty = b"\x00\x00\x00\xff\xff"  # a stored block of no bytes
        request.drip(itertools.chain([gzip.compress(b"")[:10]], itertools.repeat(empty)), 0.02, limit=1.2)

    web.routes["/"] = slow
    start = time.monotonic()
    assert refused(Fetcher(replace(quick, deadline=0.3)), web.url()) == "deadline"
    assert time.monotonic() - start < 5


def test_no_answer_is_a_timeout(web, quick):
    web.routes["/"] = lambda request: web.over.wait(1)
    assert refused(Fetcher(replace(quick, timeout=0.1)), web.url()) == "timeout"


def test_a_body_that_stops_is_a_timeout(web, quick):
    def stop(request) -> None:
        start_body(request, Content_Length="500")
        request.drip(iter([b"begin"]), 1)

    web.routes["/"] = stop
    assert refused(Fetcher(replace(quick, timeout=0.1)), web.url()) == "timeout"


def test_a_connection_that_is_kept_is_stopped_by_the_deadline_too(web, quick):
    def slow(request) -> None:
        start_body(request)
        request.drip(itertools.repeat(b"x"), 0.02)

    def keep(request) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkept")
        request.close_connection = False

    web.routes |= {"/keep": keep, "/slow": slow}
    fetcher = Fetcher(replace(quick, deadline=0.3))
    assert fetcher.get(web.url("/keep")).content == b"kept"
    start = time.monotonic()
    assert refused(fetcher, web.url("/slow")) == "deadline"
    assert time.monotonic() - start < 5
    assert fetcher.get(web.url("/keep")).content == b"kept"


def test_silent_addresses_do_not_outlast_the_deadline(web, quick, names):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as waiting:
        waiting.connect(full.getsockname())  # the queue is full now: nobody else gets through
        names.known["shop.test"] = ["127.0.0.1"] * 2 + ["127.0.0.1"]
        start = time.monotonic()
        reason = refused(
            Fetcher(replace(quick, deadline=0.3, timeout=5)), f"http://shop.test:{full.getsockname()[1]}/"
        )
        assert reason == "deadline"
        assert time.monotonic() - start < 5


def test_the_charset_of_the_header(web, quick):
    web.add("/", "x", Content_Type='text/html; boundary=a; Charset="GBK"')
    assert Fetcher(quick).get(web.url()).charset == "gbk"
    web.add("/", "x")
    assert Fetcher(quick).get(web.url()).charset == ""


@pytest.mark.parametrize("layers", [1, 2])
def test_a_packed_bomb_is_stopped_early(web, quick, layers):
    bomb = b"\0" * 60_000_000
    for _ in range(layers):
        bomb = gzip.compress(bomb, 6)
    web.add("/", bomb, Content_Encoding=", ".join(["gzip"] * layers))
    fetcher = Fetcher(replace(quick, max_bytes=1_000_000))
    del bomb
    tracemalloc.start()
    try:
        reason = refused(fetcher, web.url())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert reason == "too_large"
    assert peak < 40_000_000


def test_packed_body(web, quick):
    web.add("/", gzip.compress(b"hello " * 1000), Content_Encoding="gzip")
    assert Fetcher(quick).get(web.url()).content == b"hello " * 1000


def test_damaged_packing(web, quick):
    web.add("/", b"no gzip at all", Content_Encoding="gzip")
    assert refused(Fetcher(quick), web.url()) == "decode"


def test_a_body_shorter_than_announced(web, quick):
    web.add("/", b"short", Content_Length="500")
    assert refused(Fetcher(quick), web.url()) == "decode"


def test_chunks_that_break_off(web, quick):
    def cut(request) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nff\r\nwor")

    web.routes["/"] = cut
    assert refused(Fetcher(quick), web.url()) == "decode"


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\nhello", b"no http\r\n\r\n"]
)
def test_a_connection_that_is_reset(web, quick, said):
    def reset(request) -> None:
        request.wfile.write(said)
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.connection.close()

    web.routes["/"] = reset
    assert refused(Fetcher(quick), web.url()) in ("network", "decode", "protocol")


def test_the_error_survives_pickling():
    error = FetchError("It is larger.", where="https://example.com/", hint="Ask.", reason="too_large")
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == "https://example.com/: It is larger. Ask."
    assert (copy.reason, copy.code, copy.hint) == ("too_large", "fetch", "Ask.")
