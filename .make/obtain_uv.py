"""Obtain uv, the tool that installs the locked packages, with whatever this machine has."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Callable

from index import DEFAULT_INDEX, configured_certificate, configured_index

UV_VERSION = "0.13.9"
# Digests of the wheels of this version on PyPI: an index that hands out other bytes is refused.
WHEELS = {
    ("Linux", "x86_64"): (
        "uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("Linux", "aarch64"): (
        "uv-0.13.9-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    ("Darwin", "x86_64"): (
        "uv-0.13.9-py3-none-macosx_10_12_x86_64.whl",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
    ("Darwin", "arm64"): (
        "uv-0.13.9-py3-none-macosx_11_0_arm64.whl",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
}


class BootstrapError(Exception):
    """The project could not be made ready; the text says what to do."""


def obtain_uv(tools: Path, say: Callable[[str], None]) -> Path:
    """Return a uv of the pinned version or newer: the one on PATH, the one in .tools, else installed there.

    Tried in order: a virtual environment with pip, pip alone, a plain download checked by its digest.
    """
    installed = tools / "uv" / "bin" / "uv"
    on_path = shutil.which("uv")
    for candidate in [installed] + ([Path(on_path)] if on_path else []):
        if is_new_enough(candidate):
            return candidate
    say("obtaining uv %s" % UV_VERSION)
    if (platform.system(), platform.machine()) not in WHEELS:
        raise BootstrapError(
            "This kind of machine (%s %s) is not foreseen: Linux and macOS on x86_64 or arm64 are. With uv %s "
            "installed by hand and on the PATH the command may work."
            % (platform.system(), platform.machine(), UV_VERSION)
        )
    for attempt in (by_virtual_environment, by_pip, by_download):
        shutil.rmtree(str(tools / "uv"), ignore_errors=True)
        attempt(tools / "uv")
        if is_new_enough(installed):
            return installed
    raise BootstrapError("uv %s was installed in %s but does not start on this machine." % (UV_VERSION, installed))


def is_new_enough(uv: Path) -> bool:
    """Tell whether this uv starts and reads our lock file."""
    try:
        answer = subprocess.run(
            [str(uv), "--version"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        )
    except OSError:
        return False
    found = re.match(r"uv (\d+)\.(\d+)\.(\d+)", answer.stdout or "")
    wanted = tuple(int(part) for part in UV_VERSION.split("."))
    return answer.returncode == 0 and found is not None and tuple(int(part) for part in found.groups()) >= wanted


def by_virtual_environment(place: Path) -> None:
    """Install uv with the pip of a fresh virtual environment, where this Python has venv and ensurepip."""
    if quietly([sys.executable, "-m", "venv", str(place)]):
        quietly([str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv==" + UV_VERSION])


def by_pip(place: Path) -> None:
    """Install uv with the pip of this Python."""
    quietly([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(place), "uv==" + UV_VERSION])


def quietly(command: list[str]) -> bool:
    """Run a command that may fail: another way follows."""
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", PIP_ROOT_USER_ACTION="ignore")
    answer = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return answer.returncode == 0


def by_download(place: Path) -> None:
    """Download the wheel from the configured index, check its digest and take the program out of it."""
    name, digest = WHEELS[platform.system(), platform.machine()]
    index = configured_index() or DEFAULT_INDEX
    try:
        wheel = fetch(find_link(fetch(index + "/uv/").decode(), name, index + "/uv/"))
    except (urllib.error.URLError, OSError) as error:
        raise BootstrapError(
            "uv could not be downloaded from %s (%s). The first run needs the internet, or a package index: set "
            "PIP_INDEX_URL; behind a proxy set HTTPS_PROXY; a company certificate: SSL_CERT_FILE." % (index, error)
        ) from error
    if hashlib.sha256(wheel).hexdigest() != digest:
        raise BootstrapError(
            "What %s hands out as %s has another digest than expected: it was not used." % (index, name)
        )
    program = place / "bin" / "uv"
    program.parent.mkdir(parents=True, exist_ok=True)
    archive = place / name
    archive.write_bytes(wheel)
    with zipfile.ZipFile(str(archive)) as content:
        program.write_bytes(content.read("uv-%s.data/scripts/uv" % UV_VERSION))
    program.chmod(0o755)
    archive.unlink()


def fetch(url: str) -> bytes:
    """Return the bytes at this address; names and passwords in the address are used (urllib does not by itself)."""
    parts = urllib.parse.urlsplit(url)
    certificate = configured_certificate()
    handlers = [urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=certificate))]  # type: list[urllib.request.BaseHandler]
    if parts.username:
        passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        url = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        passwords.add_password(
            None,
            url,
            urllib.parse.unquote(parts.username),
            urllib.parse.unquote(parts.password or ""),
            is_authenticated=True,
        )
        handlers.append(urllib.request.HTTPBasicAuthHandler(passwords))
    request = urllib.request.Request(url, headers={"Accept": "text/html", "User-Agent": "sportello-scuola-setup"})
    with urllib.request.build_opener(*handlers).open(request, timeout=60) as answer:
        return bytes(answer.read())


def find_link(page: str, name: str, base: str) -> str:
    """Return the address of the wheel with this name on a page of the simple index."""
    links = Links()
    links.feed(page)
    for link in links.found:
        if urllib.parse.unquote(urllib.parse.urlsplit(link).path).endswith("/" + name):
            return urllib.parse.urldefrag(urllib.parse.urljoin(base, link)).url
    raise BootstrapError("The package index %s does not know %s." % (base, name))


class Links(HTMLParser):
    """The addresses of a page of the simple index."""

    def __init__(self) -> None:
        super().__init__()
        self.found = []  # type: list[str]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep each link."""
        self.found += [value for key, value in attrs if tag == "a" and key == "href" and value]
