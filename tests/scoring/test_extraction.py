"""Replies and what they are worth: a table anyone can check by eye, then the rules one by one."""

import time

import pytest

from eval_harness.records import Reply, Verdict
from eval_harness.scoring.extraction import extract, visible_text
from eval_harness.scoring.verdicts import judge
from synthlm_tasks import TASKS
from synthlm_tasks.rows.answers import AnswerKind

KINDS: dict[str, AnswerKind] = {kind.name: kind for task in TASKS.values() for kind in task.answers}
LETTER, INDEX, SEQUENCE, BIT = (KINDS[name] for name in ("letter", "index", "sequence", "bit"))
GREEK, COLOUR = KINDS["greek"], KINDS["colour"]


def reply(content: str, **fields: object) -> Reply:
    """A reply that finished by itself, unless `fields` say otherwise."""
    plain = {"reasoning": "", "refusal": "", "finish_reason": "stop", "model": None}
    counts = {"prompt_tokens": None, "completion_tokens": None, "latency_ms": 1.0, "attempts": 1}
    return Reply(**{"content": content, **plain, **counts, **fields})  # type: ignore[arg-type]


# (kind, reply, answer read from it or None, rule that found it)
REPLIES: list[tuple[AnswerKind, str, str | None, str | None]] = [
    # the marker, plain
    (LETTER, "ANSWER: B", "B", "marker"),
    (LETTER, "First A, then C.\nANSWER: B", "B", "marker"),
    (LETTER, "ANSWER:B", "B", "marker"),
    (LETTER, "ANSWER : B", "B", "marker"),
    (LETTER, "ANSWER: b", "B", "marker"),
    (LETTER, "Answer: B", "B", "marker"),
    (LETTER, "answer: B", "B", "marker"),
    (LETTER, "Final Answer: B", "B", "marker"),
    (LETTER, "# ANSWER: B", "B", "marker"),
    (LETTER, "> ANSWER: B", "B", "marker"),
    (LETTER, "ANSWER\uff1aB", "B", "marker"),
    (LETTER, "ANSWER: B.", "B", "marker"),
    (LETTER, "ANSWER: B\r\n", "B", "marker"),
    (LETTER, "ANSWER: B   \n\n", "B", "marker"),
    (LETTER, "ANSWER: B\nThat is the letter at position 3.", "B", "marker"),
    (LETTER, "(ANSWER: B)", "B", "marker"),
    (LETTER, '"ANSWER: B"', "B", "marker"),
    (INDEX, "ANSWER: 3", "3", "marker"),
    (INDEX, "ANSWER: 03", "3", "marker"),
    (INDEX, "ANSWER: 0", "0", "marker"),
    (INDEX, "ANSWER: 19", "19", "marker"),
    (BIT, "ANSWER: 1", "1", "marker"),
    (GREEK, "ANSWER: Beta", "beta", "marker"),
    (COLOUR, "ANSWER: TEAL.", "teal", "marker"),
    (SEQUENCE, "ANSWER: T S R Q P", "T S R Q P", "marker"),
    (SEQUENCE, "ANSWER: [T S R Q P]", "T S R Q P", "marker"),
    (SEQUENCE, "ANSWER: [T, S, R, Q, P]", "T S R Q P", "marker"),
    (SEQUENCE, "ANSWER: (t,s,r,q,p)", "T S R Q P", "marker"),
    (SEQUENCE, "ANSWER: T, S, R, Q, P.", "T S R Q P", "marker"),
    (SEQUENCE, "ANSWER:  T  S   R Q P", "T S R Q P", "marker"),
    # the marker, typeset
    (LETTER, "**ANSWER: B**", "B", "marker"),
    (LETTER, "**ANSWER:** B", "B", "marker"),
    (LETTER, "**ANSWER**: B", "B", "marker"),
    (LETTER, "**ANSWER:** **B**", "B", "marker"),
    (LETTER, "**ANSWER: B.**", "B", "marker"),
    (LETTER, "ANSWER: **B**", "B", "marker"),
    (LETTER, "ANSWER: **B**.", "B", "marker"),
    (LETTER, "ANSWER: ***B***", "B", "marker"),
    (LETTER, "ANSWER: *B*", "B", "marker"),
    (LETTER, "ANSWER: __B__", "B", "marker"),
    (LETTER, "ANSWER: `B`", "B", "marker"),
    (LETTER, "`ANSWER: B`", "B", "marker"),
    (LETTER, "ANSWER: **`B`**", "B", "marker"),
    (LETTER, 'ANSWER: "B"', "B", "marker"),
    (LETTER, "ANSWER: \u201cB\u201d", "B", "marker"),
    (LETTER, "ANSWER: <B>", "B", "marker"),
    (LETTER, "ANSWER: <answer>B</answer>", "B", "marker"),
    (LETTER, "ANSWER: $B$", "B", "marker"),
    (LETTER, "ANSWER: $$B$$", "B", "marker"),
    (LETTER, r"ANSWER: \(B\)", "B", "marker"),
    (LETTER, r"ANSWER: \boxed{B}", "B", "marker"),
    (LETTER, r"ANSWER: $\boxed{\text{B}}$", "B", "marker"),
    (LETTER, r"$\boxed{\text{ANSWER: B}}$", "B", "marker"),
    (LETTER, r"\textbf{ANSWER:} B", "B", "marker"),
    (LETTER, "ANSWER: B<|im_end|>", "B", "marker"),
    (LETTER, "ANSWER: B</s>", "B", "marker"),
    (GREEK, r"ANSWER: $\beta$", "beta", "marker"),
    (SEQUENCE, "ANSWER: `[T S R Q P]`", "T S R Q P", "marker"),
    (SEQUENCE, "**ANSWER: [T, S, R, Q, P]**", "T S R Q P", "marker"),
    (SEQUENCE, r"ANSWER: $\boxed{T\ S\ R\ Q\ P}$", "T S R Q P", "marker"),
    (SEQUENCE, r"ANSWER: \boxed{\text{T S R Q P}}", "T S R Q P", "marker"),
    # the marker, its answer on the next line
    (LETTER, "ANSWER:\nB", "B", "marker"),
    (LETTER, "ANSWER:\n\n  B", "B", "marker"),
    (LETTER, "**ANSWER:**\n\n**B**", "B", "marker"),
    (LETTER, "ANSWER:\n```\nB\n```", "B", "marker"),
    (LETTER, "ANSWER:\n```text\nB\n```", "B", "marker"),
    (LETTER, "ANSWER:\n$$\n\\boxed{B}\n$$", "B", "marker"),
    (LETTER, "ANSWER:\n\\[\n\\boxed{B}\n\\]", "B", "marker"),
    (LETTER, "ANSWER:\nSo it is B", None, None),
    # the last marker wins, whatever it holds
    (LETTER, "ANSWER: A\nWait, no.\nANSWER: B", "B", "marker"),
    (LETTER, "ANSWER: A ANSWER: B", "B", "marker"),
    (LETTER, "ANSWER: B\nANSWER: unclear", None, None),
    (LETTER, "ANSWER: B\nANSWER:", None, None),
    (LETTER, r"It is \boxed{A}. ANSWER: B", "B", "marker"),
    (LETTER, r"ANSWER: B, or \boxed{A}", None, None),
    (LETTER, "The final answer is A.\nANSWER: B", "B", "marker"),
    # remarks may follow an enclosed answer, alternatives may not
    (LETTER, "ANSWER: **B** (it was moved there by the swap)", "B", "marker"),
    (LETTER, "**ANSWER: B** because it was moved", "B", "marker"),
    (LETTER, "ANSWER: **B** or **C**", None, None),
    (LETTER, "**ANSWER: B** or C", None, None),
    (LETTER, "**ANSWER:** B **or** C", None, None),
    (LETTER, "**ANSWER**: B **or** C", None, None),
    (LETTER, "ANSWER: 'B', 'C'", None, None),
    (LETTER, "ANSWER: B or C", None, None),
    (LETTER, "ANSWER: B because it was moved there", None, None),
    # the prompt's own placeholder is no answer and hides none
    (LETTER, "ANSWER: <answer>", None, None),
    (LETTER, "ANSWER: B\n(in the form `ANSWER: <answer>`)", "B", "marker"),
    (LETTER, "I end with a line ANSWER: <answer> where <answer> is a letter.\nANSWER: B", "B", "marker"),
    (LETTER, "ANSWER: B\nANSWER: **<answer>**", "B", "marker"),
    (LETTER, r"I write ANSWER: <answer>. So \boxed{B}", "B", "boxed"),
    # a candidate outside the domain
    (LETTER, "ANSWER: 3", None, None),
    (LETTER, "ANSWER: BC", None, None),
    (LETTER, "ANSWER: element B", None, None),
    (LETTER, "ANSWER: unknown", None, None),
    (LETTER, "ANSWER: -", None, None),
    (INDEX, "ANSWER: B", None, None),
    (INDEX, "ANSWER: 20", None, None),
    (INDEX, "ANSWER: -1", None, None),
    (INDEX, "ANSWER: 3.0", None, None),
    (INDEX, "ANSWER: position 3", None, None),
    (INDEX, "ANSWER: three", None, None),
    (BIT, "ANSWER: 2", None, None),
    (BIT, "ANSWER: true", None, None),
    (GREEK, "ANSWER: teal", None, None),
    (GREEK, "ANSWER: A:beta", None, None),
    (COLOUR, "ANSWER: beta", None, None),
    (SEQUENCE, "ANSWER: TSRQP", None, None),
    (SEQUENCE, "ANSWER: T", None, None),
    (SEQUENCE, "ANSWER: []", None, None),
    # no word that merely contains the marker
    (LETTER, "ANSWERS: B", None, None),
    (LETTER, "UNANSWER: B", None, None),
    # \boxed{}
    (LETTER, r"So the letter is \boxed{B}.", "B", "boxed"),
    (LETTER, r"Not \boxed{A} but \boxed{B}", "B", "boxed"),
    (LETTER, r"$$\boxed{\mathrm{B}}$$ which is right", "B", "boxed"),
    (LETTER, r"\boxed{ B }", "B", "boxed"),
    (LETTER, "\\boxed{\nB\n}", "B", "boxed"),
    (LETTER, r"Put it in \boxed{}: \boxed{B} (not \boxed{})", "B", "boxed"),
    (LETTER, r"\boxed{B", "B", "boxed"),
    (LETTER, r"\boxed{BC} and the final answer is B", None, None),
    (SEQUENCE, r"\boxed{[T, S, R]}", "T S R", "boxed"),
    (GREEK, r"\boxed{\alpha}", "alpha", "boxed"),
    # "final answer is"
    (LETTER, "The final answer is B.", "B", "final answer"),
    (LETTER, "the FINAL ANSWER IS **B**", "B", "final answer"),
    (LETTER, "The final answer is: $B$", "B", "final answer"),
    (LETTER, "The final answer is:\n\nB", "B", "final answer"),
    (LETTER, "The final answer is A. No: the final answer is B.", "B", "final answer"),
    (LETTER, "The final answer is unclear, maybe B.", None, None),
    (LETTER, "The answer is B.", None, None),
    # the whole reply
    (LETTER, "B", "B", "whole reply"),
    (LETTER, "  b\n", "B", "whole reply"),
    (LETTER, "**B**", "B", "whole reply"),
    (LETTER, "B.", "B", "whole reply"),
    (LETTER, "`B`<|eot_id|>", "B", "whole reply"),
    (LETTER, "**B** stands there", None, None),
    (LETTER, "B\nbecause it was moved", None, None),
    (LETTER, "I", "I", "whole reply"),
    (INDEX, "3", "3", "whole reply"),
    (INDEX, "It is at 3", None, None),
    (SEQUENCE, "T S R", "T S R", "whole reply"),
    (SEQUENCE, "[T, S, R]", "T S R", "whole reply"),
    (GREEK, "beta", "beta", "whole reply"),
    (LETTER, "", None, None),
    (LETTER, " \n\t", None, None),
    # digits and letters that merely occur are not guessed from
    (BIT, "g0 is 1, g1 is 0, so g2 is 1", None, None),
    (LETTER, "Either A or B; I am not sure.", None, None),
    # reasoning inside the content
    (LETTER, "<think>ANSWER: A</think>B", "B", "whole reply"),
    (LETTER, "<think>ANSWER: A</think>\n\nANSWER: B", "B", "marker"),
    (LETTER, "<THINK>ANSWER: A</THINK>ANSWER: B", "B", "marker"),
    (LETTER, "ANSWER: A</think>ANSWER: B", "B", "marker"),
    (LETTER, "ANSWER: A</think>", None, None),
    (LETTER, "<think>ANSWER: A", None, None),
    (LETTER, "ANSWER: A <think> or rather", None, None),
    (LETTER, "<think>ANSWER: A</think>", None, None),
    (LETTER, "<think>one</think>ANSWER: B<think>ANSWER: A</think>", "B", "marker"),
    (LETTER, "<think>I use <think> here. ANSWER: A</think>ANSWER: B", "B", "marker"),
    (LETTER, "<think>x<think>y</think>ANSWER: A</think>ANSWER: B", "B", "marker"),
    (LETTER, "<think>ANSWER: A</think>ANSWER: B<think>", None, None),
    # bytes that were no UTF-8 are replaced before; the rest scores normally
    (LETTER, "caf\ufffd\nANSWER: B", "B", "marker"),
]


