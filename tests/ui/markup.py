"""Reading HTML back: its structure, its text and its attributes, as a browser would see them."""

from html.parser import HTMLParser

VOID = {"circle", "line", "meta", "link", "br", "img", "input"}


class Reader(HTMLParser):
    """Collects the tags with their attributes and the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    """The HTML as read; fails where tags do not nest."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, f"left open: {reader.open}"
    return reader


def structure(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Tags with the names of their attributes, in order."""
    return [(tag, tuple(attributes)) for tag, attributes in read(html).tags]


def find(html: str, **wanted: str) -> list[dict[str, str]]:
    """Attributes of the tags that carry all `wanted` ones; `_` in a name stands for `-`, a trailing one is dropped."""
    names = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
    return [a for _, a in read(html).tags if all(a.get(name) == value for name, value in names.items())]
