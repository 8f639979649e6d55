"""Takes webapp/screenshot.webp, the picture in the README, anew of a running demonstration; CONTRIBUTING says how.

``python -m tests.browser.picture [ADDRESS]``, where ``make run`` serves.
"""

from __future__ import annotations

import base64
import shutil
import sys

from playwright.sync_api import sync_playwright

from tests import CHECKOUT

SIZE = {"width": 1100, "height": 900}
SOUGHT, SPOKEN = "communication", "pt-br"


def take(site: str) -> bytes:
    """A search for who offers a capacity in a language, as a WebP picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(viewport=SIZE, locale="en", color_scheme="light").new_page()
        asked = {"q": SOUGHT, "class": "capacity"}
        (found, *_) = page.request.get(f"{site}/suggest.json", params=asked).json()["suggestions"]
        page.goto(f"{site}{found['url']}&role=offers&language={SPOKEN}")
        page.wait_for_load_state("networkidle")
        taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": 80})
        browser.close()
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    picture = take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
    (CHECKOUT / "webapp" / "screenshot.webp").write_bytes(picture)
