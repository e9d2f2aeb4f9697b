"""The checks themselves: each reads the design's examples, and each complaint is raised when due."""

import json
import re

import pytest
from worked_examples import (
    ANSWERS,
    DYNA,
    DYNA_QUERIES,
    FILTRO,
    FILTRO_SEVERAL,
    INDUCTO,
    LOGIC,
    OPEN,
    PARITY,
)

from synthlm_tasks.audit.inducto import space as inducto_space
from synthlm_tasks.audit.registry import task_audit


@pytest.mark.parametrize(("task", "text", "answer"), ANSWERS)
def test_examples_have_the_answers_worked_out_by_hand(task: str, text: str, answer: str) -> None:
    assert task_audit(task).checks.answer(text) == answer


@pytest.mark.parametrize(("task", "text"), [(task, text) for task, text, _ in ANSWERS])
def test_parsers_refuse_anything_but_the_exact_format(task: str, text: str) -> None:
    oracle = task_audit(task).checks
    broken = [text + " ", " " + text, text[:-3], text.replace(" || ", "||"), text.replace(" | ", " |")]
    broken += [text.lower().replace("query", "ask"), text.replace(" ->", "->"), text + text, ""]
    for other in broken:
        if other != text:
            with pytest.raises(ValueError, match="not a"):
                oracle.parse(other)


def row(task: str, text: str, target: str, **metadata: object) -> dict[str, object]:
    """A row as an oracle wants it."""
    return {"input_text": text, "target": target, "metadata": json.dumps(metadata), "task": task}


DYNA_NOTES = {"state_size": 5, "num_ops": 3, "initial": "random", "effective_ops": 2, "query": "position"}
DYNA_ROW = row("dyna", DYNA, "C", **DYNA_NOTES, num_queries=1)
INDUCTO_ROW = row(
    "inducto",
    INDUCTO,
    "T S R Q P",
    rule="REVERSE",
    rule_level=1,
    num_examples=2,
    num_queries=1,
    length_unseen=False,
    query_length=5,
)
FILTRO_ROW = row(
    "filtro",
    FILTRO,
    "mu",
    num_hops=2,
    num_nodes=3,
    effective_hops=1,
    pattern="alternating",
    vocabulary="disjoint",
    noise=1,
    num_queries=1,
    query_stream="A",
)
SEVERAL_ROW = row(
    "filtro",
    FILTRO_SEVERAL,
    "beta",
    num_hops=1,
    num_nodes=6,
    effective_hops=1,
    pattern="random",
    vocabulary="disjoint",
    noise=0,
    num_queries=3,
    query_stream="A",
)
LOGIC_NOTES = {"depth": 3, "num_inputs": 3, "width": 1, "xor_density": 0.5, "num_gates": 3, "num_xor": 2}
LOGIC_ROW = row("logic", LOGIC, "0", **LOGIC_NOTES, num_queries=1)
PARITY_ROW = row("logic", PARITY, "1", num_bits=3, num_gates=2, depth=2)
OPEN_ROW = row("inducto", OPEN, "W U Z V Y X", sequence_length=6, num_examples=1, num_queries=1)
HELD_OUT_ROW = {
    **row(
        "inducto",
        "Ex1: [A B C D E] -> [D C E B A] | Ex2: [X Y Z W V U T] -> [V W T Z Y X U] | Query: [P Q R S T] ->",
        "S R T Q P",
        rule="ROTATE_RIGHT(1) then REVERSE",
        rule_level=3,
        num_examples=2,
        held_out=True,
        num_queries=1,
        length_unseen=False,
        query_length=5,
    ),
    "sample_id": "inducto-heldout_3_test_0",
    "split": "test",
    "difficulty": 3,
}
# The worked example has five letters, of which two may be asked: the sixth stays last.
DYNA_QUERIES_ROW = row(
    "dyna",
    DYNA_QUERIES.replace(", E]", ", E, F]"),
    "D",
    **{**DYNA_NOTES, "state_size": 6},
    num_queries=3,
)
DYNA_ORDERED_ROW = row(
    "dyna",
    "STATE [A, B, C] || OPS ROTATE_LEFT(2) || QUERY element C ->",
    "0",
    state_size=3,
    num_ops=1,
    initial="ordered",
    num_queries=1,
    effective_ops=1,
    query="element",
)
ROWS = (
    DYNA_QUERIES_ROW,
    DYNA_ORDERED_ROW,
    OPEN_ROW,
    DYNA_ROW,
    INDUCTO_ROW,
    FILTRO_ROW,
    SEVERAL_ROW,
    LOGIC_ROW,
    PARITY_ROW,
)


@pytest.mark.parametrize("good", ROWS)
def test_good_rows_pass(good: dict[str, object]) -> None:
    assert task_audit(str(good["task"])).checks.violations(good) == []


