"""Pages drawn by scripts, in a real browser; what such a page asks for in vain; where there is no browser."""

from __future__ import annotations

import os
import shutil
import socket
from importlib.util import find_spec

import pytest

import journeyseo as js
from journeyseo.cli.main import main
from journeyseo.errors import ConfigError, DependencyError
from journeyseo.pages import browser as browsers
from journeyseo.pages import chromium, connection
from journeyseo.pages.browser import Browser
from journeyseo.pages.chromium import NO_SANDBOX, PROGRAM, PROGRAMS
from journeyseo.pages.fetch import Fetcher, FetchOptions
from journeyseo.pages.robots import Robots

PUBLIC = "93.184.216.34"
DRAW = (
    "document.getElementById('root').innerHTML = '<h1>Drawn</h1>'"
    " + '<p>Heat pumps in old houses.</p>'.repeat(20);"
)
SAY = "const say = text => document.getElementById('root').append(' ' + text + ' ');"

_here = find_spec("playwright") is not None and any(map(shutil.which, PROGRAMS))
needs_chromium = pytest.mark.skipif(not _here, reason="needs the extra 'browser' and Chromium")


@pytest.fixture(autouse=True)
def without_sandbox_for_root(monkeypatch):
    """Root, as in a container for tests, has no sandbox."""
    if os.geteuid() == 0:
        monkeypatch.setenv(NO_SANDBOX, "1")


@pytest.fixture
def shop(web, names, monkeypatch):
    """Serve ``shop.test`` and ``other.test`` as public sites; return the addresses that got a connection."""
    names.known |= {"shop.test": [PUBLIC], "other.test": [PUBLIC]}
    reached: list[str] = []
    real = connection.create_connection

    def connect(address, *args, **kwargs):
        reached.append(address[0])
        return real(("127.0.0.1", web.port), *args, **kwargs)

    monkeypatch.setattr(connection, "create_connection", connect)
    return reached


@pytest.fixture
def show(web, shop):
    """Return a page of the shop as a browser shows it."""
    opened: list[Browser] = []

    def run(script: str = "", body: str = "", path: str = "/", **bounds):
        options = FetchOptions(delay=0, timeout=10, retries=0, **{"deadline": 15.0} | bounds)
        if not opened:
            opened.append(Browser(Fetcher(options), Robots()))
        shell(web, path, SAY + DRAW + script, body)
        return opened[0].shown(Fetcher(options).ask(web.url(path, "shop.test")))

    yield run
    for one in opened:
        one.close()


def shell(web, path: str, script: str, body: str = "") -> None:
    """Serve a page that a script draws, and the script beside it."""
    name = f"/app{path.replace('/', '-')}.js"
    web.add(path, f"<title>Shop</title><body><div id=root></div>{body}<script src='{name}'></script>")
    web.add(name, script, Content_Type="text/javascript")


def static(web, path: str) -> None:
    web.add(path, f"<title>Plain</title><p>{'Words of a plain page. ' * 30}")


@needs_chromium
def test_a_site_that_scripts_draw_is_read_and_followed(web, crawled):
    shell(web, "/", DRAW + "document.body.innerHTML += '<a href=/plain>Plain</a>'")
    static(web, "/plain")
    found = crawled(browser=True)
    assert {path: page["rendered"] for path, page in found.pages.items()} == {"/": "yes", "/plain": None}
    assert found.pages["/"]["h1"] == "Drawn"
    assert found.pages["/"]["words"] == 101
    assert found.pages["/"]["needs_javascript"]
    assert not found.pages["/plain"]["needs_javascript"]
    assert sorted(web.paths()) == ["/", "/app-.js", "/plain", "/robots.txt", "/sitemap.xml"]


@needs_chromium
def test_pages_read_without_a_browser_are_read_again_with_one(web, crawled):
    shell(web, "/", DRAW)
    before = crawled()
    assert (before.pages["/"]["words"], before.pages["/"]["rendered"]) == (0, None)
    assert crawled(browser=True).pages["/"]["rendered"] == "yes"
    asked = len(web.log)
    assert crawled(browser=True).pages["/"]["words"] == 101
    assert len(web.log) == asked


@needs_chromium
def test_the_inventory_says_what_was_rendered(web, quick, tmp_path):
    shell(web, "/", DRAW + "fetch('/api/x').catch(() => 0)")
    web.add("/robots.txt", "User-agent: *\nDisallow: /api\n", Content_Type="text/plain")
    options = js.CrawlOptions(fetch=quick, browser=True)
    found = js.crawl(web.url(), tmp_path / "out", options=options)
    assert (found.javascript, found.rendered) == (1, 1)
    assert "1 of 1 pages need JavaScript and were rendered by a browser" in str(found)
    assert found.pages[["rendered", "refused"]].values.tolist() == [["yes", "robots 1"]]


