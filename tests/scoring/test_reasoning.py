"""Reasoning inside the content: in every spelling its draft is no answer, and hides what follows unclosed."""

import pytest

from eval_harness.scoring.extraction import extract
from synthlm_tasks import TASKS

LETTER = next(kind for kind in TASKS["dyna"].answers if kind.name == "letter")

SPELLINGS = {
    "DeepSeek, Qwen": ("<think>", "</think>"),
    "capitals": ("<THINK>", "</THINK>"),
    "spaces": ("< think >", "</ think >"),
    "attributes": ('<think signature="ErUB/x+y==">', "</think>"),
    "budget": ("<thinking budget=1024 mode='a b'>", "</thinking>"),
    "Claude": ("<thinking>", "</thinking>"),
    "Claude, older": ("<antThinking>", "</antThinking>"),
    "EXAONE": ("<thought>", "</thought>"),
    "plural": ("<thoughts>", "</thoughts>"),
    "Reka": ("<reasoning>", "</reasoning>"),
    "reflection": ("<reflection>", "</reflection>"),
    "scratchpad": ("<scratchpad>", "</scratchpad>"),
    "analysis": ("<analysis>", "</analysis>"),
    "monologue": ("<inner_monologue>", "</inner_monologue>"),
    "Seed": ("<seed:think>", "</seed:think>"),
    "LongCat": ("<longcat_think>", "</longcat_think>"),
    "Magistral": ("[THINK]", "[/THINK]"),
    "Kimi": ("◁think▷", "◁/think▷"),
    "Command A": ("<|START_THINKING|>", "<|END_THINKING|>"),
    "OpenThinker": ("<|begin_of_thought|>", "<|end_of_thought|>"),
    "token": ("<|think|>", "<|/think|>"),
    "full-width token": ("<｜think｜>", "<｜/think｜>"),
    "gpt-oss": (
        "<|channel|>analysis<|message|>",
        "<|end|><|start|>assistant<|channel|>final<|message|>",
    ),
    "gpt-oss, a tool's": (
        "<|channel|>commentary<|message|>",
        "<|start|>assistant<|channel|>final<|message|>",
    ),
    "gpt-oss without tokens": ("analysisWe see. ", "assistantfinal"),
    "Gemma": ("<|channel>thought\n", "<channel|>"),
    "MedGemma": ("<unused94>thought\n", "<unused95>"),
}


def answer(content: str) -> str | None:
    return extract(content, LETTER)[0]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_draft_is_no_answer_in_any_spelling(spelling: str) -> None:
    opening, closing = SPELLINGS[spelling]
    assert answer(f"{opening}ANSWER: A{closing}ANSWER: B") == "B"
    assert answer(f"{opening}ANSWER: A{closing}\n\nB") == "B"
    assert answer(f"ANSWER: A{closing}ANSWER: B") == "B"  # the opening stood in the prompt
    assert answer(f"ANSWER: A{closing}") is None
    assert answer(f"{opening}ANSWER: A") is None
    assert answer(f"{opening}\nB") is None


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_what_is_unclosed_after_an_answer_takes_it_back(spelling: str) -> None:
    opening, _ = SPELLINGS[spelling]
    if not opening.startswith("analysis"):  # bare, it is a mark at the beginning alone
        assert answer(f"ANSWER: A {opening}or rather") is None


def test_only_what_was_opened_is_closed() -> None:
    assert answer("<thinking><analysis>x</analysis>ANSWER: A") is None
    assert answer("<thinking><analysis>x</analysis>ANSWER: A</thinking>ANSWER: B") == "B"
    assert answer("<think>ANSWER: A</thinking>ANSWER: B") == "B"


@pytest.mark.parametrize(
    "content",
    [
        "<think/>ANSWER: B",
        "<think />ANSWER: B",
        "Analysis: it was moved.\nANSWER: B",
        "analysis of the moves\nANSWER: B",
        "[Analysis] It was moved.\nANSWER: B",
        "I am a <thinker> of sorts.\nANSWER: B",
        "<reasonable>ANSWER: B",
        "The final channel.\nANSWER: B",
    ],
)
def test_what_only_looks_like_a_mark_is_none(content: str) -> None:
    assert answer(content) == "B"
