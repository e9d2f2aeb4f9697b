"""What typesets an answer is no answer, and what hides one is seen through: members of each kind."""

import pytest

from eval_harness.records import Reply
from eval_harness.scoring.extraction import extract
from eval_harness.scoring.typography import plain_text
from eval_harness.scoring.verdicts import judge
from synthlm_tasks import TASKS
from synthlm_tasks.rows.answers import AnswerKind

KINDS: dict[str, AnswerKind] = {kind.name: kind for task in TASKS.values() for kind in task.answers}
LETTER, INDEX, SEQUENCE, GREEK = (KINDS[name] for name in ("letter", "index", "sequence", "greek"))


def check(kind: AnswerKind, content: str, answer: str | None) -> None:
    assert extract(content, kind)[0] == answer


@pytest.mark.parametrize(
    "content",
    [
        "ANSWER: <b>C</b>",
        "ANSWER: <B>C</B>",
        "ANSWER: <i>C</i>",
        "ANSWER: <strong>C</strong>",
        "ANSWER: <em> C</em>.",
        "ANSWER: <code>C</code>",
        "ANSWER: <u><b>C</b></u>",
        "ANSWER: **<b>C</b>**",
        "ANSWER: <span style='color: red'>C</span>",
        "ANSWER: <font color=red>C</font>",
        "ANSWER: <a href='https://x.y/b'>C</a>",
        "ANSWER: <final>C</final>",
        "ANSWER: <my-answer>C</my-answer>",
        "ANSWER: <final>C",
        "ANSWER: <b>C",
        "ANSWER: <b> C",
        "ANSWER: C</b>",
        "ANSWER: C <b>",
        "ANSWER: C<br>",
        "ANSWER:<br/>C",
        "ANSWER: <i></i>C",
        "ANSWER:\n<b>\nC\n</b>",
        "<b>ANSWER: C</b>",
        "<b>ANSWER:</b> C",
        "<b>ANSWER</b>: C",
        "<b><i>ANSWER: C</i></b> because of the swap",
        "<p>ANSWER: C</p><p>It was moved there by A.</p>",
        "<div>ANSWER:</div><div>C</div>",
        "<tr><td>ANSWER:</td><td>C</td></tr>",
        "<ul><li>ANSWER: C</li></ul>",
        "<h3>Final ANSWER: C</h3>",
        "ANSWER:\n```html\n<b>C</b>\n```",
        "ANSWER: <answer><b>C</b></answer>",
        "ANSWER: &lt;b&gt;C&lt;/b&gt;",
        "ANSWER:&nbsp;C",
        "ANSWER: [b]C[/b]",
        "ANSWER: [color=red]C[/color]",
        "ANSWER: ~~A~~ C",
        "ANSWER: <del>A</del> C",
        "ANSWER: <strike>A</strike> <b>C</b>",
        "ANSWER: <!-- not A --> C",
        r"ANSWER: \textcolor{red}{C}",
        "ANSWER: \x1b[1mC\x1b[0m",
        r"\boxed{<b>C</b>}",
        "The final answer is <b>C</b>.",
        "<b>C</b>",
    ],
)
def test_tags_are_no_answers(content: str) -> None:
    check(LETTER, content, "C")


def test_angle_brackets_around_a_capital_are_brackets_and_a_tag_alone_is_nothing() -> None:
    for capital in "ABIPQSU":
        for content in ("ANSWER: <@>", "ANSWER: **<@>**", "**ANSWER: **<@>****", "ANSWER: <@> because"):
            check(LETTER, content.replace("@", capital), capital)
        check(LETTER, f"ANSWER: <{capital.lower()}>", None)


HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u061c\u200e\u200f\u202a\u202e\u2066\u2069\ufe0f\x00\x7f"


