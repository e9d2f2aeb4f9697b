"""Lays the site out as the repository is: docs/ below the README, and beside them what else pages link to.

So one relative link serves readers of the site and of the repository, and pages read as code hosts show them.
"""

import re
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

_PAGES: Final = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
"""Pages that stand above docs/; the README is the home."""
_LINK: Final = re.compile(r"\]\(([^)#:\s]+)")
_CELL: Final = re.compile(r"<td\b.*?</td>", re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put every page where it is in the repository, and add what the pages link to of it."""
    docs = Path(config.docs_dir)
    root = docs.parent
    for file in [file for file in files if file.src_dir == config.docs_dir]:
        files.remove(file)
        files.append(_file(f"{docs.name}/{file.src_uri}", root, config, file))
    for name in _PAGES:
        files.append(_file(name, root, config))
    for page in files.documentation_pages():
        for path in _LINK.findall(page.content_string):
            linked = (root / page.src_uri).parent.joinpath(path).resolve()
            if linked.is_file() and linked.is_relative_to(root):
                name = linked.relative_to(root).as_posix()
                if files.get_file_from_path(name) is None:
                    files.append(_file(name, root, config))
    return files


def _file(name: str, root: Path, config: MkDocsConfig, like: File | None = None) -> File:
    made = File(name, str(root), config.site_dir, config.use_directory_urls)
    if like is not None:
        made.inclusion = like.inclusion
    return made


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Leave out the empty sidebar beside the home page."""
    if page.is_homepage:
        page.meta["hide"] = ["navigation"]
    return markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    r"""Read `\|` in a table's code as code hosts do: it is a bar that ends no cell."""
    return _CELL.sub(lambda cell: cell[0].replace("\\|", "|"), html)