@pytest.mark.parametrize(("kind", "content", "answer", "source"), REPLIES)
def test_what_a_reply_is_read_as(
    kind: AnswerKind, content: str, answer: str | None, source: str | None
) -> None:
    outcome = "no_answer" if answer is None else "ok"
    assert judge(reply(content), "Z", kind) == Verdict(outcome, answer, is_correct=False, source=source)
    if answer is not None:
        assert judge(reply(content), answer, kind) == Verdict("ok", answer, is_correct=True, source=source)


@pytest.mark.parametrize("kind", KINDS.values())
def test_a_bare_answer_of_any_kind_is_an_answer(kind: AnswerKind) -> None:
    examples = {"letter": "Q", "index": "12", "sequence": "A A B", "greek": "xi", "colour": "red", "bit": "0"}
    target = examples[kind.name]
    for content in (target, f"ANSWER: {target}", rf"\boxed{{{target}}}", f"The final answer is {target}."):
        assert judge(reply(content), target, kind).is_correct


@pytest.mark.parametrize(
    ("content", "fields", "verdict"),
    [
        # cut off before an answer, and after one
        ("Let me see. First", {"finish_reason": "length"}, ("truncated", None)),
        ("", {"finish_reason": "length"}, ("truncated", None)),
        ("<think>hmm", {"finish_reason": "length"}, ("truncated", None)),
        ("ANSWER:", {"finish_reason": "length"}, ("truncated", None)),
        ("ANSWER: B", {"finish_reason": "length"}, ("ok", "B")),
        ("B", {"finish_reason": "length"}, ("ok", "B")),
        # refused, whatever else is said
        ("", {"refusal": "I cannot help with that."}, ("refused", None)),
        ("ANSWER: B", {"refusal": "I cannot help with that."}, ("refused", None)),
        ("ANSWER: B", {"finish_reason": "content_filter"}, ("refused", None)),
        ("ANSWER: B", {"refusal": " "}, ("ok", "B")),
        # how a reply ended matters to nothing else
        ("ANSWER: B", {"finish_reason": None}, ("ok", "B")),
        ("ANSWER: B", {"finish_reason": "tool_calls"}, ("ok", "B")),
        ("Hm.", {"finish_reason": None}, ("no_answer", None)),
        # the reasoning field: an explicit marker, with empty content, in a reply that finished by itself
        ("", {"reasoning": "so ANSWER: B"}, ("ok", "B")),
        (" \n", {"reasoning": "ANSWER: A, no. ANSWER: B"}, ("ok", "B")),
        ("", {"reasoning": "ANSWER: unclear"}, ("no_answer", None)),
        ("", {"reasoning": "ANSWER: <answer>"}, ("no_answer", None)),
        ("", {"reasoning": r"so \boxed{B}"}, ("no_answer", None)),
        ("", {"reasoning": "the final answer is B"}, ("no_answer", None)),
        ("", {"reasoning": "B"}, ("no_answer", None)),
        ("", {"reasoning": "ANSWER: B", "finish_reason": "length"}, ("truncated", None)),
        ("", {"reasoning": "ANSWER: B", "finish_reason": None}, ("no_answer", None)),
        ("", {"reasoning": "ANSWER: B", "finish_reason": "content_filter"}, ("refused", None)),
        ("Hm.", {"reasoning": "ANSWER: B"}, ("no_answer", None)),
        ("<think>", {"reasoning": "ANSWER: B"}, ("no_answer", None)),
        ("ANSWER: A", {"reasoning": "ANSWER: B"}, ("ok", "A")),
    ],
)
def test_outcomes(content: str, fields: dict[str, object], verdict: tuple[str, str | None]) -> None:
    outcome, answer = verdict
    judged = judge(reply(content, **fields), "B", LETTER)
    assert (judged.outcome, judged.extracted_answer, judged.is_correct) == (outcome, answer, answer == "B")