BROKEN = [
    (DYNA_ROW, "SWAP(0,2)", "SWAP(0,5)", "out of range"),
    (DYNA_ROW, "SWAP(0,2)", "SWAP(3,2)", "out of range"),
    (DYNA_ROW, "LEFT(1)", "LEFT(5)", "out of range"),
    (DYNA_ROW, "SWAP(0,2)", "ROTATE_RIGHT(3)", "commute"),
    (DYNA_ROW, "REVERSE(1,4)", "REVERSE(1,2)", "commute|too seldom|answer"),
    (DYNA_ROW, "position 3", "position 1", "answer is not"),
    (DYNA_ROW, "position 3", "position 7", "does not exist"),
    (DYNA_ROW, "position 3", "element Z", "does not exist"),
    (DYNA_ROW, "B, D", "D, D", "repeat"),
    (DYNA_ROW, ", E]", ", E, F]", "state_size=5"),
    (DYNA_ROW, "B, D, A, C", "B, D, A, F", "answer is not"),
    (DYNA_ROW, "position 3", "element D", "effective_ops=2, it is 1"),
    (DYNA_QUERIES_ROW, "-> C", "-> B", "stands behind a query is wrong"),
    (DYNA_QUERIES_ROW, "element E -> 2", "element C -> 3", "two queries ask about one element"),
    (DYNA_QUERIES_ROW, ", E, F]", ", E]", "more than half"),
    (DYNA_QUERIES_ROW, " || QUERY element E -> 2", "", "num_queries=3, it is 2"),
    (DYNA_ORDERED_ROW, "A, B, C", "A, B, D", "initial='ordered', it is 'random'|does not exist"),
    (DYNA_ORDERED_ROW, "A, B, C", "B, A, C", "initial='ordered', it is 'random'"),
    (INDUCTO_ROW, "A B C D] -> [D C B A", "A B C D] -> [D C A B", "allow the answers"),
    (INDUCTO_ROW, "X Y Z W V] -> [V W Z Y X", "X Y Z W X] -> [X W Z Y X", "distinct"),
    (INDUCTO_ROW, "Query: [P Q R S T]", "Query: [P Q R S]", "answers|does not"),
    (INDUCTO_ROW, "Query: [P Q R S T]", "Query: [X Y Z W V]", "example's output|answers"),
    (OPEN_ROW, "C A F B E D", "B A D C F E", "published space"),
    (OPEN_ROW, "C A F B E D", "C A F B E A", "not one rearrangement"),
    (OPEN_ROW, "U V W X Y Z", "U V W X Y", "not one rearrangement"),
    (OPEN_ROW, "A B C D E F", "D B C A E F", "answer is not"),
    (FILTRO_ROW, "hops=2", "hops=3", "hops on 3 nodes"),
    (FILTRO_ROW, "hops=2", "hops=1", "answer is not"),
    (FILTRO_ROW, "A:alpha hops", "A:nu hops", "not in the asked"),
    (FILTRO_ROW, "A:mu->alpha", "A:mu->beta", "not one cycle"),
    (FILTRO_ROW, " | B:blue->teal", "", "not one cycle"),
    (FILTRO_ROW, "B:red->blue | A:beta->mu", "A:beta->mu | B:red->blue", "not alternating"),
    (FILTRO_ROW, "teal", "nu", "Greek"),
    (SEVERAL_ROW, "A:mu hops=1 -> pi", "A:mu hops=1 -> eta", "earlier answer is wrong"),
    (SEVERAL_ROW, "A:mu hops=1 -> pi", "A:mu hops=2 -> eta", "not of one stream and one number"),
    (SEVERAL_ROW, "A:mu hops=1 -> pi", "B:mu hops=1 -> pi", "not of one stream and one number"),
    (SEVERAL_ROW, "A:mu hops=1 -> pi", "A:nu hops=1 -> pi", "earlier query's node is not"),
    (SEVERAL_ROW, "A:mu hops=1 -> pi", "A:pi hops=1 -> eta", "asked about twice"),
    (SEVERAL_ROW, "|| QUERY A:alpha", "|| QUERY A:beta hops=1 -> mu || QUERY A:alpha", "more than half"),
    (SEVERAL_ROW, " || QUERY A:mu hops=1 -> pi", "", "num_queries=3"),
    (LOGIC_ROW, "g2=XOR(g1,g0)", "g2=XOR(g1,g1)", "same|cone|constant"),
    (LOGIC_ROW, "g1=AND(g0,x2)", "g1=AND(g0,x1)", "cone"),
    (LOGIC_ROW, "g1=AND(g0,x2)", "g1=OR(g2,x2)", "before it is known"),
    (LOGIC_ROW, "g2=XOR(g1,g0)", "g2=AND(g1,g0)", "num_xor=2"),
    (LOGIC_ROW, "x0=1", "x0=0", "no single input matters|answer|^$"),
    (LOGIC_ROW, "QUERY g2", "QUERY g1", "not about the last gate"),
    (LOGIC_ROW, "QUERY g2", "QUERY g3", "asked gate does not exist"),
    (PARITY_ROW, "x0=1", "x0=0", "parity"),
    (PARITY_ROW, "QUERY g1", "QUERY g1 -> 1 || QUERY g0", "more than one query"),
    (PARITY_ROW, "g0=XOR", "g0=AND", "other gates"),
    (PARITY_ROW, "g1=XOR(x1,g0)", "g1=XOR(x2,g0)", "tree"),
]


