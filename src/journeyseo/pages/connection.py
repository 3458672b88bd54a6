"""Connections that go only to checked addresses and that end at a deadline."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.util.connection import create_connection


class Line:
    """What the connections of one fetcher share; it talks over one of them at a time.

    Attributes:
        addresses: Addresses of each host that were checked, in the order to try them.
    """

    def __init__(self) -> None:
        self.addresses: dict[str, tuple[str, ...]] = {}
        self._cut_off = False
        self._end = 0.0
        self._held: socket.socket | None = None
        self._lock = threading.Lock()

    @contextmanager
    def until(self, end: float) -> Iterator[None]:
        """End the connection of the requests made in this context at a time of the monotonic clock.

        A time-out of the socket cannot do that: it begins again with every byte that arrives.
        """
        self._cut_off, self._end = False, end
        timer = threading.Timer(self.left(), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self._release()

    @property
    def over(self) -> bool:
        """Whether the deadline of the last request has come."""
        return self._cut_off or self.left() <= 0

    def left(self) -> float:
        """Return the seconds until the deadline."""
        return max(self._end - time.monotonic(), 0.0)

    def hold(self, sock: socket.socket) -> None:
        """Make a socket the one that is ended at the deadline."""
        self._release()
        # A twin of our own: TLS takes the socket over, and a connection may let go of it early.
        twin = socket.fromfd(sock.fileno(), sock.family, sock.type)
        with self._lock:
            self._held = twin
        if self._cut_off:
            self._cut()

    def _cut(self) -> None:
        with self._lock:
            self._cut_off = True
            if self._held is not None:
                with suppress(OSError):  # the other side may have ended it already
                    self._held.shutdown(socket.SHUT_RDWR)

    def _release(self) -> None:
        with self._lock:
            if self._held is not None:
                self._held.close()
            self._held = None


class _Checked(HTTPConnection):
    """Connects to the addresses that were checked, whatever the name resolves to by then."""

    line: Line

    def _new_conn(self) -> socket.socket:
        failure: HTTPError = NewConnectionError(self, f"{self.host} was not checked")
        for address in self.line.addresses.get(self.host, ()):
            wait = min(self.timeout or self.line.left(), self.line.left())
            if wait <= 0:
                raise ConnectTimeoutError(self, "the deadline is over")
            try:
                sock = create_connection((address, self.port), wait, socket_options=self.socket_options)
            except TimeoutError:
                failure = ConnectTimeoutError(self, f"{address} does not answer")
            except OSError as error:
                failure = NewConnectionError(self, f"{address}: {error}")
            else:
                sock.settimeout(self.timeout)
                self.line.hold(sock)
                return sock
        raise failure

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            self.line.hold(self.sock)
        super().request(*args, **kwargs)


class _CheckedTls(_Checked, HTTPSConnection):
    pass


class CheckedAdapter(HTTPAdapter):
    """Carries requests over the connections of a line.

    Args:
        line: What they share.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools, with connections of our own."""
        super().init_poolmanager(*args, **kwargs)
        shared = {"line": self._line}
        plain = type("Plain", (_Checked,), shared)
        tls = type("Tls", (_CheckedTls,), shared)
        manager: urllib3.PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("TlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }
