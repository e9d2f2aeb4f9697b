"""Logic: inputs are replaced by their values, and what is known or asked of a gate is told with its type."""

from typing import Final

from synthlm_tasks.audit.checks import metadata
from synthlm_tasks.audit.logic.prompts import parse
from synthlm_tasks.audit.views import PAD, Question, Row, UniformDraw, View


def question(row: Row) -> Question:
    """From inputs and gates, with the inputs' values in their places, to the answer of the last query.

    The asked gate is marked, and gates whose answers stand before the last query bear them.
    """
    problem = parse(row["input_text"])
    marks = {query.gate: f"{query.answer}=" for query in problem.queries[:-1]}
    marks[problem.asked] = "?="
    tokens = [f"n{len(problem.inputs)}"]
    for name, value in problem.inputs.items():
        tokens += [name, str(value)]
    for name, kind, wires in problem.gates:
        values = [str(problem.inputs.get(wire, wire)) for wire in wires]
        tokens += [marks.get(name, "") + kind, *values, *[PAD] * (2 - len(values))]
    return Question(tokens, int(row["target"]), range(2))


def uniform_draws(row: Row) -> list[UniformDraw]:
    """The first query's answer, and whether the number of XOR gates was rounded up, in the remainder's share.

    The answers of further queries are what the inner gates happen to give.
    """
    first = parse(row["input_text"]).queries[0].answer or row["target"]
    drawn = [UniformDraw("the answer", first, ("0", "1"))]
    stated = metadata(row)
    if "xor_density" in stated and stated["num_inputs"] > 1:  # of one input there is NOT, and nothing to draw
        hundredths = round(100 * stated["xor_density"]) * stated["num_gates"]
        up, remainder = stated["num_xor"] - hundredths // 100, hundredths % 100 / 100
        if remainder:
            drawn.append(UniformDraw("XOR gates rounded up", up, (0, 1), (1 - remainder, remainder)))
    return drawn


VIEW: Final = View(question, "the answer", uniform_draws)
