"""The published sample prompts: the first training row of every level and grid, with seed 42.

`python tests/samples.py` prints the table below from the installed package.
"""

import pytest
from support import STOCK, listed

# config: (prompt, answer)
SAMPLES: dict[str, tuple[str, str]] = {
    "dyna-easy": (
        "STATE [Q, A, V, L, Y, R, D] || OPS ROTATE_LEFT(1) | SWAP(0,4) | REVERSE(3,4) | "
        "ROTATE_RIGHT(2) | REVERSE(1,4) | ROTATE_LEFT(5) | REVERSE(0,5) | ROTATE_RIGHT(6) | "
        "REVERSE(3,4) || QUERY element R ->",
        "6",
    ),
    "dyna-medium": (
        "STATE [T, Q, R, E, G, Z, J, H, O, B, X, L] || OPS SWAP(1,10) | ROTATE_LEFT(11) | "
        "REVERSE(1,4) | SWAP(1,2) | ROTATE_RIGHT(5) | REVERSE(3,5) | SWAP(5,8) | ROTATE_LEFT(9) | "
        "REVERSE(3,10) | SWAP(3,4) || QUERY element R ->",
        "3",
    ),
    "dyna-hard": (
        "STATE [T, S, M, Q, P, K, A, E, Y, G, J, N, W] || OPS ROTATE_LEFT(9) | REVERSE(4,5) | "
        "REVERSE(0,12) | ROTATE_RIGHT(3) | REVERSE(0,11) | ROTATE_RIGHT(7) | REVERSE(0,6) | "
        "ROTATE_RIGHT(2) | SWAP(5,6) | SWAP(6,8) | SWAP(6,10) | REVERSE(1,12) | SWAP(5,9) | "
        "SWAP(3,9) | REVERSE(2,3) | SWAP(2,6) | SWAP(3,6) | ROTATE_RIGHT(6) | SWAP(6,11) | "
        "REVERSE(3,12) | ROTATE_LEFT(8) | REVERSE(4,7) | REVERSE(0,10) | REVERSE(4,5) || QUERY "
        "position 2 ->",
        "M",
    ),
    "dyna-commuting-easy": (
        "STATE [Y, V, Z, C, G, L, P] || OPS ROTATE_RIGHT(1) | ROTATE_LEFT(6) | ROTATE_LEFT(6) | "
        "ROTATE_LEFT(1) | ROTATE_LEFT(4) | ROTATE_LEFT(3) | ROTATE_LEFT(3) | ROTATE_RIGHT(4) | "
        "ROTATE_LEFT(3) || QUERY element L ->",
        "5",
    ),
    "dyna-commuting-medium": (
        "STATE [P, T, G, U, R, O, C, E, A] || OPS ROTATE_LEFT(4) | ROTATE_RIGHT(1) | ROTATE_LEFT(1)"
        " | ROTATE_LEFT(4) | ROTATE_LEFT(3) | ROTATE_LEFT(5) | ROTATE_LEFT(3) | ROTATE_RIGHT(8) | "
        "ROTATE_LEFT(5) | ROTATE_RIGHT(8) | ROTATE_LEFT(3) | ROTATE_RIGHT(6) | ROTATE_LEFT(2) | "
        "ROTATE_LEFT(4) | ROTATE_RIGHT(3) | ROTATE_RIGHT(4) | ROTATE_LEFT(3) | ROTATE_RIGHT(3) | "
        "ROTATE_RIGHT(3) || QUERY position 2 ->",
        "U",
    ),
    "dyna-commuting-hard": (
        "STATE [X, H, N, P, E, O, K, W, I, Q, F, C, B, M, G] || OPS ROTATE_RIGHT(1) | "
        "ROTATE_LEFT(13) | ROTATE_LEFT(12) | ROTATE_LEFT(2) | ROTATE_LEFT(8) | ROTATE_LEFT(12) | "
        "ROTATE_RIGHT(13) | ROTATE_RIGHT(7) | ROTATE_RIGHT(14) | ROTATE_RIGHT(1) | ROTATE_RIGHT(10)"
        " | ROTATE_RIGHT(14) | ROTATE_RIGHT(13) | ROTATE_RIGHT(13) | ROTATE_LEFT(10) | "
        "ROTATE_LEFT(10) | ROTATE_LEFT(2) | ROTATE_LEFT(2) | ROTATE_LEFT(3) | ROTATE_RIGHT(8) | "
        "ROTATE_LEFT(4) | ROTATE_LEFT(11) | ROTATE_LEFT(12) | ROTATE_RIGHT(11) | ROTATE_LEFT(12) | "
        "ROTATE_RIGHT(2) | ROTATE_RIGHT(2) | ROTATE_RIGHT(9) | ROTATE_RIGHT(9) | ROTATE_RIGHT(13) |"
        " ROTATE_RIGHT(8) | ROTATE_RIGHT(2) | ROTATE_RIGHT(13) | ROTATE_LEFT(9) | ROTATE_RIGHT(8) |"
        " ROTATE_RIGHT(6) | ROTATE_RIGHT(6) | ROTATE_LEFT(1) | ROTATE_LEFT(6) | ROTATE_RIGHT(5) | "
        "ROTATE_LEFT(4) || QUERY position 5 ->",
        "F",
    ),
    "dyna-swaps-easy": (
        "STATE [F, Q, Y, G, U, S] || OPS SWAP(1,5) | SWAP(0,5) | SWAP(0,4) | SWAP(0,3) | SWAP(0,5) "
        "| SWAP(1,5) | SWAP(0,1) | SWAP(1,4) | SWAP(1,5) | SWAP(1,3) || QUERY element F ->",
        "4",
    ),
    "dyna-swaps-medium": (
        "STATE [K, U, M, W, S, Y, V, R, L, T, G, J] || OPS SWAP(4,6) | SWAP(2,6) | SWAP(0,6) | "
        "SWAP(0,2) | SWAP(2,3) | SWAP(3,5) | SWAP(2,5) | SWAP(2,7) | SWAP(2,10) | SWAP(0,2) | "
        "SWAP(1,2) | SWAP(2,8) | SWAP(0,2) | SWAP(2,4) | SWAP(2,6) | SWAP(6,10) | SWAP(4,10) | "
        "SWAP(4,7) || QUERY position 10 ->",
        "G",
    ),
    "dyna-swaps-hard": (
        "STATE [N, L, W, O, Y, Q, I, Z, J, D, R, H, G] || OPS SWAP(0,3) | SWAP(3,5) | SWAP(3,4) | "
        "SWAP(4,6) | SWAP(6,10) | SWAP(8,10) | SWAP(8,11) | SWAP(0,8) | SWAP(4,8) | SWAP(5,8) | "
        "SWAP(3,5) | SWAP(4,5) | SWAP(4,10) | SWAP(4,11) | SWAP(10,11) | SWAP(7,11) | SWAP(0,7) | "
        "SWAP(0,2) | SWAP(2,3) | SWAP(0,3) | SWAP(0,2) | SWAP(2,12) | SWAP(2,11) | SWAP(2,4) | "
        "SWAP(4,7) | SWAP(0,4) | SWAP(4,7) | SWAP(7,10) | SWAP(2,7) | SWAP(7,12) | SWAP(11,12) | "
        "SWAP(10,12) | SWAP(8,12) | SWAP(7,12) | SWAP(7,8) | SWAP(6,8) | SWAP(2,8) | SWAP(2,10) | "
        "SWAP(10,12) | SWAP(4,12) | SWAP(3,4) | SWAP(3,5) | SWAP(5,9) | SWAP(0,5) | SWAP(0,3) | "
        "SWAP(2,3) | SWAP(0,3) | SWAP(3,5) || QUERY element G ->",
        "0",
    ),
    "dyna-ood-hard": (
        "STATE [X, T, A, F, R, P, C, Z, Q, H, E, I, J, W] || OPS ROTATE_RIGHT(4) | REVERSE(3,10) | "
        "REVERSE(4,10) | ROTATE_RIGHT(8) | SWAP(0,5) | SWAP(5,13) | ROTATE_LEFT(1) | REVERSE(3,13) "
        "| REVERSE(9,11) | REVERSE(5,9) | REVERSE(6,13) | SWAP(1,7) | ROTATE_LEFT(1) | "
        "REVERSE(8,11) | ROTATE_RIGHT(3) | REVERSE(2,11) | ROTATE_RIGHT(10) | SWAP(5,9) | "
        "ROTATE_LEFT(7) | SWAP(3,5) | ROTATE_RIGHT(10) | SWAP(4,13) | REVERSE(2,12) | SWAP(6,7) | "
        "ROTATE_LEFT(5) | SWAP(1,9) | REVERSE(0,3) | ROTATE_LEFT(5) | SWAP(3,12) | REVERSE(9,13) | "
        "ROTATE_RIGHT(7) | REVERSE(1,9) | SWAP(4,11) | ROTATE_RIGHT(11) | SWAP(10,12) | SWAP(6,12) "
        "| REVERSE(0,9) | SWAP(2,12) | ROTATE_RIGHT(8) | REVERSE(7,13) | SWAP(8,9) | "
        "ROTATE_LEFT(12) | SWAP(5,12) | SWAP(5,7) | ROTATE_RIGHT(2) | REVERSE(0,5) | REVERSE(4,13) "
        "| SWAP(10,11) | ROTATE_LEFT(7) | SWAP(2,12) | ROTATE_LEFT(3) | SWAP(10,11) | "
        "ROTATE_RIGHT(2) | SWAP(0,2) | ROTATE_LEFT(6) | SWAP(2,11) | ROTATE_LEFT(1) | SWAP(1,6) | "
        "REVERSE(3,12) | ROTATE_RIGHT(1) | REVERSE(1,3) | ROTATE_RIGHT(9) | REVERSE(10,12) | "
        "SWAP(0,10) | ROTATE_RIGHT(2) | REVERSE(8,12) | REVERSE(2,11) | ROTATE_LEFT(2) | SWAP(5,7) "
        "| ROTATE_LEFT(7) | SWAP(2,4) | SWAP(4,9) | REVERSE(0,12) | SWAP(9,11) | SWAP(4,9) | "
        "SWAP(9,11) || QUERY element H ->",
        "7",
    ),
    "dyna-grid": (
        "STATE [G, T, H, E, Q] || OPS ROTATE_LEFT(2) | REVERSE(1,4) | ROTATE_RIGHT(3) | "
        "REVERSE(1,3) | ROTATE_LEFT(1) || QUERY position 1 ->",
        "E",
    ),
    "inducto-easy": (
        "Ex1: [W L E U] -> [U E L W] | Ex2: [R K B C S U G] -> [G U S C B K R] | Ex3: [R W D U J H "
        "S G] -> [G S H J U D W R] | Ex4: [Y L Z W R] -> [R W Z L Y] | Ex5: [E T G O] -> [O G T E] "
        "| Query: [Z K R I C B] ->",
        "B C I R K Z",
    ),
    "inducto-medium": (
        "Ex1: [J U B C T X Q O] -> [B C J O Q T U X] | Ex2: [D G M Y U] -> [D G M U Y] | Ex3: [G E "
        "Q X] -> [E G Q X] | Ex4: [M Y I F A T B Z] -> [A B F I M T Y Z] | Query: [A E X G H P V] "
        "->",
        "A E G H P V X",
    ),
    "inducto-hard": ("Ex1: [Z V U E N K C X] -> [U V Z K N E X C] | Query: [X U B H] ->", "B U X H"),
    "inducto-open-easy": (
        "Ex1: [K A Q N O C] -> [A Q N C K O] | Ex2: [X Z O M Q W] -> [Z O M W X Q] | Ex3: [S A F U "
        "I J] -> [A F U J S I] | Ex4: [Q T S D M X] -> [T S D X Q M] | Ex5: [F H S V N B] -> [H S V"
        " B F N] | Ex6: [C E K N Q A] -> [E K N A C Q] | Query: [V S M R A Q] ->",
        "S M R Q V A",
    ),
    "inducto-open-medium": (
        "Ex1: [S V P T C W J] -> [T W S V J P C] | Ex2: [D F A S T W C] -> [S W D F C A T] | Ex3: "
        "[G T C V O Q R] -> [V Q G T R C O] | Query: [S B K U V D G] ->",
        "U D S B G K V",
    ),
    "inducto-open-hard": (
        "Ex1: [M V D A B O U R] -> [A U D O R M V B] | Query: [M V E B D P N T] ->",
        "B N E P T M V D",
    ),
    "inducto-heldout-hard": (
        "Ex1: [P U Q H W J Z] -> [P Q W U H] | Ex2: [O P F D G L T] -> [O F G P D] | Ex3: [Q D M F "
        "T S Y] -> [Q M T D F] | Ex4: [G Z A Q S H D] -> [G A S Z Q] | Query: [R S P W J] ->",
        "R P S",
    ),
    "inducto-grid": ("Ex1: [Y M G K W N H] -> [M G K W N H] | Query: [X I H T L A S] ->", "I H T L A S"),
    "filtro-easy": (
        "EDGES B:orange->pink | A:mu->nu | B:white->black | A:xi->theta | B:pink->maroon | "
        "A:theta->chi | B:maroon->white | A:phi->xi | B:magenta->orange | A:chi->zeta | "
        "B:crimson->teal | A:zeta->mu | B:black->crimson | A:nu->kappa | B:teal->magenta | "
        "A:kappa->phi || QUERY A:chi hops=2 ->",
        "mu",
    ),
    "filtro-medium": (
        "EDGES A:xi->alpha | B:red->cyan | A:chi->mu | B:silver->red | A:alpha->delta | "
        "B:cyan->gold | A:mu->iota | B:gold->olive | A:omicron->xi | B:lime->crimson | "
        "A:gamma->omicron | B:olive->lime | A:delta->chi | B:crimson->orange | A:iota->gamma | "
        "B:orange->silver || QUERY A:chi hops=3 ->",
        "gamma",
    ),
    "filtro-hard": (
        "EDGES A:sigma->alpha | B:red->blue | A:tau->iota | B:gold->yellow | A:mu->phi | "
        "B:indigo->crimson | A:psi->tau | B:yellow->green | A:lambda->pi | B:blue->brown | "
        "A:kappa->nu | B:crimson->maroon | A:phi->omicron | B:brown->cyan | A:omicron->lambda | "
        "B:olive->teal | A:chi->kappa | B:magenta->olive | A:nu->psi | B:maroon->magenta | "
        "A:rho->gamma | B:green->orange | A:iota->mu | B:teal->red | A:alpha->rho | B:orange->navy "
        "| A:gamma->chi | B:cyan->gold | A:pi->sigma | B:navy->indigo || QUERY A:sigma hops=4 ->",
        "chi",
    ),
    "filtro-shared-easy": (
        "EDGES B:nu->kappa | B:sigma->omicron | B:lambda->sigma | B:kappa->lambda | B:gamma->nu | "
        "B:omicron->gamma | A:nu->lambda | A:sigma->omicron | A:kappa->sigma | A:lambda->kappa | "
        "A:omicron->gamma | A:gamma->nu || QUERY A:gamma hops=2 ->",
        "lambda",
    ),
    "filtro-shared-medium": (
        "EDGES A:kappa->chi | B:theta->pi | A:beta->upsilon | B:chi->upsilon | A:theta->kappa | "
        "B:epsilon->theta | A:phi->theta | B:sigma->chi | A:omicron->pi | B:beta->kappa | "
        "A:sigma->phi | B:upsilon->beta | A:epsilon->beta | B:pi->sigma | A:chi->omicron | "
        "B:omicron->epsilon | A:upsilon->iota | B:kappa->iota | A:iota->sigma | B:phi->omicron | "
        "A:pi->epsilon | B:iota->phi || QUERY A:pi hops=4 ->",
        "iota",
    ),
    "filtro-shared-hard": (
        "EDGES A:delta->phi | B:epsilon->alpha | A:beta->psi | B:iota->epsilon | A:epsilon->gamma |"
        " B:delta->zeta | B:alpha->gamma | A:gamma->omicron | B:omega->psi | B:beta->iota | "
        "A:omega->epsilon | B:psi->beta | B:omicron->delta | B:gamma->phi | A:zeta->omega | "
        "A:omicron->beta | B:zeta->omega | A:phi->iota | A:psi->alpha | A:iota->zeta | "
        "A:alpha->delta | B:phi->omicron || QUERY A:gamma hops=4 ->",
        "alpha",
    ),
    "filtro-clean-easy": (
        "EDGES A:mu->nu | A:xi->theta | A:theta->chi | A:phi->xi | A:chi->zeta | A:zeta->mu | "
        "A:nu->kappa | A:kappa->phi || QUERY A:chi hops=2 ->",
        "mu",
    ),
    "filtro-clean-medium": (
        "EDGES A:xi->alpha | A:chi->mu | A:alpha->delta | A:mu->iota | A:omicron->xi | "
        "A:gamma->omicron | A:delta->chi | A:iota->gamma || QUERY A:chi hops=3 ->",
        "gamma",
    ),
    "filtro-clean-hard": (
        "EDGES A:sigma->alpha | A:tau->iota | A:mu->phi | A:psi->tau | A:lambda->pi | A:kappa->nu |"
        " A:phi->omicron | A:omicron->lambda | A:chi->kappa | A:nu->psi | A:rho->gamma | A:iota->mu"
        " | A:alpha->rho | A:gamma->chi | A:pi->sigma || QUERY A:sigma hops=4 ->",
        "chi",
    ),
    "filtro-recall-easy": (
        "EDGES B:crimson->green | B:cyan->crimson | B:black->pink | B:pink->teal | B:teal->cyan | "
        "B:green->black | A:beta->chi | A:psi->lambda | A:lambda->beta | A:theta->tau | A:tau->psi "
        "| A:chi->theta || QUERY A:lambda hops=1 ->",
        "beta",
    ),
    "filtro-recall-medium": (
        "EDGES B:black->lime | A:delta->xi | B:cyan->gold | A:phi->eta | B:lime->pink | "
        "A:upsilon->epsilon | B:yellow->navy | A:lambda->beta | B:violet->cyan | A:theta->upsilon |"
        " B:crimson->indigo | A:psi->gamma | B:pink->violet | A:gamma->delta | B:navy->crimson | "
        "A:beta->phi | B:indigo->purple | A:xi->theta | B:purple->black | A:epsilon->lambda | "
        "B:gold->yellow | A:eta->psi || QUERY A:beta hops=1 ->",
        "phi",
    ),
    "filtro-recall-hard": (
        "EDGES B:magenta->navy | A:chi->alpha | B:indigo->lime | A:alpha->gamma | B:gray->cyan | "
        "A:beta->phi | B:white->yellow | A:theta->delta | B:cyan->black | A:phi->chi | "
        "B:yellow->pink | A:sigma->theta | B:lime->brown | A:nu->zeta | B:blue->maroon | A:zeta->xi"
        " | B:black->blue | A:pi->upsilon | B:silver->magenta | A:gamma->mu | B:pink->gray | "
        "A:upsilon->nu | B:beige->silver | A:mu->rho | B:maroon->beige | A:delta->pi | "
        "B:navy->indigo | A:xi->beta | B:brown->white | A:rho->sigma || QUERY A:theta hops=1 ->",
        "delta",
    ),
    "filtro-ood-hard": (
        "EDGES A:chi->alpha | A:gamma->upsilon | A:alpha->delta | A:omega->kappa | A:iota->nu | "
        "A:upsilon->phi | A:delta->omega | A:sigma->chi | A:phi->epsilon | A:eta->lambda | "
        "A:nu->eta | A:theta->sigma | A:kappa->iota | A:lambda->gamma | A:epsilon->theta | "
        "B:yellow->purple | B:red->white | B:white->green | B:crimson->black | B:magenta->gray | "
        "B:gold->violet | B:gray->pink | B:black->yellow | B:olive->gold | B:maroon->crimson | "
        "B:green->olive | B:purple->indigo | B:indigo->magenta | B:violet->maroon | B:pink->red || "
        "QUERY A:upsilon hops=10 ->",
        "iota",
    ),
    "filtro-grid": (
        "EDGES B:teal->white | A:phi->iota | B:white->green | A:sigma->gamma | B:green->navy | "
        "A:gamma->phi | B:purple->teal | A:omicron->sigma | B:navy->purple | A:iota->omicron || "
        "QUERY A:omicron hops=1 ->",
        "sigma",
    ),
    "logic-easy": (
        "INPUTS x0=0 x1=0 x2=0 || GATES g0=NOR(x0,x1) | g1=NOR(x0,x2) | g2=OR(g1,g0) || QUERY g2 ->",
        "1",
    ),
    "logic-medium": (
        "INPUTS x0=0 x1=1 x2=0 x3=1 x4=1 || GATES g0=NOT(x0) | g1=NOR(x0,x4) | g2=NOT(g1) | "
        "g3=XOR(x3,g0) | g4=NOT(g3) | g5=XOR(x1,g2) | g6=AND(g4,g0) | g7=XOR(x2,g5) | "
        "g8=NAND(g6,g7) || QUERY g8 ->",
        "1",
    ),
    "logic-hard": (
        "INPUTS x0=0 x1=0 x2=1 x3=0 x4=1 x5=0 || GATES g0=XOR(x1,x3) | g1=OR(x0,x1) | g2=XOR(x5,x4)"
        " | g3=OR(x2,g2) | g4=XOR(g0,x4) | g5=XOR(x1,g1) | g6=XOR(x2,g5) | g7=AND(g4,g3) | "
        "g8=NAND(g4,g7) | g9=NOR(x0,g6) | g10=XOR(g9,g8) || QUERY g10 ->",
        "0",
    ),
    "logic-parity-easy": (
        "INPUTS x0=1 x1=1 x2=0 x3=0 x4=1 x5=0 x6=0 x7=0 x8=1 x9=0 x10=0 || GATES g0=XOR(x6,x7) | "
        "g1=XOR(x5,x1) | g2=XOR(x8,x2) | g3=XOR(g0,g1) | g4=XOR(x0,x10) | g5=XOR(g4,x4) | "
        "g6=XOR(x3,g3) | g7=XOR(g6,x9) | g8=XOR(g2,g7) | g9=XOR(g8,g5) || QUERY g9 ->",
        "0",
    ),
    "logic-parity-medium": (
        "INPUTS x0=0 x1=0 x2=1 x3=0 x4=1 x5=0 x6=1 x7=1 x8=1 x9=1 x10=0 x11=0 x12=0 || GATES "
        "g0=XOR(x3,x5) | g1=XOR(x2,x0) | g2=XOR(x8,g1) | g3=XOR(g2,x7) | g4=XOR(x11,x9) | "
        "g5=XOR(g3,g4) | g6=XOR(x12,x1) | g7=XOR(g6,x10) | g8=XOR(x6,g7) | g9=XOR(g8,g0) | "
        "g10=XOR(g5,g9) | g11=XOR(g10,x4) || QUERY g11 ->",
        "0",
    ),
    "logic-parity-hard": (
        "INPUTS x0=0 x1=0 x2=0 x3=1 x4=0 x5=0 x6=0 x7=1 x8=0 x9=0 x10=1 x11=1 x12=0 x13=1 x14=0 "
        "x15=0 x16=1 x17=1 x18=1 x19=0 x20=0 x21=1 x22=0 || GATES g0=XOR(x22,x4) | g1=XOR(x21,x18) "
        "| g2=XOR(x17,x1) | g3=XOR(x3,x19) | g4=XOR(x15,x12) | g5=XOR(x10,g4) | g6=XOR(x0,x7) | "
        "g7=XOR(x11,x16) | g8=XOR(g3,x9) | g9=XOR(x5,x14) | g10=XOR(g0,x6) | g11=XOR(g5,g10) | "
        "g12=XOR(x20,g9) | g13=XOR(x13,g11) | g14=XOR(g1,g8) | g15=XOR(g14,g7) | g16=XOR(g13,x2) | "
        "g17=XOR(g16,g6) | g18=XOR(x8,g15) | g19=XOR(g2,g17) | g20=XOR(g18,g19) | g21=XOR(g12,g20) "
        "|| QUERY g21 ->",
        "1",
    ),
    "logic-ood-hard": (
        "INPUTS x0=0 x1=0 x2=1 x3=0 x4=1 x5=1 || GATES g0=NAND(x1,x3) | g1=XOR(x0,g0) | "
        "g2=XOR(x5,g0) | g3=XOR(g1,x0) | g4=NOR(g2,g1) | g5=XOR(g3,x4) | g6=NOT(g4) | g7=XOR(x2,g4)"
        " | g8=XOR(g0,g3) | g9=NAND(g8,g6) | g10=XOR(g7,g5) | g11=XOR(g10,g9) | g12=NAND(x3,g11) | "
        "g13=XOR(x0,g11) | g14=NOT(g13) | g15=AND(g12,x4) | g16=AND(g15,g14) || QUERY g16 ->",
        "1",
    ),
    "logic-grid": (
        "INPUTS x0=0 x1=1 x2=1 x3=1 || GATES g0=NAND(x1,x3) | g1=OR(x2,x0) | g2=NOR(g0,g1) || QUERY g2 ->",
        "0",
    ),
}


@pytest.mark.parametrize("name", STOCK, scope="session")
def test_the_first_row_of_every_config_is_the_published_sample(name: str) -> None:
    (row,) = listed(name, "train", 1)
    assert SAMPLES.get(name, "missing: see tests/samples.py") == (row["input_text"], row["target"])


def test_every_published_sample_belongs_to_a_config() -> None:
    assert set(SAMPLES) <= set(STOCK)