@pytest.mark.parametrize("hidden", HIDDEN)
def test_invisible_characters_are_dropped_wherever_they_stand(hidden: str) -> None:
    for content in ("ANSWER: @C", "ANSWER: C@", "@ANSWER:@ **@C@**", "ANS@WER: C", "@C@", "ANSWER@: C"):
        check(LETTER, content.replace("@", hidden), "C")


@pytest.mark.parametrize("space", "\u00a0\u2003\u2009\u202f\u3000")
def test_every_space_is_a_space(space: str) -> None:
    check(LETTER, f"ANSWER:{space}C{space}", "C")
    check(SEQUENCE, f"ANSWER: T{space}S", "T S")


TOKENS = (
    "<|im_end|> <|eot_id|> <|end|> <|endoftext|> <|end_of_text|> <|return|> <|eom_id|> <|END_OF_TURN_TOKEN|> "
    "<｜end▁of▁sentence｜> [|endofturn|] <end_of_turn> <eos> <EOS> </s> [/INST] [EOS] <end_of_utterance>"
)


@pytest.mark.parametrize("token", [*TOKENS.split(), " [end of text]"])
def test_tokens_of_a_chat_template_are_dropped(token: str) -> None:
    marked = ("ANSWER: C@", "ANSWER: **C**.@", "**ANSWER: C**@", "ANSWER: C@@", "ANSWER: C@\nuser\nNext: A")
    for content in (*marked, r"\boxed{C}@", "The final answer is C@", "C@"):
        check(LETTER, content.replace("@", token), "C")
    assert extract(f" C{token}", LETTER, "completions")[0] == "C"


@pytest.mark.parametrize(
    ("kind", "content", "answer"),
    [
        (LETTER, "ＡＮＳＷＥＲ：Ｃ", "C"),
        (LETTER, "ANSWER: ｃ．", "C"),
        (LETTER, "ANSWER: （Ｃ）", "C"),
        (LETTER, "ANSWER: 𝐂", "C"),
        (LETTER, "ANSWER: 𝙲", "C"),
        (LETTER, "ANSWER: Ⓒ", "C"),
        (LETTER, "ANSWER∶ C", "C"),
        (LETTER, "ANSWER﹕ C", "C"),
        (INDEX, "ANSWER: １２", "12"),
        (INDEX, "ANSWER: 𝟙𝟚", "12"),
        (SEQUENCE, "ANSWER: ［Ｔ，Ｓ，Ｒ］", "T S R"),
        (SEQUENCE, "ANSWER:\u3000Ｔ\u3000Ｓ", "T S"),
        (GREEK, "ANSWER: ｂｅｔａ", "beta"),
        (INDEX, "ANSWER: \N{SUPERSCRIPT THREE}", None),
    ],
)
def test_full_width_and_mathematical_letters_and_digits_are_plain_ones(
    kind: AnswerKind, content: str, answer: str | None
) -> None:
    check(kind, content, answer)


@pytest.mark.parametrize("pair", [*zip("([{<“‘„«‹「『【《⟨", ")]}>”’“»›」』】》⟩", strict=True)])
@pytest.mark.parametrize(
    ("kind", "answer"), [(LETTER, "C"), (INDEX, "3"), (GREEK, "beta"), (SEQUENCE, "T S R")]
)
def test_brackets_around_an_answer_are_forgiven(pair: tuple[str, str], kind: AnswerKind, answer: str) -> None:
    opening, closing = pair
    for content in ("ANSWER: @", "ANSWER: **@**", "ANSWER: @.", "ANSWER: @ because it is", "@", r"\boxed{@}"):
        check(kind, content.replace("@", f"{opening}{answer}{closing}"), answer)


