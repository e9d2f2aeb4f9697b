"""The page: safe whatever a model wrote, true to the summary, and plain about what is missing."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from run_folders import Alter, failed, settings, unanswered, write_run, wrong

from eval_harness.analysis.runs import LoadedRun, load_run, load_runs
from eval_harness.records import Record
from eval_harness.report.compared import format_points
from eval_harness.report.overview import OUTCOMES, main_finding
from eval_harness.report.page import render_page
from eval_harness.report.scales import bins, format_percent, histogram, percentile, ticks

HOSTILE = (
    '</script><script>alert(1)</script><img src=x onerror="alert(2)"><!-- ]]> "\' & \u2028\u2029\x00\ud800 '
    "https://example.com/x.png {{7*7}} ${1} ANSWER: <b>0</b>"
)


class Outline(HTMLParser):
    """Elements with their attributes, and the text of each script and of all other elements."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self._inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  # the parser's signature
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    @property
    def data(self) -> dict[str, Any]:
        held: dict[str, Any] = json.loads(self.scripts[0])
        return held


def made(tmp_path: Path, alter: Alter = lambda _, record: record, **chosen: object) -> LoadedRun:
    folder = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
    write_run(folder, settings(**{"samples_per_combo": 6, **chosen}), alter)
    return load_run(folder)


def hostile(n: int, record: Record) -> Record:
    if n % 3 == 0:
        return failed(record, HOSTILE)
    return replace(wrong(record), raw_response=HOSTILE, reasoning=HOSTILE, extracted_answer=HOSTILE)


def test_what_a_model_wrote_is_never_markup(tmp_path: Path) -> None:
    run = made(tmp_path, hostile, model=f"m{HOSTILE[:60]}")
    text = render_page([run, replace(run, name=HOSTILE)], 500)
    text.encode("utf-8")
    outline = Outline(text)
    assert len(outline.scripts) == 2  # the data and the one script of ours
    plain = Outline(
        render_page([made(tmp_path, lambda n, r: failed(r) if n % 3 == 0 else wrong(r))] * 2, 500)
    )
    assert {tag for tag, _ in outline.elements} <= {tag for tag, _ in plain.elements}
    assert not [name for _, attributes in outline.elements for name in attributes if name.startswith("on")]
    assert "\0" not in text
    replies = {sample["raw"] for sample in outline.data["samples"]}
    assert HOSTILE in replies  # whole, inside its JSON string


def test_the_page_needs_no_network_and_lets_nothing_but_its_script_run(tmp_path: Path) -> None:
    text = render_page([made(tmp_path)], 500)
    outline = Outline(text)
    loading = [a for _, a in outline.elements for name in a if name in ("src", "srcset", "data", "action")]
    assert loading == []
    assert all(a["href"].startswith("#") for _, a in outline.elements if a.get("href"))
    assert not re.search(r"url\(|@import|fetch\(|https?://(?!127\.0\.0\.1)", text)
    (policy,) = [a["content"] for _, a in outline.elements if a.get("http-equiv")]
    assert policy.startswith("default-src 'none'")
    assert "script-src 'sha256-" in policy


def test_numbers_on_the_page_are_those_of_the_summary(tmp_path: Path) -> None:
    def some(n: int, record: Record) -> Record:
        if n % 11 == 0:
            return failed(record)
        return wrong(record) if n % (2 + record.difficulty) == 0 else record

    run = made(tmp_path, some, samples_per_combo=20)
    text = Outline(render_page([run], 500)).text
    overall = run.summary["overall"]
    assert f"{format_percent(overall['accuracy'])}" in text
    low, high = overall["ci95"]
    interval = f"{format_percent(low)} to {format_percent(high)} (95%)"
    assert f"{interval}, {overall['correct']} of {overall['scored']} scored" in text
    assert (
        f"failed {overall['errors']} ({format_percent(overall['errors'] / overall['total_samples'])})" in text
    )
    for task, found in run.summary["by_task"].items():
        for level, cell in found["by_difficulty"].items():
            low, high = cell["ci95"]
            row = f"{task}{level}{format_percent(cell['chance'])}{format_percent(cell['accuracy'])}"
            told = f"[{format_percent(low)}, {format_percent(high)}] {cell['correct']} / {cell['scored']}"
            assert f"{row} {told}" in text


def test_cells_with_nothing_scored_are_empty_and_not_zero(tmp_path: Path) -> None:
    def easy_failed(_: int, record: Record) -> Record:
        return failed(record) if record.difficulty == 1 else wrong(record)

    text = render_page([made(tmp_path, easy_failed, tasks=["logic"], difficulties=[1, 2])], 500)
    (first, second) = re.findall(r'<tr><th scope="row">logic</th>(.*?)</tr>', text)
    assert "nothing scored" in first
    assert not re.search(r"\b0\.0%", first)
    assert "0.0% [0.0%" in second
    heat = text[text.index('<table class="heat">') :]
    heat = heat[: heat.index("</table>")]
    # Easy circuits have depth 2 and 3, medium ones 3 to 5.
    assert '<td class="none" title="nothing scored"></td>' in heat
    assert "0%<small>" in heat


