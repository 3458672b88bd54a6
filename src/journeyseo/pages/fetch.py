"""Polite, bounded fetching: one session, a deadline for each address, no private addresses.

Every hop is checked: the names of the address are resolved here, each address found must be public,
and the connection goes to the very addresses that were checked, so that a name cannot change between
the check and the connection.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from journeyseo._version import __version__
from journeyseo.errors import FetchError
from journeyseo.pages.address import join_url
from journeyseo.pages.charset import charset_of
from journeyseo.pages.connection import CheckedAdapter, Line
from journeyseo.pages.pace import Pace

USER_AGENT = f"journeyseo/{__version__} (+https://pypi.org/project/journeyseo/)"
RENDERED = "yes"
"""What `Response.rendered` says where a browser drew the page."""
_CHUNK = 16_384  # small, so that a compressed bomb unpacks to 16 MB at most between two checks
_RETRY = frozenset({429, 500, 502, 503, 504})
_BUSY = frozenset({429, 503})
_MOVED = frozenset({301, 302, 303, 307, 308})
# A connection that ends before the answer may have been an old one: worth another try.
_RETRY_ERRORS = frozenset({"network"})


@dataclass(frozen=True)
class FetchOptions:
    """Bounds of fetching.

    Attributes:
        delay: Least seconds between two requests to one host; slow servers get more.
        timeout: Seconds to wait for a connection or for the next bytes.
        deadline: Seconds that one address may take in all, redirects included; the pauses before a
            request, which are ours, are not counted.
        max_bytes: Most bytes of one document, decompressed.
        redirects: Most redirects of one address.
        retries: Times that a busy or failing server is asked again.
        allow_private: Whether private and loopback addresses may be fetched.
    """

    delay: float = 0.5
    timeout: float = 10.0
    deadline: float = 30.0
    max_bytes: int = 10_000_000
    redirects: int = 5
    retries: int = 2
    allow_private: bool = False


@dataclass(frozen=True)
class Response:
    """What came back.

    Attributes:
        url: Address after all redirects.
        status: HTTP status.
        content: Body, decompressed.
        content_type: Media type without parameters, lower case.
        headers: Header fields by lower-case name.
        charset: Charset that the Content-Type names; empty where it names none.
        rendered: ``yes`` where the body is what a browser made of it, or why that failed, as a code; empty
            where none tried.
        refused: Requests of its scripts that were refused, as `robots 2, private_address 1`.
    """

    url: str
    status: int
    content: bytes
    content_type: str
    headers: Mapping[str, str]
    charset: str = ""
    rendered: str = ""
    refused: str = ""


@dataclass(frozen=True)
class _Wish:
    """How one address is asked for.

    Attributes:
        limit: Most bytes of the document.
        cut: Whether what is beyond them is left, instead of the whole being refused.
        headers: Further header fields.
    """

    limit: int
    cut: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class Fetcher:
    """Fetches addresses one by one, politely.

    Args:
        options: Bounds; they may be others for the next address.
        pace: The pauses of each host, where they are shared with other fetchers.
    """

    def __init__(self, options: FetchOptions = FetchOptions(), pace: Pace | None = None) -> None:
        self.options = options
        self.pace = Pace(options.delay) if pace is None else pace
        self._line = Line()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["User-Agent"] = USER_AGENT
        self._session.cookies.set_policy(_NoCookies())
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, CheckedAdapter(self._line))

    def slow_down(self, url: str, seconds: float) -> None:
        """Ask the host of an address no more often than this, as its robots.txt wishes."""
        self.pace.slow_down(urlsplit(url).netloc, seconds)

    def get(
        self,
        url: str,
        *,
        allow: Callable[[str], bool] | None = None,
        first: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return a document.

        Args:
            url: Its address.
            allow: Says of the target of each redirect, before it is asked for, whether it may be.
            first: Take so many bytes and leave the rest, instead of refusing what is too large.
            headers: Further header fields.

        Raises:
            FetchError: It cannot be fetched, or must not be; `reason` says why. Where `allow`
                refuses a target, the reason is ``refused_target`` and `where` is the target.
        """
        left = self.options.deadline
        wish = _Wish(self.options.max_bytes if first is None else first, first is not None, headers or {})
        seen: set[str] = set()
        for _ in range(self.options.redirects + 1):
            if url in seen:
                raise FetchError("The redirects run in a circle.", where=url, reason="redirect_loop")
            seen.add(url)
            answer, left = self._retrying(url, left, wish)
            following = target_of(answer)
            if following is None:
                return answer
            if allow is not None and not allow(following):
                raise FetchError(
                    "A redirect leads here, where it may not.", where=following, reason="refused_target"
                )
            url = following
        raise FetchError("There are too many redirects.", where=url, reason="redirect_loop")

    def ask(self, url: str, *, max_bytes: int | None = None) -> Response:
        """Return what one address answers; a redirect is an answer.

        Args:
            url: The address.
            max_bytes: Most bytes of the document, where it is not the usual bound.

        Raises:
            FetchError: It cannot be fetched, or must not be; `reason` says why.
        """
        return self._retrying(url, self.options.deadline, _Wish(max_bytes or self.options.max_bytes))[0]

    def _retrying(self, url: str, left: float, wish: _Wish) -> tuple[Response, float]:
        """Return the answer, and the seconds left of the deadline."""
        last = self.options.retries
        for attempt in range(last + 1):
            self._wait(url)
            start = time.monotonic()
            pause = 2.0**attempt
            try:
                answer = self._once(url, start + left, wish)
            except FetchError as error:
                left -= time.monotonic() - start
                if error.reason not in _RETRY_ERRORS or attempt == last or pause >= left:
                    raise
            else:
                left -= time.monotonic() - start
                if answer.status in _RETRY:
                    asked = _retry_after(answer.headers.get("retry-after", ""))
                    pause = pause if asked is None else asked
                if answer.status not in _RETRY or attempt == last or pause >= left:
                    return answer, left
            left -= pause
            time.sleep(pause)
        raise AssertionError("unreachable")

    def _wait(self, url: str) -> None:
        host = urlsplit(url).netloc
        if pause := self.pace.wait(host):
            time.sleep(pause)
        self.pace.ask(host)

    def _once(self, url: str, end: float, wish: _Wish) -> Response:
        self._check_address(url)
        start = time.monotonic()
        status = 0
        try:
            with self._line.until(end):
                answer = self._ask(url, wish)
                status = answer.status
                return answer
        finally:
            self.pace.answered(urlsplit(url).netloc, time.monotonic() - start, busy=status in _BUSY)
            # Whatever came of it, it came of the connection's end.
            if self._line.over:
                raise FetchError("The deadline is over.", where=url, reason="deadline")

    def _ask(self, url: str, wish: _Wish) -> Response:
        try:
            with self._session.get(
                url,
                stream=True,
                allow_redirects=False,
                timeout=self.options.timeout,
                headers=dict(wish.headers),
            ) as answer:
                content = _body(answer, url, wish)
                headers = {k.lower(): v for k, v in answer.headers.items()}
                kind = headers.get("content-type", "")
                media = kind.partition(";")[0].strip().lower()
                return Response(url, answer.status_code, content, media, headers, charset_of(kind))
        except requests.exceptions.SSLError as error:
            raise FetchError("The certificate is not valid.", where=url, reason="tls") from error
        except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError) as error:
            raise FetchError("The server does not answer.", where=url, reason="timeout") from error
        except (urllib3.exceptions.HTTPError, zlib.error) as error:
            raise FetchError(
                f"The document breaks off ({type(error).__name__}).", where=url, reason="decode"
            ) from error
        except (requests.exceptions.RequestException, ValueError, OSError) as error:
            if _is_no_http(error):
                raise FetchError("The answer is no HTTP.", where=url, reason="protocol") from error
            raise FetchError(
                f"It cannot be fetched ({type(error).__name__}).",
                where=url,
                hint="Check the address and the connection.",
            ) from error

    def _check_address(self, url: str) -> None:
        """Resolve the host, refuse what is not public, and remember what was checked."""
        parts = urlsplit(url)
        host = (parts.hostname or "").strip("[]")
        if parts.scheme not in ("http", "https") or not host:
            raise FetchError("It is no web address.", where=url, reason="not_http")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise FetchError(
                "The host name is not known.", where=url, reason="dns", hint="Check the address."
            ) from error
        addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
        if not self.options.allow_private:
            for address in addresses:
                if not is_public(address):
                    raise FetchError(
                        f"The address {address} is private or reserved.",
                        where=url,
                        reason="private_address",
                        hint="Allow it with --allow-private if it is your own server.",
                    )
        self._line.addresses[host.rstrip(".")] = tuple(dict.fromkeys(addresses))