@needs_chromium
def test_pages_for_a_map_are_rendered_too(web):
    shell(web, "/", DRAW)
    options = {"allow_private": True, "delay": 0}
    bare, drawn = js.read_pages(web.url(), **options), js.read_pages(web.url(), browser=True, **options)
    assert bare["h1"].isna().tolist() == [True]
    assert drawn["h1"].tolist() == ["Drawn"]
    notes = [table.attrs["reports"][0].notes for table in (bare, drawn)]
    assert [n.code for own in notes for n in own] == ["needs-browser", "rendered"]


@needs_chromium
@pytest.mark.parametrize(
    "script",
    [
        "fetch('http://127.0.0.1:{port}/secret').then(() => say('got'))",
        "fetch('http://rebind.test:{port}/secret').then(() => say('got'))",
        "import('http://[::1]:{port}/secret')",
        "fetch('/go').then(() => say('got'))",
        "new Worker(URL.createObjectURL(new Blob([\"fetch('http://127.0.0.1:{port}/secret')\"])))",
    ],
    ids=["number", "rebinding", "script", "redirect", "worker"],
)
def test_private_addresses_get_no_connection(web, names, shop, show, script):
    class Changing(list):
        def __iter__(self):
            self.append(1)
            return iter([PUBLIC] if len(self) == 1 else ["127.0.0.1"])

    names.known["rebind.test"] = Changing()
    web.add("/go", "", 302, Location=f"http://127.0.0.1:{web.port}/secret")
    web.add("/secret", "secret", Access_Control_Allow_Origin="*")
    found = show(script.replace("{port}", str(web.port)))
    assert found.rendered == "yes"
    assert b"got" not in found.content
    assert "private_address 1" in found.refused or "worker" in script.lower()
    assert "/secret" not in web.paths()
    assert set(shop) == {PUBLIC}


@needs_chromium
def test_what_is_no_request_of_the_page_reaches_nothing_either(show):
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.create_server(("127.0.0.1", 0)) as tcp,
    ):
        udp.bind(("127.0.0.1", 0))
        at, stun = tcp.getsockname()[1], udp.getsockname()[1]
        found = show(
            f"""
            const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{stun}'}}]}});
            peer.createDataChannel('a');
            peer.createOffer().then(offer => peer.setLocalDescription(offer));
            peer.onicegatheringstatechange = () => say('ice-' + peer.iceGatheringState);
            new WebSocket('ws://127.0.0.1:{at}/').onerror = () => say('socket-failed');
            navigator.sendBeacon('http://127.0.0.1:{at}/beacon');
            document.head.insertAdjacentHTML('beforeend', '<link rel=preconnect href=http://127.0.0.1:{at}>');
            """
        )
        assert b"socket-failed" in found.content
        assert b"ice-complete" in found.content
        udp.setblocking(False)
        tcp.setblocking(False)
        with pytest.raises(BlockingIOError):
            udp.recv(1)
        with pytest.raises(BlockingIOError):
            tcp.accept()


@needs_chromium
def test_files_are_not_read(show, tmp_path):
    (tmp_path / "a.txt").write_text("own words")
    place = (tmp_path / "a.txt").as_uri()
    found = show(
        f"""fetch('{place}').catch(() => say('refused'));
        document.body.insertAdjacentHTML('beforeend', '<iframe src="{place}"></iframe>');
        location.href = '{place}';"""
    )
    assert found.rendered == "yes"
    assert b"refused" in found.content
    assert b"own words" not in found.content


@needs_chromium
@pytest.mark.parametrize("body", ["", "<script>while (true) {}</script>"], ids=["beside", "inside"])
def test_an_endless_script_ends_at_the_deadline_and_the_next_page_is_drawn(show, web, body):
    found = show("" if body else "while (true) {}", body, deadline=4.0)
    assert found.rendered == "deadline"
    assert b"id=root" in found.content
    assert show(path="/next").rendered == "yes"


@needs_chromium
def test_a_page_that_never_rests_is_taken_as_it_is(show, web, monkeypatch):
    web.add("/poll", "1")
    found = show("setInterval(() => fetch('/poll'), 20)", deadline=3.0)
    assert found.rendered == "yes"
    assert web.paths().count("/poll") <= 100


