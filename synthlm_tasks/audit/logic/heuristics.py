"""Logic without evaluating the circuit, or not all of it."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Final

from synthlm_tasks.audit.heuristics import heuristics_of
from synthlm_tasks.audit.logic.circuits import INVERTING, cone, depths, evaluate, output
from synthlm_tasks.audit.logic.forcing import forced_values
from synthlm_tasks.audit.logic.prompts import Gate, Problem

# How often a gate gives 1 over all values of its arguments, halves rounded down.
_USUAL: Final = {"AND": 0, "NOR": 0, "NOT": 0, "XOR": 0, "OR": 1, "NAND": 1}


def _majority(bits: Iterable[int]) -> str:
    """The commoner bit; 0 of equally many."""
    found = list(bits)
    return str(int(2 * sum(found) > len(found)))


def _likely(problem: Problem, known: Mapping[str, float], gates: Iterable[Gate]) -> str:
    """Whether the last of `gates` is rather 1, with arguments taken as independent, unknown ones as coins."""
    chances = dict(known)
    name = problem.asked
    for name, kind, wires in gates:
        given = [chances.get(wire, 0.5) for wire in wires]
        chances[name] = sum(
            output(kind, list(bits)) * _weight(bits, given)
            for bits in itertools.product((0, 1), repeat=len(given))
        )
    return str(int(chances[name] > 0.5))


def _weight(bits: Iterable[int], chances: Iterable[float]) -> float:
    weight = 1.0
    for bit, chance in zip(bits, chances, strict=True):
        weight *= chance if bit else 1 - chance
    return weight


def last_gate_type(problem: Problem) -> str:
    """Labels that follow from the last gate: what its type usually gives."""
    return str(_USUAL[problem.gates[-1][1]])


def circuit_without_inputs(problem: Problem) -> str:
    """Circuits that usually give one answer: the commoner one, inputs taken as independent coins."""
    return _likely(problem, {}, problem.gates)


def gate_types(problem: Problem) -> str:
    """Labels that follow from the gates' types: what most of them usually give."""
    return _majority(_USUAL[kind] for _, kind, _ in problem.gates)


def majority_of_inputs(problem: Problem) -> str:
    """Labels that follow from the inputs: the commoner bit."""
    return _majority(problem.inputs.values())


def parity_of_inputs(problem: Problem) -> str:
    """Circuits that are XOR trees in effect: the parity of the inputs."""
    return str(sum(problem.inputs.values()) % 2)


def first_input(problem: Problem) -> str:
    """A single input that decides: the first one."""
    return str(next(iter(problem.inputs.values())))


def last_input(problem: Problem) -> str:
    """A single input that decides: the last one."""
    return str(list(problem.inputs.values())[-1])


def first_layer_majority(problem: Problem) -> str:
    """Labels that shallow gates betray: the commoner output of the gates that read inputs only."""
    gates = [gate for gate in problem.gates if set(gate[2]) <= problem.inputs.keys()]
    return _majority(output(kind, [problem.inputs[wire] for wire in wires]) for _, kind, wires in gates)


def last_gate_and_inputs(problem: Problem) -> str:
    """Last gates that an input decides alone: the last gate, with the inputs that it reads itself."""
    return _likely(problem, problem.inputs, problem.gates[-1:])


def last_two_layers(problem: Problem) -> str:
    """Circuits that are shallow in effect: the last two layers, with the inputs that they read themselves."""
    depth = depths(problem)
    gates = [gate for gate in problem.gates if depth[gate[0]] >= depth[problem.asked] - 1]
    return _likely(problem, problem.inputs, gates)


def xor_as_or(problem: Problem) -> str:
    """XOR gates that hardly matter: evaluates the circuit with OR in their place."""
    gates = [(name, "OR" if kind == "XOR" else kind, wires) for name, kind, wires in problem.gates]
    return str(evaluate(Problem(problem.inputs, gates, problem.queries), problem.inputs))


def first_chain(problem: Problem) -> str:
    """One input that decides: first arguments followed to an input, flipped at every inverting gate."""
    gates = {name: (kind, wires) for name, kind, wires in problem.gates}
    node, flips = problem.asked, 0
    while node in gates:
        kind, wires = gates[node]
        node, flips = wires[0], flips + (kind in INVERTING)
    return str(problem.inputs[node] ^ flips & 1)


def shortest_chain(problem: Problem) -> str:
    """The nearest input that decides: the shortest way to one, flipped at every inverting gate."""
    nearest = {name: (0, value) for name, value in problem.inputs.items()}
    for name, kind, wires in problem.gates:
        length, value = min((nearest[wire] for wire in wires), key=lambda chain: chain[0])
        nearest[name] = length + 1, value ^ (kind in INVERTING)
    return str(nearest[problem.asked][1])


def all_paths_averaged(problem: Problem) -> str:
    """Gates that pass their arguments on: each takes their mean, turned round at inverting gates."""
    means: dict[str, float] = dict(problem.inputs)
    for name, kind, wires in problem.gates:
        mean = sum(means[wire] for wire in wires) / len(wires)
        means[name] = 1 - mean if kind in INVERTING else mean
    return str(int(means[problem.asked] > 0.5))


def first_layer_as_coins(problem: Problem) -> str:
    """First gates that hardly matter: takes them for coins, and evaluates the rest by its inputs."""
    gates = [gate for gate in problem.gates if not problem.inputs.keys() >= set(gate[2])]
    return _likely(problem, problem.inputs, gates or problem.gates[-1:])


def forced_by_earlier_answers(problem: Problem) -> str:
    """Answers that give later ones away: what they force of the asked gate, else what its type gives."""
    kinds = {name: kind for name, kind, _ in problem.gates}
    return str(forced_values(problem).get(problem.asked, _USUAL[kinds[problem.asked]]))


def last_gate_leaves(problem: Problem) -> str:
    """Trees in which few bits matter: the parity of the bits that the last two gates read themselves."""
    wires = {wire for _, _, pair in problem.gates[-2:] for wire in pair}
    return str(sum(problem.inputs.get(wire, 0) for wire in wires) % 2)


def _of_asked_part(guess: Callable[[Problem], str]) -> Callable[[Problem], str]:
    """The same guess, of the part of the circuit that the last query's gate depends on."""

    @wraps(guess)
    def guess_of_part(problem: Problem) -> str:
        if len(problem.queries) == 1:  # all of it
            return guess(problem)
        part = cone(problem, problem.asked)
        inputs = {name: value for name, value in problem.inputs.items() if name in part}
        gates = [gate for gate in problem.gates if gate[0] in part]
        return guess(Problem(inputs, gates, problem.queries[-1:]))

    return guess_of_part


HEURISTICS: Final = heuristics_of(
    *map(
        _of_asked_part,
        (
            last_gate_type,
            circuit_without_inputs,
            gate_types,
            majority_of_inputs,
            parity_of_inputs,
            first_input,
            last_input,
            first_layer_majority,
            first_chain,
            shortest_chain,
        ),
    )
) + heuristics_of(
    *map(
        _of_asked_part,
        (last_gate_and_inputs, last_two_layers, all_paths_averaged, first_layer_as_coins, xor_as_or),
    ),
    partial=True,
)
RAMP: Final = (*HEURISTICS, *heuristics_of(forced_by_earlier_answers))
PARITY: Final = heuristics_of(
    majority_of_inputs, first_input, last_input, first_layer_majority, first_chain
) + heuristics_of(last_gate_leaves, xor_as_or, partial=True)