def _body(answer: requests.Response, url: str, wish: _Wish) -> bytes:
    """Return the document; of one over the limit the beginning, or an error."""
    parts: list[bytes] = []
    size = 0
    # read1 returns what has arrived: read would unpack a full chunk of a bomb at once.
    while part := answer.raw.read1(_CHUNK, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > wish.limit:
            if wish.cut:
                break
            raise FetchError(f"It is larger than {wish.limit:,} bytes.", where=url, reason="too_large")
    return b"".join(parts)[: wish.limit]


def target_of(answer: Response) -> str | None:
    """Return where an answer redirects to; None where it does not.

    Raises:
        FetchError: It redirects to what is no web address.
    """
    target = answer.headers.get("location")
    if answer.status not in _MOVED or not target:
        return None
    following = join_url(answer.url, target)
    if not following:
        raise FetchError(
            f"It redirects to {target[:80]!r}, which is no web address.", where=answer.url, reason="redirect"
        )
    return following


def _retry_after(text: str) -> float | None:
    """Return the seconds that a Retry-After header asks for, as number or date; None for anything else."""
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        pause = parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return pause if pause > 0 else None


def _is_no_http(error: BaseException) -> bool:
    """Return whether an error is of reading the answer, not of the connection."""
    seen: list[Any] = [error]
    while seen:
        item = seen.pop()
        if isinstance(item, HTTPException) and not isinstance(item, ConnectionError):
            return True
        if isinstance(item, BaseException):
            seen.extend(item.args)
    return False


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):  # type: ignore[name-defined, misc]
    def set_ok(self, cookie: Any, request: Any) -> bool:
        return False


# IPv6 networks whose last 32 bits are an IPv4 address: IPv4-compatible and NAT64.
_WRAPPING = (ipaddress.IPv6Network("::/96"), ipaddress.IPv6Network("64:ff9b::/96"))


def is_public(address: str) -> bool:
    """Return whether an IP address is a public one, also inside an IPv6 wrapping of IPv4."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and any(ip in network for network in _WRAPPING):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast
