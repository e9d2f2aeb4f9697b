"""The published sample prompts: the first training row of every level and grid, with seed 42.

`python tests/samples.py` prints the table below from the installed package.
"""

import pytest
from support import STOCK, listed

# config: (prompt, answer)
SAMPLES: dict[str, tuple[str, str]] = {
    "dyna-easy": (
        "STATE [C, H, Y, F, J, Z] || OPS SWAP(0,4) | ROTATE_RIGHT(1) | REVERSE(1,3) | "
        "ROTATE_LEFT(3) | SWAP(0,5) | ROTATE_RIGHT(5) | REVERSE(0,1) | SWAP(0,2) | ROTATE_RIGHT(2) "
        "| SWAP(0,2) || QUERY position 4 ->",
        "C",
    ),
    "dyna-medium": (
        "STATE [X, S, U, A, W, F, B, N, E, C, M] || OPS SWAP(2,4) | ROTATE_LEFT(7) | REVERSE(1,5) |"
        " ROTATE_RIGHT(9) | REVERSE(3,4) | ROTATE_LEFT(4) | REVERSE(1,8) | ROTATE_LEFT(4) | "
        "REVERSE(4,10) | ROTATE_LEFT(5) | SWAP(2,10) | ROTATE_RIGHT(2) | SWAP(3,4) | REVERSE(4,6) |"
        " REVERSE(6,8) || QUERY position 6 ->",
        "N",
    ),
    "dyna-hard": (
        "STATE [D, J, V, K, I, R, F, M, A, E, X, N, T, S, U] || OPS SWAP(0,4) | REVERSE(4,14) | "
        "ROTATE_LEFT(1) | SWAP(4,13) | SWAP(10,13) | SWAP(13,14) | SWAP(2,14) | SWAP(0,2) | "
        "REVERSE(0,11) | REVERSE(6,9) | ROTATE_RIGHT(2) | REVERSE(1,9) | REVERSE(8,13) | SWAP(8,10)"
        " | ROTATE_RIGHT(2) | REVERSE(8,11) | ROTATE_LEFT(8) | SWAP(4,9) | SWAP(4,13) | SWAP(7,13) "
        "| ROTATE_RIGHT(3) | SWAP(10,14) | SWAP(11,14) | SWAP(13,14) | REVERSE(8,14) | "
        "ROTATE_RIGHT(8) | SWAP(2,12) | ROTATE_LEFT(13) | REVERSE(1,7) | SWAP(2,4) | ROTATE_LEFT(1)"
        " | REVERSE(3,6) | REVERSE(5,11) | ROTATE_RIGHT(9) | SWAP(6,14) | ROTATE_LEFT(6) | "
        "SWAP(10,14) | ROTATE_LEFT(8) | SWAP(12,13) || QUERY element M ->",
        "13",
    ),
    "dyna-grid": (
        "STATE [U, P, Z, V, J] || OPS ROTATE_RIGHT(3) | REVERSE(0,4) | ROTATE_LEFT(2) | SWAP(0,1) |"
        " REVERSE(1,4) || QUERY element Z ->",
        "3",
    ),
    "inducto-easy": (
        "Ex1: [A Q M Y K T B] -> [A Q M Y K T] | Ex2: [B T D O P Q U Z] -> [B T D O P Q U] | Ex3: "
        "[F T D M S] -> [F T D M] | Ex4: [I T Y C A F] -> [I T Y C A] | Ex5: [Y C S F I K U] -> [Y "
        "C S F I K] | Ex6: [N X M E V] -> [N X M E] | Ex7: [X B N G C M L V] -> [X B N G C M L] | "
        "Ex8: [G L K J R D] -> [G L K J R] | Query: [J B L Q] ->",
        "J B L",
    ),
    "inducto-medium": (
        "Ex1: [Y Q E R] -> [E R Y Q] | Ex2: [I O F Z D Q N] -> [D Q N Z I O F] | Ex3: [B S D Y R L "
        "P] -> [R L P Y B S D] | Ex4: [D Z I J] -> [I J D Z] | Query: [Y R C E] ->",
        "C E Y R",
    ),
    "inducto-hard": (
        "Ex1: [C V R G U I Z B] -> [V G I B] | Ex2: [A V N J C X K I] -> [V J X I] | Ex3: [W D M C "
        "S U Z K] -> [D C U K] | Ex4: [J Q N K U S B] -> [Q K S] | Query: [G Q Z W R H] ->",
        "Q W H",
    ),
    "inducto-grid": ("Ex1: [C V L Q E I] -> [V L Q E I] | Query: [W T J M O D] ->", "T J M O D"),
    "filtro-easy": (
        "EDGES B:maroon->lime | B:magenta->yellow | B:yellow->maroon | B:violet->magenta | "
        "B:lime->violet | A:omicron->xi | A:pi->alpha | A:alpha->sigma | A:sigma->omicron | "
        "A:xi->pi || QUERY A:omicron hops=1 ->",
        "xi",
    ),
    "filtro-medium": (
        "EDGES A:gamma->eta | A:iota->epsilon | A:delta->beta | A:rho->gamma | A:zeta->iota | "
        "A:epsilon->omega | A:beta->pi | A:pi->zeta | A:eta->tau | A:tau->delta | A:omega->rho | "
        "B:violet->gray | B:crimson->violet | B:white->crimson | B:yellow->brown | B:silver->white "
        "| B:pink->lime | B:red->silver | B:brown->maroon | B:maroon->red | B:gray->pink | "
        "B:lime->yellow || QUERY A:delta hops=2 ->",
        "pi",
    ),
    "filtro-hard": (
        "EDGES A:lambda->xi | B:indigo->yellow | A:psi->lambda | B:cyan->silver | A:zeta->alpha | "
        "B:olive->blue | A:epsilon->tau | B:orange->navy | A:phi->zeta | B:red->beige | A:nu->chi |"
        " B:yellow->gray | A:delta->nu | B:navy->indigo | A:theta->sigma | B:beige->crimson | "
        "A:sigma->gamma | B:silver->olive | A:tau->delta | B:blue->orange | A:chi->psi | "
        "B:crimson->cyan | A:xi->phi | B:teal->pink | A:mu->epsilon | B:gray->green | "
        "A:alpha->theta | B:green->teal | A:gamma->mu | B:pink->red || QUERY A:alpha hops=8 ->",
        "nu",
    ),
    "filtro-shared-easy": (
        "EDGES B:zeta->sigma | A:eta->iota | B:lambda->delta | A:omicron->delta | B:iota->mu | "
        "A:zeta->eta | B:sigma->omicron | A:delta->lambda | B:delta->eta | A:sigma->zeta | "
        "B:eta->zeta | A:mu->omicron | B:omicron->iota | A:iota->mu | B:mu->lambda | "
        "A:lambda->sigma || QUERY A:lambda hops=2 ->",
        "zeta",
    ),
    "filtro-shared-medium": (
        "EDGES B:epsilon->beta | A:omicron->theta | B:iota->zeta | A:theta->beta | B:delta->eta | "
        "A:zeta->rho | B:kappa->delta | A:kappa->eta | B:omicron->iota | A:eta->psi | "
        "B:rho->omicron | A:epsilon->kappa | B:theta->kappa | A:rho->epsilon | B:beta->theta | "
        "A:psi->omicron | B:eta->psi | A:delta->zeta | B:zeta->epsilon | A:beta->iota | B:psi->rho "
        "| A:iota->delta || QUERY A:zeta hops=2 ->",
        "epsilon",
    ),
    "filtro-shared-hard": (
        "EDGES B:kappa->nu | B:eta->xi | B:nu->psi | B:gamma->rho | B:psi->theta | B:omicron->iota "
        "| B:theta->gamma | B:zeta->epsilon | B:xi->delta | B:upsilon->eta | B:epsilon->beta | "
        "B:rho->omicron | B:delta->zeta | B:iota->upsilon | B:beta->kappa | A:psi->theta | "
        "A:theta->beta | A:gamma->iota | A:beta->xi | A:epsilon->gamma | A:eta->omicron | A:nu->psi"
        " | A:delta->upsilon | A:zeta->delta | A:rho->kappa | A:iota->rho | A:kappa->zeta | "
        "A:omicron->epsilon | A:upsilon->nu | A:xi->eta || QUERY B:beta hops=7 ->",
        "omicron",
    ),
    "filtro-grid": (
        "EDGES A:upsilon->nu | B:blue->cyan | A:nu->kappa | B:white->purple | A:theta->upsilon | "
        "B:crimson->white | A:tau->theta | B:cyan->crimson | A:kappa->tau | B:purple->blue || QUERY"
        " A:nu hops=1 ->",
        "kappa",
    ),
    "logic-easy": (
        "INPUTS x0=0 x1=0 x2=1 || GATES g0=NAND(x1,x2) | g1=NOR(x1,x0) | g2=NAND(g0,g1) | "
        "g3=AND(g2,x2) || QUERY g3 ->",
        "0",
    ),
    "logic-medium": (
        "INPUTS x0=1 x1=1 x2=1 x3=0 || GATES g0=NAND(x2,x1) | g1=NOR(x0,x1) | g2=XOR(x2,x0) | "
        "g3=NOR(g2,g1) | g4=NAND(x2,g0) | g5=NAND(g4,x3) | g6=XOR(x3,g3) | g7=OR(g6,g5) || QUERY g7"
        " ->",
        "1",
    ),
    "logic-hard": (
        "INPUTS x0=1 x1=1 x2=0 x3=1 x4=1 x5=0 || GATES g0=AND(x3,x2) | g1=AND(x0,x5) | "
        "g2=AND(x0,x4) | g3=NOT(x1) | g4=NAND(g2,g0) | g5=XOR(g3,g2) | g6=NOT(g1) | g7=XOR(g4,g3) |"
        " g8=XOR(g5,g6) | g9=XOR(g7,g8) | g10=XOR(x0,g9) || QUERY g10 ->",
        "0",
    ),
    "logic-parity-easy": (
        "INPUTS x0=0 x1=0 x2=1 x3=0 x4=1 x5=1 x6=0 x7=1 x8=1 x9=1 || GATES g0=XOR(x3,x0) | "
        "g1=XOR(x1,x5) | g2=XOR(g0,x9) | g3=XOR(g1,x8) | g4=XOR(g3,x6) | g5=XOR(g4,x7) | "
        "g6=XOR(g5,x4) | g7=XOR(g2,x2) | g8=XOR(g6,g7) || QUERY g8 ->",
        "0",
    ),
    "logic-parity-medium": (
        "INPUTS x0=1 x1=0 x2=1 x3=0 x4=0 x5=1 x6=1 x7=1 x8=1 x9=1 x10=0 x11=1 x12=1 x13=0 x14=0 "
        "x15=0 x16=1 x17=0 x18=1 || GATES g0=XOR(x11,x13) | g1=XOR(x15,x17) | g2=XOR(x5,x8) | "
        "g3=XOR(x12,g2) | g4=XOR(g0,x0) | g5=XOR(x10,x3) | g6=XOR(x7,x9) | g7=XOR(x2,x1) | "
        "g8=XOR(g3,x16) | g9=XOR(x14,x4) | g10=XOR(g9,g5) | g11=XOR(g4,x18) | g12=XOR(g1,g10) | "
        "g13=XOR(x6,g11) | g14=XOR(g7,g8) | g15=XOR(g6,g14) | g16=XOR(g13,g15) | g17=XOR(g12,g16) "
        "|| QUERY g17 ->",
        "1",
    ),
    "logic-parity-hard": (
        "INPUTS x0=1 x1=1 x2=0 x3=1 x4=0 x5=0 x6=0 x7=1 x8=0 x9=0 x10=0 x11=1 x12=1 x13=0 x14=1 "
        "x15=0 x16=0 x17=1 x18=1 x19=0 x20=0 x21=1 x22=0 x23=1 x24=1 x25=1 x26=0 x27=0 x28=1 x29=1 "
        "|| GATES g0=XOR(x2,x11) | g1=XOR(x14,x19) | g2=XOR(x27,x17) | g3=XOR(x29,x7) | "
        "g4=XOR(g1,x24) | g5=XOR(x10,x8) | g6=XOR(x26,x4) | g7=XOR(x0,x20) | g8=XOR(x15,g6) | "
        "g9=XOR(x22,x12) | g10=XOR(x13,x23) | g11=XOR(x1,g3) | g12=XOR(x28,x5) | g13=XOR(x18,g11) |"
        " g14=XOR(g5,g7) | g15=XOR(g0,g13) | g16=XOR(x3,g15) | g17=XOR(g10,g9) | g18=XOR(g16,g14) |"
        " g19=XOR(g2,g18) | g20=XOR(g19,x16) | g21=XOR(x21,x9) | g22=XOR(x25,g21) | g23=XOR(g4,g12)"
        " | g24=XOR(g23,g22) | g25=XOR(x6,g17) | g26=XOR(g24,g25) | g27=XOR(g26,g20) | "
        "g28=XOR(g27,g8) || QUERY g28 ->",
        "1",
    ),
    "logic-grid": (
        "INPUTS x0=0 x1=0 x2=0 x3=0 || GATES g0=NOR(x2,x0) | g1=NOR(x1,x3) | g2=NAND(g1,g0) || QUERY g2 ->",
        "0",
    ),
}


@pytest.mark.parametrize("name", STOCK, scope="session")
def test_the_first_row_of_every_config_is_the_published_sample(name: str) -> None:
    (row,) = listed(name, "train", 1)
    assert SAMPLES.get(name, "missing: see tests/samples.py") == (row["input_text"], row["target"])


def test_every_published_sample_belongs_to_a_config() -> None:
    assert set(SAMPLES) <= set(STOCK)