@needs_chromium
def test_what_is_too_large_is_not_taken(show, web):
    web.add("/large", b"x" * 60_000)
    found = show("fetch('/large').catch(() => say('refused'))", max_bytes=50_000)
    assert (found.rendered, found.refused) == ("yes", "too_large 1")
    assert b"refused" in found.content
    found = show("say('x'.repeat(60_000))", path="/long", max_bytes=50_000)
    assert found.rendered == "too_large"
    assert len(found.content) < 1_000


@needs_chromium
def test_dialogs_windows_and_other_pages_do_not_hold_a_page_up(show, web):
    found = show(
        "alert(1); confirm(2); prompt(3); window.open('/popup'); say('on'); location.href = '/away';"
    )
    assert found.rendered == "yes"
    assert b"on" in found.content
    assert b"Drawn" in found.content
    assert {"/popup", "/away"}.isdisjoint(web.paths())


@needs_chromium
def test_nothing_is_sent_stored_or_loaded_beside_the_text(show, web):
    web.add("/data", "1", Set_Cookie="kept=1")
    body = (
        "<img src=/a.png><video src=/b.mp4></video><link rel=stylesheet href=/c.css>"
        "<iframe src=/frame></iframe>"
        "<style>@font-face {font-family: f; src: url(/d.woff)} body {font-family: f}</style>"
    )
    script = """
        say('seen:' + document.cookie + localStorage.length);
        document.cookie = 'own=1'; localStorage.setItem('a', 1);
        fetch('/data', {method: 'POST', body: 'x'}).catch(() => say('no-post'));
        fetch('/data').then(() => say('data'));
        navigator.serviceWorker?.register('/worker.js');
    """
    for path in ("/", "/again"):
        found = show(script, body, path)
        assert b"seen:0" in found.content
        assert b"no-post" in found.content
        assert b" data " in found.content
        assert found.refused == "method 1, navigation 1"
    assert {path for path in web.paths() if "app" not in path} == {"/", "/again", "/robots.txt", "/data"}
    assert not any("Cookie" in sent for sent in web.headers)


@needs_chromium
def test_sites_read_of_each_other_what_they_allow(show, web):
    web.add("/open", "open-words", Access_Control_Allow_Origin="*")
    web.add("/closed", "closed-words")
    other = web.url("", "other.test")
    found = show(
        "for (const path of ['/open', '/closed'])"
        f" fetch('{other}' + path).then(a => a.text()).then(say, () => say('not' + path))"
    )
    assert b"open-words" in found.content
    assert b"not/closed" in found.content
    assert b"closed-words" not in found.content


@needs_chromium
def test_a_page_that_stays_empty_is_said_to(show, web):
    found = show("document.getElementById('root').innerHTML = ''")
    assert found.rendered == "empty"


@needs_chromium
def test_a_browser_that_does_not_start_ends_the_crawl_with_a_reason(web, crawled, monkeypatch):
    monkeypatch.setenv(PROGRAM, shutil.which("false"))
    shell(web, "/", DRAW)
    with pytest.raises(DependencyError, match="Chromium does not start"):
        crawled(browser=True)


def test_without_the_package_or_the_program_one_sentence_says_what_to_install(quick, monkeypatch):
    monkeypatch.setattr(chromium, "find_spec", lambda _: None)
    with pytest.raises(DependencyError, match=r"playwright.*pip install 'journeyseo\[browser\]'"):
        Browser(Fetcher(quick), Robots())
    monkeypatch.setattr(chromium, "find_spec", lambda _: object())
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DependencyError, match=r"none is on the PATH.*apt install chromium"):
        Browser(Fetcher(quick), Robots())
    monkeypatch.setenv(PROGRAM, "/nowhere/chromium")
    with pytest.raises(DependencyError, match="'/nowhere/chromium', which JOURNEYSEO_CHROMIUM names"):
        Browser(Fetcher(quick), Robots())


def test_root_must_say_that_there_is_no_sandbox(quick, monkeypatch):
    monkeypatch.setattr(browsers, "find_program", lambda: "chromium")
    monkeypatch.delenv(NO_SANDBOX, raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(ConfigError, match="set JOURNEYSEO_NO_SANDBOX=1"):
        Browser(Fetcher(quick), Robots())


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["crawl", "http://127.0.0.1:1/", "--browser", "-o", "out"], "Rendering pages needs"),
        (["crawl", ".", "--browser", "-o", "out"], "The files of a folder are not rendered"),
        (["map", "k.csv", "--pages", "p.csv", "--browser"], "Only pages of a site are rendered"),
    ],
    ids=["no program", "folder", "file"],
)
def test_commands_say_what_is_missing(command, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PROGRAM, "/nowhere/chromium")
    with pytest.raises(SystemExit) as left:
        main(command)
    assert left.value.code == 1
    assert words in capsys.readouterr().err
