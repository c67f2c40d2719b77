"""Builds the web site for a test, and looks at its pages: as files, and in a Chromium without a network."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

WIDTHS = (380, 1400)


def build(root: Path, out: Path, *options: str) -> subprocess.CompletedProcess:
    """Runs what `make site` runs, in a copy of the repository."""
    command = [sys.executable, str(root / "site/build.py"), "--out", str(out), *options]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(root)})


@functools.cache
def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def pages_of(html: Path) -> list[Path]:
    return sorted(html.rglob("*.html"))


def lost(html: Path) -> list[tuple[str, str]]:
    """Page and address of every link, image, script and style that leads to no file of the site, or to no place in it."""
    found = []
    for page in pages_of(html):
        for tag in soup(page).find_all(["a", "img", "link", "script"]):
            address = tag.get("href") or tag.get("src") or ""
            if not address or urlsplit(address).scheme in ("http", "https", "data", "mailto"):
                continue
            path, anchor = urldefrag(urljoin(page.as_uri(), address))
            target = Path(unquote(urlsplit(path).path))
            known = target.is_file() and (
                not anchor or target.suffix != ".html" or soup(target).find(id=unquote(anchor)) is not None
            )
            if not known:
                found.append((page.relative_to(html).as_posix(), address))
    return found


def faults(browser, address: str, *, widths=WIDTHS, axe: bool = True) -> list[str]:
    """Opens a page of a folder without a network, in both themes and in windows of these widths; returns what is wrong there.

    That is: what the console says, what is asked of anywhere else, a page that scrolls sideways, an image without alt text, text of
    (nearly) the colour behind it, and what axe-core finds serious.
    """
    found = []
    for theme in ("light", "dark"):
        context = browser.new_context(color_scheme=theme, viewport={"width": 1400, "height": 1000}, offline=True)
        page, said = context.new_page(), []
        page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.on(
            "request",
            lambda request, said=said: (
                None if request.url.startswith(("file:", "data:")) else said.append(f"asks {request.url}")
            ),
        )
        for width in widths:
            page.set_viewport_size({"width": width, "height": 1000})
            page.goto(address)
            page.wait_for_load_state("load")
            assert page.locator("html").get_attribute("data-theme") == theme
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                said.append(f"{wide} px wide in a window of {width}")
            said += page.evaluate(
                "[...document.images].filter(image => !image.alt.trim()).map(image => `no alt: ${image.src}`)"
            )
            said += page.evaluate(
                "[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => `empty: ${i.src}`)"
            )
            if axe:
                # Axe would load the page's styles again, which a browser refuses for files.
                results = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response
                said += [
                    f"{one['id']}: {one['nodes'][0]['html'][:100]}"
                    for one in results["violations"]
                    if one["impact"] in ("serious", "critical")
                ]
            found += [f"{theme}, {width} px: {line}" for line in said]
            said.clear()
        context.close()
    return found


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """A plain web server for a folder; yields its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