@pytest.mark.parametrize(
    ("alter", "told", "figure"),
    [
        (lambda _, record: wrong(record), "every answer is wrong", "0.0%"),
        (lambda _, record: failed(record), "Every request failed", "—"),
        (lambda _, record: unanswered(record, "truncated"), "cut off by the token limit", "0.0%"),
        (lambda _, record: unanswered(record), "without a readable answer", "0.0%"),
        (lambda _, record: unanswered(record, "refused"), "was a refusal", "0.0%"),
        (lambda *_: None, "Nothing has been asked yet", "—"),
    ],
)
def test_runs_without_a_right_answer_read_differently(
    tmp_path: Path, alter: Alter, told: str, figure: str
) -> None:
    run = made(tmp_path, alter, tasks=["dyna"])
    text = render_page([run], 500)
    assert told in Outline(text).text
    assert f'<p class="figure{"" if figure != "—" else " none"}">{figure}</p>' in text


def test_a_finding_names_what_most_samples_met() -> None:
    none = dict.fromkeys(OUTCOMES, 0)
    assert main_finding({**none, "correct": 40, "truncated": 60}).startswith(
        "60% of the replies were cut off"
    )
    assert main_finding({**none, "correct": 30, "wrong": 70}) == "70% of the answers are wrong."
    assert main_finding({**none, "correct": 95, "pending": 5}) == "5 samples are still to be asked."
    assert main_finding({**none, "correct": 60, "wrong": 40}) == ""


def test_a_very_long_reply_is_cut_in_the_middle_and_says_so(tmp_path: Path) -> None:
    long = "a" * 50_000 + "ANSWER: B"
    run = made(tmp_path, lambda _, record: replace(record, raw_response=long), configs=["dyna-easy"])
    text = render_page([run], 500)
    raw = Outline(text).data["samples"][0]["raw"]
    assert raw.startswith("aaa")
    assert raw.endswith("ANSWER: B")
    assert "42,009 characters left out" in raw


def test_several_runs_are_compared_with_the_first(tmp_path: Path) -> None:
    first = made(tmp_path, configs=["logic-easy"])
    second = made(tmp_path, lambda n, record: wrong(record) if n < 2 else record, configs=["logic-easy"])
    text = Outline(render_page(load_runs([first.folder, second.folder]), 500)).text
    assert "6 samples scored in both" in text
    assert "-33.3" in text
    other = made(tmp_path, configs=["dyna-easy"])
    assert "Not compared" in Outline(render_page(load_runs([first.folder, other.folder]), 500)).text


def test_of_several_comparisons_each_is_folded_with_its_overall_difference_in_sight(tmp_path: Path) -> None:
    first = made(tmp_path, configs=["logic-easy"])
    others = [
        made(tmp_path, lambda n, record: wrong(record) if n < 2 else record, configs=["logic-easy"])
        for _ in range(2)
    ]
    pair = render_page([first, others[0]], 0)
    assert pair.count('<details class="comparison" open="">') == 1
    text = render_page([first, *others], 0)
    folded = re.findall(r'<details class="comparison"><summary>(.*?)</summary>', text)
    assert len(folded) == 2
    assert all("-33.3 points, from" in head for head in folded)


def test_a_table_that_scrolls_can_be_reached_by_the_keyboard(tmp_path: Path) -> None:
    outline = Outline(render_page([made(tmp_path)], 0))
    scrolling = [attributes for _, attributes in outline.elements if attributes.get("class") == "scroll"]
    assert len(scrolling) > 4  # the table of levels, and a map of each task
    assert all(attributes.get("tabindex") == "0" for attributes in scrolling)


def test_the_summary_comes_from_the_journal_not_from_an_old_file(tmp_path: Path) -> None:
    run = made(tmp_path)
    (run.folder / "summary.json").write_text('{"overall": "stale"}')
    assert load_run(run.folder).summary == run.summary


def test_histograms_count_every_value_once() -> None:
    for values in ([3.0] * 4, [1.0, 2.0, 3.0], [1.0, 10.0, 1000.0, 55.5], [0.0, 5.0]):
        edges, logarithmic = bins(values)
        shown = histogram(values, edges, logarithmic)
        assert sum(shown.counts) == len(values)
        assert edges[0] <= min(values)
        assert edges[-1] >= max(values)


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0, 100, logarithmic=False) == [0, 20, 40, 60, 80, 100]
    assert ticks(3, 900, logarithmic=True) == [3, 10, 30, 100, 300]
    assert ticks(3, 4_000, logarithmic=True) == [10, 100, 1000]
    assert percentile([1, 2, 3, 4], 0.5) == 2.5
    assert percentile([7], 0.95) == 7


def test_nothing_is_shown_as_less_than_nothing() -> None:
    assert [format_percent(share, 0) for share in (-0.004, 0.004, -0.006, None)] == ["0%", "0%", "-1%", "—"]
    assert [format_points(difference) for difference in (-0.0004, -0.0006)] == ["+0.0", "-0.1"]
