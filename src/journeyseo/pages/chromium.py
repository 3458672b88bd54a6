"""Where the browser is, and how it is started so that it reaches nothing by itself."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

from journeyseo.errors import ConfigError, DependencyError

PROGRAM = "JOURNEYSEO_CHROMIUM"
"""Environment variable that names the browser's program, where it is not on the PATH."""
NO_SANDBOX = "JOURNEYSEO_NO_SANDBOX"
"""Environment variable that lets the browser run without its sandbox."""

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
# A second wall behind the answering of each request: what passes that by, such as a web socket, finds no
# name, no proxy and no way around the proxy, the loopback address included.
ARGUMENTS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://nowhere.invalid:1",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--js-flags=--max-old-space-size=512",
)
# What a program needs to start on any system; the rest, keys among it, is none of a page's business.
_ENVIRONMENT = (
    "PATH", "HOME", "LANG", "TMPDIR", "FONTCONFIG_PATH", "SYSTEMROOT", "TEMP", "TMP", "LOCALAPPDATA",
    "PROGRAMFILES", "USERPROFILE",
)  # fmt: skip


def environment() -> dict[str, str]:
    """Return the environment that the browser gets."""
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}


def find_program() -> str:
    """Return the browser's program.

    Raises:
        DependencyError: There is none, or not the package that speaks with it.
    """
    if find_spec("playwright") is None:
        raise DependencyError(
            "Rendering pages needs the package playwright, which is not installed.",
            hint="Install it with: pip install 'journeyseo[browser]'.",
        )
    named = os.environ.get(PROGRAM, "")
    found = next((path for name in ([named] if named else PROGRAMS) if (path := shutil.which(name))), None)
    if found is None:
        what = f"{named!r}, which {PROGRAM} names, is no program" if named else "none is on the PATH"
        raise DependencyError(
            f"Rendering pages needs Chromium or Chrome, and {what}.",
            hint=f"Install it, on Debian with apt install chromium, or set {PROGRAM} to its program.",
        )
    return found


def has_sandbox() -> bool:
    """Return whether the browser keeps its sandbox.

    Raises:
        ConfigError: It cannot, and nobody said that it may go without.
    """
    if os.environ.get(NO_SANDBOX, "") not in ("", "0"):
        return False
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        raise ConfigError(
            "Chromium has no sandbox where root runs it, and would run the scripts of strangers.",
            hint=f"Run it as another user; or, in a container that holds nothing else, set {NO_SANDBOX}=1.",
        )
    return True
