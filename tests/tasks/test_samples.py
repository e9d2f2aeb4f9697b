"""The published sample prompts: the first training row of every level and grid, with seed 42.

`python tests/helpers/samples.py` prints the table below from the installed package.
"""

import pytest
from support import STOCK, listed

# config: (prompt, answer)
SAMPLES: dict[str, tuple[str, str]] = {
    "dyna-easy": (
        "STATE [O, F, E, T, C, A] || OPS SWAP(1,3) | SWAP(0,3) | ROTATE_LEFT(4) | REVERSE(4,5) | "
        "REVERSE(0,5) | SWAP(3,5) | ROTATE_LEFT(2) | SWAP(0,3) || QUERY position 3 ->",
        "T",
    ),
    "dyna-medium": (
        "STATE [N, S, Y, X, H, K, F, M, L, J] || OPS ROTATE_RIGHT(1) | SWAP(3,9) | ROTATE_RIGHT(7) "
        "| SWAP(1,9) | REVERSE(1,5) | SWAP(4,6) | REVERSE(0,7) | ROTATE_RIGHT(5) | SWAP(1,9) | "
        "REVERSE(7,9) | REVERSE(5,7) | REVERSE(1,7) | ROTATE_LEFT(6) | SWAP(5,9) || QUERY position "
        "2 ->",
        "Y",
    ),
    "dyna-hard": (
        "STATE [D, M, I, F, S, R, K, E, O, G, Z, N, B, A, U, C, V, J, W] || OPS SWAP(5,9) | "
        "SWAP(5,18) | SWAP(3,5) | SWAP(5,16) | ROTATE_LEFT(13) | REVERSE(10,17) | REVERSE(11,13) | "
        "SWAP(11,16) | ROTATE_RIGHT(8) | REVERSE(9,15) | SWAP(4,10) | SWAP(4,6) | ROTATE_LEFT(11) |"
        " SWAP(2,16) | REVERSE(0,3) | REVERSE(1,9) | ROTATE_LEFT(3) | SWAP(12,15) | REVERSE(9,14) |"
        " ROTATE_LEFT(17) | SWAP(12,16) | ROTATE_LEFT(2) | REVERSE(8,15) || QUERY element Z ->",
        "7",
    ),
    "dyna-commuting-easy": (
        "STATE [Z, S, W, C, A, F, L] || OPS ROTATE_LEFT(3) | ROTATE_LEFT(2) | ROTATE_RIGHT(3) | "
        "ROTATE_LEFT(2) | ROTATE_RIGHT(3) | ROTATE_RIGHT(1) || QUERY element L ->",
        "6",
    ),
    "dyna-commuting-medium": (
        "STATE [V, Z, W, Y, A, H, R, C, P, G, L, E] || OPS ROTATE_LEFT(9) | ROTATE_RIGHT(8) | "
        "ROTATE_RIGHT(2) | ROTATE_LEFT(5) | ROTATE_RIGHT(2) | ROTATE_RIGHT(6) | ROTATE_LEFT(2) | "
        "ROTATE_RIGHT(5) | ROTATE_LEFT(11) | ROTATE_RIGHT(9) | ROTATE_LEFT(9) | ROTATE_RIGHT(4) | "
        "ROTATE_LEFT(9) | ROTATE_RIGHT(10) | ROTATE_LEFT(6) | ROTATE_RIGHT(3) || QUERY element E ->",
        "9",
    ),
    "dyna-commuting-hard": (
        "STATE [N, Y, Q, A, T, U, S, X, F, W, D, L, V] || OPS ROTATE_LEFT(10) | ROTATE_RIGHT(5) | "
        "ROTATE_RIGHT(11) | ROTATE_RIGHT(3) | ROTATE_LEFT(3) | ROTATE_LEFT(12) | ROTATE_RIGHT(9) | "
        "ROTATE_RIGHT(12) | ROTATE_LEFT(1) | ROTATE_RIGHT(7) | ROTATE_LEFT(6) | ROTATE_RIGHT(9) | "
        "ROTATE_LEFT(11) | ROTATE_RIGHT(11) | ROTATE_RIGHT(6) | ROTATE_RIGHT(4) | ROTATE_RIGHT(11) "
        "| ROTATE_RIGHT(12) | ROTATE_RIGHT(7) | ROTATE_LEFT(12) | ROTATE_RIGHT(9) | "
        "ROTATE_RIGHT(12) | ROTATE_LEFT(6) | ROTATE_RIGHT(10) | ROTATE_RIGHT(6) | ROTATE_RIGHT(10) "
        "| ROTATE_LEFT(9) | ROTATE_LEFT(5) | ROTATE_RIGHT(11) | ROTATE_RIGHT(1) | ROTATE_RIGHT(4) |"
        " ROTATE_LEFT(3) | ROTATE_RIGHT(1) | ROTATE_RIGHT(10) | ROTATE_LEFT(12) | ROTATE_RIGHT(4) |"
        " ROTATE_LEFT(8) | ROTATE_LEFT(8) | ROTATE_RIGHT(4) | ROTATE_RIGHT(6) | ROTATE_RIGHT(7) | "
        "ROTATE_LEFT(7) | ROTATE_LEFT(5) | ROTATE_RIGHT(6) | ROTATE_RIGHT(8) || QUERY element Q ->",
        "9",
    ),
    "dyna-swaps-easy": (
        "STATE [X, R, N, J, D, C] || OPS SWAP(0,3) | SWAP(3,5) | SWAP(2,5) | SWAP(0,5) | SWAP(0,4) "
        "| SWAP(2,4) | SWAP(4,5) || QUERY element R ->",
        "1",
    ),
    "dyna-swaps-medium": (
        "STATE [N, F, E, R, A, G, D, X, H, M, O, U] || OPS SWAP(0,8) | SWAP(8,10) | SWAP(1,10) | "
        "SWAP(1,4) | SWAP(4,6) | SWAP(0,6) | SWAP(0,3) | SWAP(3,6) | SWAP(6,8) | SWAP(5,6) | "
        "SWAP(1,5) | SWAP(1,4) | SWAP(2,4) | SWAP(4,9) | SWAP(4,8) | SWAP(4,7) | SWAP(1,4) | "
        "SWAP(4,9) | SWAP(7,9) | SWAP(0,9) || QUERY element X ->",
        "1",
    ),
    "dyna-swaps-hard": (
        "STATE [Z, R, I, K, J, Y, G, W, B, N, V, E, X, U, Q, A, C, F, M, L] || OPS SWAP(6,12) | "
        "SWAP(7,12) | SWAP(7,18) | SWAP(7,13) | SWAP(0,7) | SWAP(7,11) | SWAP(7,18) | SWAP(7,12) | "
        "SWAP(7,8) | SWAP(7,9) | SWAP(3,9) | SWAP(3,5) | SWAP(5,8) | SWAP(8,18) | SWAP(8,12) | "
        "SWAP(3,12) | SWAP(0,3) | SWAP(0,15) | SWAP(0,1) | SWAP(0,16) | SWAP(15,16) | SWAP(2,15) | "
        "SWAP(2,13) | SWAP(2,19) | SWAP(13,19) | SWAP(6,13) | SWAP(4,6) | SWAP(5,6) | SWAP(1,6) | "
        "SWAP(3,6) | SWAP(4,6) | SWAP(3,6) | SWAP(5,6) | SWAP(5,14) | SWAP(11,14) | SWAP(5,11) | "
        "SWAP(2,11) | SWAP(2,15) | SWAP(1,2) | SWAP(2,16) | SWAP(2,12) | SWAP(5,12) | SWAP(5,16) | "
        "SWAP(2,5) | SWAP(5,10) | SWAP(5,16) | SWAP(3,16) | SWAP(3,4) | SWAP(3,8) | SWAP(6,8) || "
        "QUERY position 12 ->",
        "A",
    ),
    "dyna-ood-hard": (
        "STATE [C, Y, Q, W, S, Z, P, J, R, M, F, D, O, T, L] || OPS SWAP(4,12) | REVERSE(2,13) | "
        "ROTATE_LEFT(9) | REVERSE(5,9) | SWAP(2,8) | ROTATE_LEFT(9) | REVERSE(9,10) | REVERSE(6,9) "
        "| SWAP(7,9) | SWAP(5,9) | ROTATE_LEFT(3) | REVERSE(4,9) | REVERSE(3,8) | REVERSE(2,7) | "
        "REVERSE(7,8) | REVERSE(7,12) | ROTATE_LEFT(1) | SWAP(5,14) | ROTATE_LEFT(3) | SWAP(3,10) |"
        " REVERSE(4,13) | SWAP(9,10) | REVERSE(0,12) | ROTATE_RIGHT(14) | REVERSE(6,11) | "
        "ROTATE_LEFT(5) | SWAP(6,7) | ROTATE_RIGHT(9) | SWAP(0,7) | ROTATE_RIGHT(1) | REVERSE(7,9) "
        "| REVERSE(6,13) | ROTATE_RIGHT(1) | REVERSE(1,10) | ROTATE_LEFT(5) | REVERSE(4,7) | "
        "ROTATE_RIGHT(13) | REVERSE(4,9) | ROTATE_RIGHT(14) | SWAP(8,9) | SWAP(4,8) | "
        "ROTATE_RIGHT(14) | SWAP(2,14) | REVERSE(1,5) | ROTATE_LEFT(11) | REVERSE(2,4) | "
        "REVERSE(3,14) | ROTATE_LEFT(6) | SWAP(0,11) | REVERSE(0,9) | SWAP(2,14) | REVERSE(1,12) | "
        "ROTATE_LEFT(8) | REVERSE(1,13) | ROTATE_LEFT(14) | REVERSE(0,3) | REVERSE(2,4) | "
        "REVERSE(4,10) | SWAP(1,4) | ROTATE_LEFT(10) | SWAP(1,2) | ROTATE_RIGHT(11) | SWAP(4,11) | "
        "REVERSE(1,13) | ROTATE_LEFT(5) | REVERSE(9,13) || QUERY position 11 ->",
        "Z",
    ),
    "dyna-grid": (
        "STATE [N, P, V, E, L] || OPS ROTATE_RIGHT(2) | REVERSE(0,1) | SWAP(0,3) | REVERSE(1,3) | "
        "SWAP(1,2) || QUERY position 0 ->",
        "P",
    ),
    "inducto-easy": (
        "Ex1: [R W Y E S J H] -> [W Y E S J H R] | Ex2: [H B D O] -> [B D O H] | Ex3: [W U F C K V "
        "S] -> [U F C K V S W] | Ex4: [H P W B Z] -> [P W B Z H] | Ex5: [F Q O R D C Y] -> [Q O R D"
        " C Y F] | Ex6: [D K I A Z] -> [K I A Z D] | Query: [W R Q S T J Z H] ->",
        "R Q S T J Z H W",
    ),
    "inducto-medium": (
        "Ex1: [R M T I] -> [T I R M] | Ex2: [T L Y S O I] -> [S O I T L Y] | Ex3: [H Z U R J] -> [R"
        " J U H Z] | Ex4: [M X L P Z] -> [P Z L M X] | Ex5: [S V I A Y G] -> [A Y G S V I] | Query:"
        " [B S N O D K X M] ->",
        "D K X M B S N O",
    ),
    "inducto-hard": ("Ex1: [D C L B N A W Q] -> [L C D A N B Q W] | Query: [R W O X D F] ->", "O W R F D X"),
    "inducto-open-easy": (
        "Ex1: [G I A H V L] -> [I V H G L A] | Ex2: [V H U O X F] -> [H X O V F U] | Ex3: [C S B R "
        "L I] -> [S L R C I B] | Ex4: [P T Q M G B] -> [T G M P B Q] | Ex5: [E F W S R X] -> [F R S"
        " E X W] | Ex6: [O H T F E D] -> [H E F O D T] | Query: [P N M L Y V] ->",
        "N Y L P V M",
    ),
    "inducto-open-medium": (
        "Ex1: [D Z N O F Y] -> [Z N Y F D O] | Ex2: [Z S N K R W] -> [S N W R Z K] | Ex3: [H Q P N "
        "I E] -> [Q P E I H N] | Query: [D Z U M Y P] ->",
        "Z U P Y D M",
    ),
    "inducto-open-hard": ("Ex1: [G X M Q H S] -> [Q S G X H M] | Query: [O U J N P Y] ->", "N Y O U P J"),
    "inducto-heldout-hard": (
        "Ex1: [X H S O P W] -> [O P W X] | Ex2: [D Q M J T B Z] -> [J T B Z D] | Ex3: [L P U T I R "
        "D] -> [T I R D L] | Query: [A J Z D Q V H C] ->",
        "D Q V H C A",
    ),
    "inducto-grid": ("Ex1: [L B D U] -> [U D B L] | Query: [F I Y R] ->", "R Y I F"),
    "filtro-easy": (
        "EDGES B:gray->purple | A:pi->nu | B:olive->violet | B:gold->olive | B:purple->lime | "
        "A:sigma->pi | A:nu->mu | A:mu->beta | A:theta->sigma | B:lime->gold | B:violet->gray | "
        "A:beta->theta || QUERY A:mu hops=1 ->",
        "beta",
    ),
    "filtro-medium": (
        "EDGES A:upsilon->kappa | B:black->pink | A:omega->mu | A:eta->epsilon | A:tau->sigma | "
        "B:olive->brown | B:gray->cyan | B:gold->teal | B:brown->magenta | A:nu->beta | "
        "A:sigma->upsilon | B:cyan->gold | B:magenta->gray | A:beta->eta | B:silver->black | "
        "A:kappa->nu | A:omicron->delta | B:teal->silver | A:delta->omega | B:green->olive | "
        "B:pink->violet | A:epsilon->omicron | B:violet->green | A:mu->tau || QUERY A:omega hops=2 "
        "->",
        "tau",
    ),
    "filtro-hard": (
        "EDGES B:black->gold | A:iota->kappa | B:white->orange | A:nu->xi | B:brown->pink | "
        "A:psi->nu | B:magenta->black | A:lambda->rho | B:yellow->red | A:xi->pi | B:teal->lime | "
        "A:pi->sigma | B:blue->maroon | A:rho->psi | B:maroon->teal | A:upsilon->tau | B:red->navy "
        "| A:sigma->omicron | B:gold->blue | A:kappa->lambda | B:beige->magenta | A:mu->eta | "
        "B:lime->yellow | A:eta->theta | B:navy->brown | A:theta->upsilon | B:orange->beige | "
        "A:tau->iota | B:pink->white | A:omicron->mu || QUERY A:sigma hops=7 ->",
        "iota",
    ),
    "filtro-shared-easy": (
        "EDGES A:beta->tau | A:psi->eta | B:psi->chi | B:chi->gamma | A:gamma->phi | A:chi->beta | "
        "B:phi->beta | B:tau->nu | A:nu->chi | B:eta->psi | B:beta->eta | B:nu->phi | B:gamma->tau "
        "| A:phi->nu | A:tau->psi | A:eta->gamma || QUERY A:psi hops=1 ->",
        "eta",
    ),
    "filtro-shared-medium": (
        "EDGES A:upsilon->iota | A:xi->sigma | A:pi->mu | A:mu->xi | A:delta->upsilon | "
        "A:gamma->delta | A:iota->tau | A:epsilon->pi | A:tau->epsilon | A:sigma->lambda | "
        "A:lambda->gamma | B:sigma->gamma | B:xi->mu | B:delta->tau | B:pi->lambda | B:mu->pi | "
        "B:gamma->upsilon | B:upsilon->delta | B:lambda->epsilon | B:epsilon->iota | B:tau->xi | "
        "B:iota->sigma || QUERY A:xi hops=4 ->",
        "delta",
    ),
    "filtro-shared-hard": (
        "EDGES A:beta->kappa | A:tau->epsilon | A:kappa->omicron | A:eta->chi | A:alpha->eta | "
        "A:mu->gamma | A:epsilon->alpha | A:theta->delta | A:omicron->mu | A:xi->theta | A:nu->tau "
        "| A:delta->rho | A:gamma->nu | A:chi->xi | A:rho->beta | B:alpha->beta | B:chi->delta | "
        "B:kappa->rho | B:omicron->tau | B:beta->omicron | B:theta->epsilon | B:eta->gamma | "
        "B:epsilon->chi | B:gamma->mu | B:tau->xi | B:rho->theta | B:delta->alpha | B:nu->kappa | "
        "B:xi->eta | B:mu->nu || QUERY A:tau hops=7 ->",
        "delta",
    ),
    "filtro-clean-easy": (
        "EDGES A:pi->nu | A:sigma->pi | A:nu->mu | A:mu->beta | A:theta->sigma | A:beta->theta || "
        "QUERY A:mu hops=1 ->",
        "beta",
    ),
    "filtro-clean-medium": (
        "EDGES A:upsilon->kappa | A:omega->mu | A:eta->epsilon | A:tau->sigma | A:nu->beta | "
        "A:sigma->upsilon | A:beta->eta | A:kappa->nu | A:omicron->delta | A:delta->omega | "
        "A:epsilon->omicron | A:mu->tau || QUERY A:omega hops=2 ->",
        "tau",
    ),
    "filtro-clean-hard": (
        "EDGES A:iota->kappa | A:nu->xi | A:psi->nu | A:lambda->rho | A:xi->pi | A:pi->sigma | "
        "A:rho->psi | A:upsilon->tau | A:sigma->omicron | A:kappa->lambda | A:mu->eta | "
        "A:eta->theta | A:theta->upsilon | A:tau->iota | A:omicron->mu || QUERY A:sigma hops=7 ->",
        "iota",
    ),
    "filtro-recall-easy": (
        "EDGES A:theta->omicron | B:beige->indigo | A:epsilon->pi | B:lime->red | A:eta->upsilon | "
        "B:pink->beige | A:upsilon->theta | B:red->olive | A:pi->eta | B:indigo->lime | "
        "A:psi->epsilon | B:olive->blue | A:omicron->psi | B:blue->pink || QUERY A:pi hops=1 ->",
        "eta",
    ),
    "filtro-recall-medium": (
        "EDGES B:navy->magenta | A:pi->nu | B:maroon->violet | A:eta->iota | B:lime->crimson | "
        "A:alpha->mu | B:white->maroon | A:mu->zeta | B:violet->navy | A:psi->lambda | B:gray->cyan"
        " | A:lambda->alpha | B:crimson->white | A:zeta->pi | B:magenta->brown | A:upsilon->psi | "
        "B:cyan->lime | A:nu->eta | B:brown->gray | A:iota->upsilon || QUERY A:iota hops=1 ->",
        "upsilon",
    ),
    "filtro-recall-hard": (
        "EDGES B:red->silver | A:xi->pi | B:magenta->lime | A:gamma->omicron | B:yellow->magenta | "
        "A:eta->chi | B:brown->yellow | A:delta->iota | B:navy->violet | A:iota->gamma | "
        "B:beige->indigo | A:lambda->mu | B:teal->brown | A:mu->xi | B:maroon->navy | "
        "A:omicron->psi | B:violet->teal | A:theta->delta | B:lime->beige | A:chi->theta | "
        "B:indigo->red | A:psi->lambda | B:silver->maroon | A:pi->eta || QUERY A:iota hops=1 ->",
        "gamma",
    ),
    "filtro-ood-hard": (
        "EDGES B:olive->crimson | A:pi->gamma | B:navy->olive | A:rho->iota | B:maroon->beige | "
        "A:upsilon->xi | B:red->gray | A:gamma->rho | B:gray->silver | A:xi->pi | B:yellow->violet "
        "| A:eta->upsilon | B:crimson->black | A:phi->kappa | B:violet->maroon | A:tau->alpha | "
        "B:magenta->red | A:zeta->nu | B:beige->navy | A:iota->tau | B:orange->blue | "
        "A:omicron->zeta | B:purple->yellow | A:nu->eta | B:silver->orange | A:sigma->phi | "
        "B:blue->purple | A:alpha->sigma | B:black->magenta | A:kappa->omicron || QUERY A:omicron "
        "hops=9 ->",
        "iota",
    ),
    "filtro-grid": (
        "EDGES A:chi->upsilon | B:silver->gray | A:nu->omega | B:gray->indigo | A:kappa->nu | "
        "B:indigo->olive | A:upsilon->kappa | B:olive->pink | A:omega->chi | B:pink->silver || "
        "QUERY A:chi hops=1 ->",
        "upsilon",
    ),
    "logic-easy": (
        "INPUTS x0=1 x1=0 x2=0 x3=1 || GATES g0=AND(x2,x0) | g1=XOR(x3,x1) | g2=AND(g1,g0) | "
        "g3=NOT(g2) || QUERY g3 ->",
        "1",
    ),
    "logic-medium": (
        "INPUTS x0=0 x1=1 x2=0 x3=0 || GATES g0=XOR(x3,x0) | g1=NOR(x2,x1) | g2=AND(g0,g1) | "
        "g3=OR(x2,g2) || QUERY g3 ->",
        "0",
    ),
    "logic-hard": (
        "INPUTS x0=0 x1=1 x2=0 x3=1 x4=1 x5=1 || GATES g0=XOR(x1,x2) | g1=NOT(x4) | g2=XOR(x0,x5) |"
        " g3=XOR(x0,x5) | g4=NOR(g2,g1) | g5=NOR(g3,g0) | g6=NAND(g4,g5) | g7=NAND(g6,x3) | "
        "g8=XOR(g0,g7) || QUERY g8 ->",
        "1",
    ),
    "logic-parity-easy": (
        "INPUTS x0=1 x1=0 x2=1 x3=1 x4=0 x5=1 x6=0 x7=0 x8=1 x9=1 x10=1 || GATES g0=XOR(x10,x4) | "
        "g1=XOR(x1,x9) | g2=XOR(x3,x2) | g3=XOR(x6,g2) | g4=XOR(g0,g1) | g5=XOR(x8,g3) | "
        "g6=XOR(x7,x0) | g7=XOR(g5,x5) | g8=XOR(g7,g6) | g9=XOR(g8,g4) || QUERY g9 ->",
        "1",
    ),
    "logic-parity-medium": (
        "INPUTS x0=1 x1=1 x2=0 x3=0 x4=1 x5=1 x6=0 x7=1 x8=1 x9=0 x10=1 x11=1 x12=1 x13=0 x14=0 "
        "x15=1 x16=0 x17=1 x18=1 || GATES g0=XOR(x3,x17) | g1=XOR(x12,x9) | g2=XOR(g0,x11) | "
        "g3=XOR(x15,g1) | g4=XOR(x1,x7) | g5=XOR(x18,x13) | g6=XOR(g5,x16) | g7=XOR(x14,x0) | "
        "g8=XOR(g4,g3) | g9=XOR(x5,g7) | g10=XOR(x8,g6) | g11=XOR(g9,x10) | g12=XOR(g8,g2) | "
        "g13=XOR(g10,x2) | g14=XOR(x4,g12) | g15=XOR(g14,x6) | g16=XOR(g15,g13) | g17=XOR(g11,g16) "
        "|| QUERY g17 ->",
        "0",
    ),
    "logic-parity-hard": (
        "INPUTS x0=0 x1=1 x2=1 x3=0 x4=1 x5=0 x6=1 x7=1 x8=0 x9=1 x10=1 x11=1 x12=0 x13=1 x14=1 "
        "x15=1 x16=1 x17=0 x18=1 x19=1 x20=1 || GATES g0=XOR(x18,x9) | g1=XOR(x5,x6) | "
        "g2=XOR(x14,x4) | g3=XOR(x20,g0) | g4=XOR(x8,x13) | g5=XOR(g1,x0) | g6=XOR(x3,x12) | "
        "g7=XOR(g3,x1) | g8=XOR(g2,x10) | g9=XOR(g8,x17) | g10=XOR(x2,x11) | g11=XOR(g6,g4) | "
        "g12=XOR(g5,g10) | g13=XOR(x19,x16) | g14=XOR(g9,x7) | g15=XOR(x15,g11) | g16=XOR(g7,g13) |"
        " g17=XOR(g14,g16) | g18=XOR(g12,g15) | g19=XOR(g17,g18) || QUERY g19 ->",
        "1",
    ),
    "logic-ood-hard": (
        "INPUTS x0=1 x1=0 x2=0 x3=1 x4=1 || GATES g0=XOR(x1,x3) | g1=OR(x0,x1) | g2=XOR(x0,x2) | "
        "g3=OR(x2,g2) | g4=OR(x4,g0) | g5=NAND(g1,x2) | g6=XOR(g5,g4) | g7=XOR(g3,x3) | "
        "g8=XOR(g6,g7) | g9=OR(g2,g8) | g10=OR(g0,g9) | g11=NOR(x3,g10) | g12=XOR(g10,x3) | "
        "g13=XOR(x4,g12) | g14=XOR(g11,g6) | g15=OR(g13,g14) | g16=NOT(g15) || QUERY g16 ->",
        "0",
    ),
    "logic-grid": (
        "INPUTS x0=0 x1=0 x2=0 x3=0 || GATES g0=NOR(x3,x2) | g1=XOR(x1,x0) | g2=OR(g1,g0) || QUERY g2 ->",
        "1",
    ),
}


@pytest.mark.parametrize("name", STOCK, scope="session")
def test_the_first_row_of_every_config_is_the_published_sample(name: str) -> None:
    (row,) = listed(name, "train", 1)
    assert SAMPLES.get(name, "missing: see tests/helpers/samples.py") == (row["input_text"], row["target"])


def test_every_published_sample_belongs_to_a_config() -> None:
    assert set(SAMPLES) <= set(STOCK)
