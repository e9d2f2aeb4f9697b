"""Reading back: every problem is solved from its text alone, with steps, as the oracles solve it."""

import time

import pytest
from support import STOCK, listed
from worked_examples import ANSWERS, DYNA, FILTRO, FILTRO_SEVERAL, INDUCTO, INDUCTO_SEVERAL, LOGIC

from synthlm_tasks import TASKS
from synthlm_tasks.rows.reading import ReadingError, first_query


@pytest.mark.parametrize("name", STOCK)
@pytest.mark.parametrize("split", ["train", "test"])
def test_every_target_is_derived_from_the_text(name: str, split: str) -> None:
    for row in listed(name, split, 100):
        task = TASKS[row["task"]]
        derived = task.reading.derive(row["input_text"])
        assert derived.answer == row["target"]
        assert derived.steps
        assert derived.wrong_answers
        for other in derived.wrong_answers:
            assert other != row["target"]
            assert task.answer_kind(other) == task.answer_kind(row["target"])


@pytest.mark.parametrize(("task", "text", "answer"), ANSWERS)
def test_examples_have_the_answers_worked_out_by_hand(task: str, text: str, answer: str) -> None:
    assert TASKS[task].reading.derive(text).answer == answer


@pytest.mark.parametrize(
    ("task", "text", "steps"),
    [
        (
            "dyna",
            DYNA,
            (
                "start: B D A C E",
                "SWAP(0,2): A D B C E",
                "ROTATE_LEFT(1): D B C E A",
                "REVERSE(1,4): D A E C B",
                "position 3: C",
            ),
        ),
        (
            "inducto",
            INDUCTO,
            (
                "Ex1: 18 of 626 rules fit",
                "Ex2: 3 of 626 rules fit",
                "REVERSE: P Q R S T -> T S R Q P",
            ),
        ),
        (
            "inducto",
            INDUCTO_SEVERAL,
            (
                "query 1: Query: [P Q R S T]",
                "Ex1: 18 of 626 rules fit",
                "Ex2: 3 of 626 rules fit",
                "REVERSE: P Q R S T -> T S R Q P",
                "query 2: Query: [K B D]",
                "REVERSE: K B D -> D B K",
            ),
        ),
        ("filtro", FILTRO, ("hop 1: A:alpha->beta", "hop 2: A:beta->mu")),
        (
            "filtro",
            FILTRO_SEVERAL,
            (
                "query 1: QUERY A:mu hops=1",
                "hop 1: A:mu->pi",
                "query 2: QUERY A:pi hops=1",
                "hop 1: A:pi->eta",
                "query 3: QUERY A:alpha hops=1",
                "hop 1: A:alpha->beta",
            ),
        ),
        (
            "logic",
            LOGIC,
            ("g0=XOR(x0,x1) = XOR(1,0) = 1", "g1=AND(g0,x2) = AND(1,1) = 1", "g2=XOR(g1,g0) = XOR(1,1) = 0"),
        ),
    ],
)
def test_steps_can_be_followed_by_eye(task: str, text: str, steps: tuple[str, ...]) -> None:
    assert TASKS[task].reading.derive(text).steps == steps


BROKEN = {
    "dyna": [
        DYNA + " ",
        DYNA[:-3],
        DYNA.replace("SWAP(0,2)", "SWAP(0,5)"),
        DYNA.replace("SWAP(0,2)", "SWAP(3,2)"),
        DYNA.replace("position 3", "position 5"),
        DYNA.replace("position 3", "element Z"),
        DYNA.replace("SWAP(0,2)", "ROTATE_LEFT(0,2)"),
    ],
    "inducto": [
        INDUCTO.replace("Query", "CompletionRequest"),
        INDUCTO.replace("D C B A", "D C A A"),  # no rule fits
        INDUCTO_SEVERAL.replace("-> [T S R Q P]", "-> [T S R P Q]"),  # a wrong answer stands there
        INDUCTO_SEVERAL.replace("-> [T S R Q P]", "->"),
        "Ex1: [A B C D] -> [D C B A] | Query: [P Q R S T] ->",  # several answers do
    ],
    "filtro": [
        FILTRO.replace("A:alpha hops", "A:xi hops"),
        FILTRO.replace("->beta", ""),
        FILTRO_SEVERAL.replace("-> eta", "-> xi"),
        FILTRO_SEVERAL.replace("A:pi hops=1 -> eta", "A:pi hops=1 ->"),
        "",
    ],
    "logic": [
        LOGIC.replace("x1=0 ", ""),
        LOGIC.replace("AND", "MAYBE"),
        LOGIC.replace("QUERY g2", "QUERY g3"),
    ],
}


@pytest.mark.parametrize(("task", "text"), [(task, text) for task, texts in BROKEN.items() for text in texts])
def test_a_text_without_one_answer_is_refused(task: str, text: str) -> None:
    with pytest.raises(ReadingError, match=f"{task} problem"):
        TASKS[task].reading.derive(text)


@pytest.mark.parametrize(("task", "text", "answer"), ANSWERS)
def test_the_last_problem_of_a_prompt_is_found_though_its_rule_shows_pieces(
    task: str, text: str, answer: str
) -> None:
    rule, reading = TASKS[task].rule, TASKS[task].reading
    found = reading.find_last(f"{rule}\n\n{ANSWERS[0][1]}\n\n{text}\n\nANSWER: <answer>")
    assert found
    assert found[0] == text
    assert reading.derive_match(found).answer == answer
    assert reading.find_last(rule) is None


@pytest.mark.parametrize(
    "piece", ["STATE [A, ", "A, A", "Ex1: [A] -> [A] | ", "EDGES A:a->b | ", "INPUTS x0=1 "]
)
def test_looking_for_problems_takes_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.process_time()
    for task in TASKS.values():
        assert task.reading.find_last(text) is None
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("row", "first"),
    [
        (("… || QUERY position 3 -> D || QUERY element B ->", "2"), ("… || QUERY position 3 ->", "D")),
        (
            ("EDGES A:mu->xi || QUERY A:mu hops=1 -> xi || QUERY A:xi hops=1 -> mu || QUERY …", "pi"),
            ("EDGES A:mu->xi || QUERY A:mu hops=1 ->", "xi"),
        ),
        (
            ("Ex1: [A B] -> [B A] | Query: [P Q] -> [Q P] | Query: [X Y] ->", "Y X"),
            ("Ex1: [A B] -> [B A] | Query: [P Q] ->", "Q P"),
        ),
        (("Ex1: [A B] -> [B A] | Query: [P Q] ->", "Q P"), ("Ex1: [A B] -> [B A] | Query: [P Q] ->", "Q P")),
        (("no query -> at all", "x"), ("no query -> at all", "x")),
    ],
)
def test_the_first_query_of_a_row_is_the_row_up_to_it_with_its_answer(
    row: tuple[str, str], first: tuple[str, str]
) -> None:
    assert first_query(*row) == first