@pytest.mark.parametrize(("good", "old", "new", "complaint"), BROKEN)
def test_broken_rows_are_complained_about(good: dict[str, str], old: str, new: str, complaint: str) -> None:
    assert old in good["input_text"]
    bad = {**good, "input_text": good["input_text"].replace(old, new)}
    found = "; ".join(task_audit(good["task"]).checks.violations(bad))
    assert re.search(complaint, found), found


def test_answers_that_lead_round_are_complained_about() -> None:
    """Of n nodes two h hops apart, twice h hops come round: who knows the size knows the second answer."""
    around = FILTRO_SEVERAL.partition(" || ")[0] + " || QUERY A:mu hops=3 -> xi || QUERY A:xi hops=3 ->"
    said = {**json.loads(SEVERAL_ROW["metadata"]), "num_hops": 3, "effective_hops": 3, "num_queries": 2}
    bad = {**SEVERAL_ROW, "input_text": around, "target": "mu", "metadata": json.dumps(said)}
    assert task_audit("filtro").checks.violations(bad) == [
        "the answers lead round, so that the others tell one of them"
    ]


@pytest.mark.parametrize("good", ROWS)
def test_wrong_answers_and_wrong_metadata_are_complained_about(good: dict[str, str]) -> None:
    violations = task_audit(good["task"]).checks.violations
    assert violations({**good, "target": "B" if good["target"] != "B" else "A"})
    metadata = json.loads(good["metadata"])
    for name in metadata:
        assert violations({**good, "metadata": json.dumps({**metadata, name: "zebra"})}), name
        missing = {other: value for other, value in metadata.items() if other != name}
        assert violations({**good, "metadata": json.dumps(missing)}), name
    assert violations({**good, "metadata": json.dumps({**metadata, "more": 1})})


RULES = {
    "ROTATE_LEFT(3)": ("DABC", "DEABC", "DEFABC", "DEFGABC", "DEFGHABC"),
    "ROTATE_RIGHT(1)": ("DABC", "EABCD", "FABCDE", "GABCDEF", "HABCDEFG"),
    "DROP_FIRST(2)": ("CD", "CDE", "CDEF", "CDEFG", "CDEFGH"),
    "DROP_LAST(1)": ("ABC", "ABCD", "ABCDE", "ABCDEF", "ABCDEFG"),
    "DUPLICATE_EACH": ("AABBCCDD", "AABBCCDDEE", "AABBCCDDEEFF", "AABBCCDDEEFFGG", "AABBCCDDEEFFGGHH"),
    "TAKE_EVERY_NTH(2,1)": ("BD", "BD", "BDF", "BDF", "BDFH"),
    "TAKE_EVERY_NTH(3,0)": ("AD", "AD", "AD", "ADG", "ADG"),
    "INTERLEAVE_HALVES": ("ACBD", "ADBEC", "ADBECF", "AEBFCGD", "AEBFCGDH"),
    "SWAP_PAIRS": ("BADC", "BADCE", "BADCFE", "BADCFEG", "BADCFEHG"),
    "SORT_DESC": ("DCBA", "EDCBA", "FEDCBA", "GFEDCBA", "HGFEDCBA"),
    "CAESAR_SHIFT(2)": ("CDEF", "CDEFG", "CDEFGH", "CDEFGHI", "CDEFGHIJ"),
    "MIRROR": ("ABCDDCBA", "ABCDEEDCBA", "ABCDEFFEDCBA", "ABCDEFGGFEDCBA", "ABCDEFGHHGFEDCBA"),
    "SWAP_ENDS": ("DBCA", "EBCDA", "FBCDEA", "GBCDEFA", "HBCDEFGA"),
    "SWAP_HALVES": ("CDAB", "DECAB", "DEFABC", "EFGDABC", "EFGHABCD"),
    "EVENS_THEN_ODDS": ("ACBD", "ACEBD", "ACEBDF", "ACEGBDF", "ACEGBDFH"),
    "REVERSE_SEGMENTS(3)": ("CBAD", "CBAED", "CBAFED", "CBAFEDG", "CBAFEDHG"),
    "REVERSE_SEGMENTS(4)": ("DCBA", "DCBAE", "DCBAFE", "DCBAGFE", "DCBAHGFE"),
    "SORT_DESC then SWAP_PAIRS": ("CDAB", "DEBCA", "EFCDAB", "FGDEBCA", "GHEFCDAB"),
}


@pytest.mark.parametrize("name", RULES)
def test_rules_do_what_the_table_says(name: str) -> None:
    assert tuple(inducto_space.rule(name)("ABCDEFGH"[:n]) for n in range(4, 9)) == RULES[name]


def test_the_rule_space_has_29_rules_and_none_of_them_twice() -> None:
    assert len(inducto_space.ATOMS) == 29
    assert len({inducto_space.signature(name) for name in inducto_space.ATOMS}) == 29
    assert [inducto_space.level(name) for name in ("SORT then REVERSE", "SORT", "SORT then MIRROR")] == [
        2,
        2,
        3,
    ]
