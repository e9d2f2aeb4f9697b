"""Names of repositories on the Hugging Face Hub, by the Hub's own rules."""

import re
from typing import Final

_LONGEST: Final = 96

# The Hub's servers, like `huggingface_hub.utils.validate_repo_id`, which lacks some of them by its version.
_RULES: Final = (
    (
        re.compile(r"[^A-Za-z0-9_.-]"),
        "holds more than a to z, A to Z, 0 to 9, '-', '_' and '.'",
    ),
    (re.compile(r"^[-.]|[-.]$"), "begins or ends with '-' or '.'"),
    (re.compile(r"--|\.\."), "holds '--' or '..'"),
    (re.compile(r"\.(git|ipynb)$"), "ends with '.git' or '.ipynb'"),
)


def find_name_fault(repo: str, *, with_owner: bool) -> str | None:
    """The rule of the Hub that a repository's name breaks, in words; None where it may be one.

    The name is user/name; without `with_owner` also name alone, as some old public ones are.
    """
    parts = repo.split("/")
    if not (len(parts) == 2 or (len(parts) == 1 and not with_owner)) or not all(parts):
        return "not of the form user/name"
    for part in parts:
        for rule, words in _RULES:
            if rule.search(part):
                return f"{part!r} {words}"
        if len(part) > _LONGEST:
            return f"{part[:20]!r}… is longer than {_LONGEST} characters"
    return None