@pytest.mark.parametrize(
    ("kind", "content", "answer"),
    [
        (LETTER, "ANSWER: ((C))", "C"),
        (LETTER, "ANSWER: (**C**)", "C"),
        (LETTER, "ANSWER: [C](https://x.y/z)", "C"),
        (INDEX, r"ANSWER: $\left(3\right)$", "3"),
        (INDEX, r"ANSWER: \{3\}", "3"),
        (LETTER, "[ANSWER: C]", "C"),
        (LETTER, "ANSWER: (C", "C"),
        (LETTER, "ANSWER: (C, D)", None),
        (LETTER, "ANSWER: (C) or (D)", None),
        (LETTER, "ANSWER: [x] C", None),
        (LETTER, "ANSWER: (a) C", None),
        (INDEX, "ANSWER: [3, 4]", None),
        (INDEX, "ANSWER: (-1)", None),
        (SEQUENCE, "ANSWER: []", None),
    ],
)
def test_brackets_hold_one_answer_or_none(kind: AnswerKind, content: str, answer: str | None) -> None:
    check(kind, content, answer)


@pytest.mark.parametrize(
    "content",
    [
        "ANSWER: **3** → **4**",
        "ANSWER: **3** -> 4",
        "ANSWER: **3** ⇒ **4**",
        r"ANSWER: $3$ \to $4$",
        r"ANSWER: \boxed{3} \rightarrow \boxed{4}",
        "ANSWER: **3** ≠ **4**",
        "ANSWER: `3`, not `4`",
        "ANSWER: **3**, not 4",
        "ANSWER: **3** (not 4)",
        "ANSWER: **3** (or 4)",
        "ANSWER: **3** rather than **4**",
        "ANSWER: **3** instead of `4`",
        "ANSWER: **3**, then **4**",
        "ANSWER: **3** ... wait, 4",
        "ANSWER: **3** — no, **4**",
        "ANSWER: **3**? **4**",
        "ANSWER: **3** - 4",
        "ANSWER: **3**; 4",
        "ANSWER: **3** 4",
        "ANSWER: **3**4",
        "ANSWER: **3**/**4**",
        "ANSWER: <b>3</b> or <b>4</b>",
        "ANSWER: <i>3</i> <i>4</i>",
        "<b>ANSWER: 3</b> or 4",
        "**ANSWER: 3** → **4**",
        "ANSWER: (3) vs (4)",
        "The final answer is **3** → **4**.",
    ],
)
def test_another_answer_behind_an_enclosed_one_leaves_none(content: str) -> None:
    check(INDEX, content, None)
    check(LETTER, content.replace("3", "C").replace("4", "D"), None)


@pytest.mark.parametrize(
    "content",
    [
        "ANSWER: **C** (it was moved there by the swap)",
        "ANSWER: **C** — the last letter",
        "ANSWER: **C** (**C**)",
        "ANSWER: **C**, not sure though",
        "ANSWER: **C**, but a swap moved it",
        "ANSWER: **C** (or something else)",
        "ANSWER: **C** (position 3 of `[A, B, C]`)",
        "ANSWER: <b>C</b> because it is there",
        "ANSWER: (C) is right",
    ],
)
def test_a_remark_behind_an_enclosed_answer_is_none(content: str) -> None:
    check(LETTER, content, "C")


@pytest.mark.parametrize("placeholder", ["<b><answer></b>", "&lt;answer&gt;", "**`<answer>`**"])
def test_the_prompts_own_placeholder_is_none_in_any_dress(placeholder: str) -> None:
    check(LETTER, f"ANSWER: C\n(as ANSWER: {placeholder})", "C")


def test_plain_text_stays_as_it_is() -> None:
    plain = "ANSWER: é ß 中文 \u03b2 \U0001f600 \n\t"
    assert plain_text(plain) == plain


def test_a_reply_of_invisible_characters_is_an_empty_one() -> None:
    for content, reasoning in (("\u200b\ufeff", "so ANSWER: C"), ("", "so \u200bANSWER: Ｃ")):
        reply = Reply(content, reasoning, "", "stop", None, None, None, latency_ms=1.0, attempts=1)
        verdict = judge(reply, "C", LETTER)
        assert (verdict.is_correct, verdict.source) == (True, "reasoning")
