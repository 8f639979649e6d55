"""Text that means harm, and a reader who notes what of it would run."""

from __future__ import annotations

from html.parser import HTMLParser

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}\u202e"


class Reader(HTMLParser):
    """Reads a page as a browser does and notes what would run."""

    def __init__(self) -> None:
        super().__init__()
        self.dangers: list[str] = []
        self.linked_data: list[str] = []
        self._in_linked_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._in_linked_data = tag == "script" and given == {"type": "application/ld+json"}
        if self._in_linked_data:
            return  # a browser runs nothing of it; that it is whole, and JSON, the test sees
        if any(name.startswith("on") or name == "style" for name in given):
            self.dangers.append(f"{tag} {given}")
        loads = tag in {"script", "img", "link"} and given.get("rel") != "canonical"  # that one names an address only
        if loads and not (given.get("src") or given.get("href") or "").startswith("/"):
            self.dangers.append(f"{tag} {given}")
        if (given.get("href") or "").lower().strip().startswith(("javascript:", "data:")):
            self.dangers.append(f"{tag} {given}")

    def handle_data(self, data: str) -> None:
        if self._in_linked_data:
            self.linked_data.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_linked_data = self._in_linked_data and tag != "script"