def test_an_answer_from_the_reasoning_field_is_flagged() -> None:
    assert judge(reply("", reasoning="ANSWER: B"), "B", LETTER).source == "reasoning"


@pytest.mark.parametrize(
    ("content", "chat", "completions"),
    [
        (" B\n\nSTATE [A, B]", None, "B"),
        ("\n\n B \nC", None, "B"),
        (" B", "B", "B"),
        ("I think\nB", None, None),
        ("B\nANSWER: C", "C", "C"),
    ],
)
def test_a_completion_is_read_by_its_first_line(
    content: str, chat: str | None, completions: str | None
) -> None:
    assert extract(content, LETTER, "chat")[0] == chat
    assert extract(content, LETTER, "completions")[0] == completions


def test_what_is_visible_of_a_reply() -> None:
    assert visible_text("a<think>b</think>c<think>d</think>e") == "ace"
    assert visible_text("a</think>b</think>c") == "c"
    assert visible_text("a<think>b") is None


HOSTILE = [
    "ANSWER: <answer> ",
    "ANSWER: ",
    "ANSWER:\n",
    "**ANSWER: ",
    "answer",
    r"\boxed{",
    r"\boxed",
    r"\boxed{}",
    "final answer is ",
    "<think>",
    "<think></think>",
    "</think>",
    "<",
    "*",
    "`",
    "$",
    "{",
    "}",
    "\\",
    " ",
    "\n",
    ".",
    ". ",
    "0",
    "A ",
    "<|a",
    "</s>",
    "\ufffd",
    "<b>",
    "<think a",
    "[THINK]",
    "<|channel|>",
    "analysis",
    "ANSWER: <b>",
    "ANSWER: **A** → ",
    "ANSWER: &lt;",
    "ANSWER: [b]",
    "ANSWER: ~~",
    "ANSWER: (",
    "\u200b",
    "Ａ",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("kind", [SEQUENCE, INDEX])
def test_hostile_replies_take_linear_time(piece: str, kind: AnswerKind) -> None:
    def seconds(size: int) -> float:
        content = piece * (size // len(piece))
        started = time.process_time()
        judge(reply("x" + content, reasoning=content), "A B", kind)
        judge(reply("", reasoning=content), "A B", kind)
        return time.process_time() - started

    small, large = seconds(1 << 16), seconds(1 << 20)
    # 16 times the size; a quadratic step would take 256 times as long.
    assert large < 64 * max(small, 0.002)


def test_a_reply_of_8_mib_is_read_in_seconds() -> None:
    content = "ANSWER: <answer> <think></think>" * ((8 << 20) // 32)
    started = time.process_time()
    assert judge(reply(content + "\nANSWER: B"), "B", LETTER).is_correct
    assert time.process_time() - started < 20
