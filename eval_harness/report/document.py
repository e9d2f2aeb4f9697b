"""Documents: one HTML file that needs no other, and runs nothing but the script that it was made with."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from importlib import resources

from eval_harness.report.charts import Style
from eval_harness.report.markup import Child, Markup, element, join


def read_asset(package: str, name: str) -> Markup:
    """Read a style sheet or script from the `assets` folder of a package."""
    return Markup((resources.files(package) / "assets" / name).read_text("utf-8"))


def document(
    title: str,
    heading: str,
    sections: Sequence[tuple[str, Markup]],
    styles: Markup,
    script: Markup | None = None,
) -> str:
    """The whole page: a heading, links to the sections, and the sections, each with its title."""
    links = [element("a", {"href": f"#s{place}"}, name) for place, (name, _) in enumerate(sections)]
    parts = [
        element("section", {"id": f"s{place}"}, element("h2", {}, name), content)
        for place, (name, content) in enumerate(sections)
    ]
    header = element("header", {}, element("h1", {}, heading), element("nav", {}, *links))
    tail = join() if script is None else element("script", {}, script)
    body = element("body", {}, header, element("main", {}, *parts), tail)
    return "<!doctype html>\n" + element("html", {"lang": "en"}, _head(title, styles, script), body)


def _head(title: str, styles: Markup, script: Markup | None) -> Markup:
    # Even if some text were taken for markup, nothing but this one script could run or load anything.
    allowed = "default-src 'none'; style-src 'unsafe-inline'"
    if script is not None:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        allowed += f"; script-src 'sha256-{digest}'"
    return element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": allowed}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("title", {}, title),
        element("style", {}, styles),
    )


def note(text: str) -> Markup:
    """What a reader has to know before a section's figures."""
    return element("p", {"class": "note"}, text)


def swatch(style: Style) -> Markup:
    """The colour of a run, to stand before its name."""
    return element("span", {"class": f"key {style.colour}"})


def figure(kind: str, caption: Child, *content: Markup) -> Markup:
    """A chart under its caption."""
    return element("figure", {"class": kind}, element("figcaption", {}, caption), *content)


def table(heads: Sequence[str], rows: Iterable[Markup]) -> Markup:
    """A table of rows that `row` made; where it is wider than the page, it scrolls by itself."""
    head = element("tr", {}, *(element("th", {"scope": "col"}, text) for text in heads))
    return scrolling(element("table", {}, element("thead", {}, head), element("tbody", {}, *rows)))


def scrolling(content: Markup) -> Markup:
    """What may be wider than the page: with a place in the keyboard's order, to scroll without a mouse."""
    return element("div", {"class": "scroll", "tabindex": "0"}, content)


def row(name: str, *cells: Child, kind: str = "") -> Markup:
    """A row of a table, named by its first cell; `kind` is a class of the style sheet."""
    first = element("th", {"scope": "row"}, name)
    return element("tr", {"class": kind} if kind else {}, first, *(element("td", {}, cell) for cell in cells))
