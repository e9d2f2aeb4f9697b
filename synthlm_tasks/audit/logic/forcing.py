"""What an earlier answer forces of the gates below it."""

from synthlm_tasks.audit.logic.circuits import output
from synthlm_tasks.audit.logic.prompts import Problem


def forced_values(problem: Problem) -> dict[str, int]:
    """Inputs, answered gates, and what the answers force downwards: of AND = 1 both arguments are 1.

    A gate's other argument counts where it is known, as inputs are; nothing is evaluated upwards.
    """
    known = dict(problem.inputs)
    known.update((query.gate, int(query.answer)) for query in problem.queries if query.answer)
    for name, kind, wires in reversed(problem.gates):
        for wire in wires:
            if name in known and wire not in known:
                others = [known.get(other) for other in wires if other != wire]
                fitting = [value for value in (0, 1) if known[name] in _outputs(kind, value, others)]
                if len(fitting) == 1:
                    known[wire] = fitting[0]
    return known


def _outputs(kind: str, value: int, others: list[int | None]) -> set[int]:
    """What a gate may give if one argument has the value, and the other one if any, unless it is None."""
    if not others:
        return {output(kind, (value, value))}
    choices = (0, 1) if others[0] is None else (others[0],)
    return {output(kind, (value, other)) for other in choices}
