"""Documents: one HTML file that needs no other, and runs nothing but the script that it was made with."""

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources

from eval_harness.report.markup import Markup, element, joined


def asset(package: str, name: str) -> Markup:
    """A style sheet or script from the `assets` folder of a package."""
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
        element("section", {"id": f"s{place}"}, element("h2", {}, name), held)
        for place, (name, held) in enumerate(sections)
    ]
    header = element("header", {}, element("h1", {}, heading), element("nav", {}, *links))
    tail = joined() if script is None else element("script", {}, script)
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
