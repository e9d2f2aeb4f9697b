"""The published sample prompts: the first training row of every level and grid, with seed 42.

`python tests/samples.py` prints the table below from the installed package.
"""

import pytest
from support import STOCK, listed

# config: (prompt, answer)
SAMPLES: dict[str, tuple[str, str]] = {
    "dyna-easy": (
        "STATE [R, S, E, X, I] || OPS REVERSE(0,3) | SWAP(2,4) | REVERSE(1,4) | ROTATE_LEFT(4) | "
        "SWAP(2,4) | ROTATE_RIGHT(4) | SWAP(1,2) | SWAP(1,4) || QUERY position 1 ->",
        "E",
    ),
    "dyna-medium": (
        "STATE [Z, S, M, C, O, W, B, Y, F, J, R] || OPS SWAP(3,9) | REVERSE(3,7) | ROTATE_LEFT(6) |"
        " REVERSE(3,10) | SWAP(2,6) | REVERSE(3,8) | ROTATE_RIGHT(10) | SWAP(0,2) | ROTATE_RIGHT(3)"
        " | SWAP(6,7) | ROTATE_RIGHT(7) | SWAP(3,10) | REVERSE(6,10) | REVERSE(8,10) | "
        "ROTATE_LEFT(3) || QUERY element C ->",
        "7",
    ),
    "dyna-hard": (
        "STATE [Q, P, G, Y, F, X, H, A, N, B, U, E, S, M, W, D, O, C] || OPS SWAP(1,16) | "
        "ROTATE_LEFT(15) | SWAP(2,8) | REVERSE(7,15) | SWAP(5,7) | ROTATE_LEFT(2) | SWAP(5,6) | "
        "ROTATE_RIGHT(16) | REVERSE(14,16) | ROTATE_RIGHT(8) | SWAP(4,9) | REVERSE(6,17) | "
        "SWAP(5,8) | SWAP(8,11) | SWAP(11,17) | ROTATE_LEFT(10) | SWAP(6,9) | ROTATE_RIGHT(10) | "
        "REVERSE(3,11) | ROTATE_LEFT(16) | SWAP(11,13) | SWAP(13,16) | REVERSE(5,16) | SWAP(11,16) "
        "| SWAP(4,11) | SWAP(7,11) | ROTATE_LEFT(15) | SWAP(4,14) | ROTATE_LEFT(17) | SWAP(10,15) |"
        " ROTATE_RIGHT(14) | REVERSE(3,16) | ROTATE_LEFT(3) | REVERSE(8,12) | REVERSE(9,14) | "
        "REVERSE(4,14) | SWAP(8,12) | SWAP(11,12) | SWAP(11,16) | ROTATE_LEFT(16) | REVERSE(7,11) |"
        " REVERSE(5,16) || QUERY element N ->",
        "15",
    ),
    "dyna-commuting-easy": (
        "STATE [H, R, L, K, E] || OPS ROTATE_RIGHT(3) | ROTATE_LEFT(4) | ROTATE_RIGHT(1) | "
        "ROTATE_LEFT(4) | ROTATE_RIGHT(2) | ROTATE_LEFT(3) | ROTATE_RIGHT(4) || QUERY position 4 ->",
        "H",
    ),
    "dyna-commuting-medium": (
        "STATE [X, D, U, Y, Z, S, E, V, M, K, N] || OPS ROTATE_LEFT(2) | ROTATE_LEFT(4) | "
        "ROTATE_RIGHT(3) | ROTATE_RIGHT(9) | ROTATE_RIGHT(6) | ROTATE_RIGHT(4) | ROTATE_RIGHT(3) | "
        "ROTATE_LEFT(7) | ROTATE_RIGHT(9) | ROTATE_LEFT(2) | ROTATE_LEFT(6) | ROTATE_RIGHT(5) | "
        "ROTATE_LEFT(2) || QUERY element M ->",
        "2",
    ),
    "dyna-commuting-hard": (
        "STATE [A, N, B, F, S, D, L, J, H, Z, R, C, K, T, I, M, G, O] || OPS ROTATE_RIGHT(6) | "
        "ROTATE_RIGHT(4) | ROTATE_RIGHT(10) | ROTATE_LEFT(15) | ROTATE_LEFT(7) | ROTATE_LEFT(13) | "
        "ROTATE_LEFT(3) | ROTATE_RIGHT(16) | ROTATE_LEFT(7) | ROTATE_LEFT(16) | ROTATE_RIGHT(10) | "
        "ROTATE_RIGHT(12) | ROTATE_RIGHT(17) | ROTATE_LEFT(16) | ROTATE_RIGHT(3) | ROTATE_RIGHT(12)"
        " | ROTATE_LEFT(10) | ROTATE_LEFT(11) | ROTATE_LEFT(7) | ROTATE_LEFT(15) | ROTATE_RIGHT(9) "
        "| ROTATE_LEFT(5) | ROTATE_LEFT(15) | ROTATE_RIGHT(1) | ROTATE_RIGHT(3) | ROTATE_LEFT(15) |"
        " ROTATE_LEFT(12) | ROTATE_LEFT(4) | ROTATE_RIGHT(4) | ROTATE_LEFT(10) || QUERY position 7 "
        "->",
        "Z",
    ),
    "dyna-swaps-easy": (
        "STATE [D, G, S, E, K] || OPS SWAP(1,2) | SWAP(2,4) | SWAP(2,3) | SWAP(0,3) | SWAP(3,4) | "
        "SWAP(1,3) || QUERY element D ->",
        "4",
    ),
    "dyna-swaps-medium": (
        "STATE [X, Z, J, Y, O, C, K, B, M, S, Q] || OPS SWAP(3,5) | SWAP(3,8) | SWAP(3,6) | "
        "SWAP(3,10) | SWAP(8,10) | SWAP(1,8) | SWAP(6,8) | SWAP(8,9) | SWAP(2,9) | SWAP(2,4) | "
        "SWAP(2,8) | SWAP(2,9) | SWAP(9,10) | SWAP(1,9) | SWAP(1,8) || QUERY position 4 ->",
        "M",
    ),
    "dyna-swaps-hard": (
        "STATE [P, S, U, X, R, W, J, V, G, A, K, D, M, H, Z, I, N] || OPS SWAP(11,12) | SWAP(3,12) "
        "| SWAP(3,4) | SWAP(3,11) | SWAP(0,3) | SWAP(0,16) | SWAP(6,16) | SWAP(4,16) | SWAP(3,4) | "
        "SWAP(4,14) | SWAP(4,10) | SWAP(10,14) | SWAP(14,15) | SWAP(3,15) | SWAP(3,12) | SWAP(3,4) "
        "| SWAP(4,12) | SWAP(8,12) | SWAP(3,12) | SWAP(7,12) | SWAP(12,14) | SWAP(9,12) | SWAP(5,9)"
        " | SWAP(9,10) | SWAP(0,9) | SWAP(2,9) | SWAP(2,15) || QUERY position 6 ->",
        "M",
    ),
    "dyna-ood-hard": (
        "STATE [I, P, F, B, D, G, Y, C, E, J, L, N, S] || OPS ROTATE_LEFT(3) | REVERSE(2,10) | "
        "ROTATE_RIGHT(11) | SWAP(2,8) | ROTATE_RIGHT(12) | SWAP(0,3) | ROTATE_RIGHT(9) | "
        "REVERSE(2,5) | REVERSE(5,7) | REVERSE(5,12) | ROTATE_LEFT(10) | REVERSE(1,6) | "
        "REVERSE(2,8) | SWAP(6,9) | ROTATE_RIGHT(12) | REVERSE(4,7) | SWAP(0,5) | ROTATE_LEFT(5) | "
        "REVERSE(0,7) | SWAP(2,11) | ROTATE_LEFT(3) | REVERSE(2,3) | ROTATE_LEFT(11) | SWAP(1,6) | "
        "SWAP(1,3) | ROTATE_LEFT(4) | REVERSE(1,2) | ROTATE_RIGHT(5) | SWAP(5,7) | ROTATE_RIGHT(4) "
        "| SWAP(0,5) | REVERSE(2,6) | ROTATE_RIGHT(11) | REVERSE(4,6) | ROTATE_RIGHT(12) | "
        "REVERSE(7,10) | ROTATE_LEFT(4) | SWAP(8,9) | REVERSE(3,9) | SWAP(4,6) | SWAP(3,4) | "
        "REVERSE(1,12) | ROTATE_LEFT(11) | SWAP(10,12) | ROTATE_LEFT(7) | SWAP(6,7) | "
        "ROTATE_LEFT(8) | REVERSE(11,12) | SWAP(2,12) | ROTATE_RIGHT(4) | SWAP(1,4) || QUERY "
        "position 9 ->",
        "C",
    ),
    "dyna-grid": (
        "STATE [M, S, V, U, W] || OPS REVERSE(3,4) | REVERSE(1,3) | ROTATE_RIGHT(3) | REVERSE(0,4) "
        "| SWAP(0,1) || QUERY element S ->",
        "3",
    ),
    "inducto-easy": (
        "Ex1: [Q E W J] -> [Q E W] | Ex2: [L V C I] -> [L V C] | Ex3: [R Y D K O] -> [R Y D K] | "
        "Ex4: [Y M F P D] -> [Y M F P] | Ex5: [I G Q S M Z N] -> [I G Q S M Z] | Ex6: [U L C S B] "
        "-> [U L C S] | Ex7: [Y B W H U L K] -> [Y B W H U L] | Ex8: [G O F V N Y R] -> [G O F V N "
        "Y] | Ex9: [I M Y V A] -> [I M Y V] | Ex10: [O R F K T H W V] -> [O R F K T H W] | Query: "
        "[L T P E N M] ->",
        "L T P E N",
    ),
    "inducto-medium": (
        "Ex1: [Q D A W L] -> [Q D A W L L W A D Q] | Ex2: [N C A M X S Z O] -> [N C A M X S Z O O Z"
        " S X M A C N] | Ex3: [J V C N I] -> [J V C N I I N C V J] | Query: [D M B H] ->",
        "D M B H H B M D",
    ),
    "inducto-hard": (
        "Ex1: [B L D J K Y P I] -> [I L D J K Y P B B P Y K J D L I] | Query: [N G J V] ->",
        "V G J N N J G V",
    ),
    "inducto-open-easy": (
        "Ex1: [Y V O D G Z] -> [Z G O Y D V] | Ex2: [M Y A V T Z] -> [Z T A M V Y] | Ex3: [K W F T "
        "B N] -> [N B F K T W] | Ex4: [M E S B A C] -> [C A S M B E] | Ex5: [E D P S A T] -> [T A P"
        " E S D] | Ex6: [E K M F S Q] -> [Q S M E F K] | Ex7: [E S X D F G] -> [G F X E D S] | Ex8:"
        " [T Y C M I V] -> [V I C T M Y] | Ex9: [Y H G E L O] -> [O L G Y E H] | Query: [U H E G P "
        "V] ->",
        "V P E U G H",
    ),
    "inducto-open-medium": (
        "Ex1: [G K M Q L U E] -> [L K M E Q G U] | Ex2: [A M O C K H Y] -> [K M O Y C A H] | Ex3: "
        "[D F X U M V R] -> [M F X R U D V] | Ex4: [F W G M Q U R] -> [Q W G R M F U] | Ex5: [P S H"
        " C G A M] -> [G S H M C P A] | Ex6: [L C A E O J P] -> [O C A P E L J] | Query: [W K P H O"
        " J V] ->",
        "O K P V H W J",
    ),
    "inducto-open-hard": (
        "Ex1: [L D J U P H I] -> [L J U H P I D] | Ex2: [K Y F A S J E] -> [K F A J S E Y] | Query:"
        " [J H A U I O T] ->",
        "J A U O I T H",
    ),
    "inducto-heldout-hard": (
        "Ex1: [S C Z T K G N] -> [C G Z N T] | Ex2: [U S N X E G A] -> [S G N A X] | Ex3: [A M T D "
        "C Q Y] -> [M Q T Y D] | Query: [Q A N Z W O J] ->",
        "A O N J Z",
    ),
    "inducto-grid": ("Ex1: [T Q I J] -> [T T Q Q I I J J] | Query: [V O C D] ->", "V V O O C C D D"),
    "filtro-easy": (
        "EDGES A:tau->zeta | A:delta->kappa | A:zeta->delta | A:beta->sigma | A:sigma->tau | "
        "A:kappa->beta | B:white->green | B:silver->purple | B:teal->silver | B:indigo->teal | "
        "B:purple->white | B:green->indigo || QUERY A:delta hops=2 ->",
        "beta",
    ),
    "filtro-medium": (
        "EDGES B:beige->indigo | A:xi->eta | B:purple->magenta | A:kappa->theta | A:gamma->pi | "
        "B:teal->gray | B:red->green | B:white->purple | A:beta->rho | B:blue->red | A:pi->xi | "
        "A:upsilon->psi | A:phi->beta | B:magenta->blue | B:gold->beige | B:indigo->white | "
        "A:psi->phi | A:rho->gamma | A:eta->kappa | A:theta->upsilon | B:green->teal | B:gray->gold"
        " || QUERY A:phi hops=4 ->",
        "pi",
    ),
    "filtro-hard": (
        "EDGES A:alpha->theta | B:brown->indigo | A:omega->tau | B:magenta->pink | A:theta->omega |"
        " B:silver->blue | A:tau->lambda | B:pink->maroon | A:gamma->alpha | B:gray->magenta | "
        "A:omicron->pi | B:blue->beige | A:lambda->upsilon | B:cyan->orange | A:iota->delta | "
        "B:beige->yellow | A:kappa->zeta | B:navy->cyan | A:zeta->omicron | B:orange->brown | "
        "A:rho->kappa | B:indigo->silver | A:pi->iota | B:maroon->red | A:epsilon->rho | "
        "B:red->white | A:upsilon->epsilon | B:white->navy | A:delta->gamma | B:yellow->gray || "
        "QUERY A:epsilon hops=4 ->",
        "omicron",
    ),
    "filtro-shared-easy": (
        "EDGES A:phi->psi | B:zeta->gamma | A:upsilon->pi | B:psi->pi | A:sigma->tau | B:phi->psi |"
        " A:zeta->phi | B:tau->phi | A:pi->gamma | B:pi->upsilon | A:gamma->zeta | B:gamma->sigma |"
        " A:psi->sigma | B:sigma->tau | A:tau->upsilon | B:upsilon->zeta || QUERY A:tau hops=1 ->",
        "upsilon",
    ),
    "filtro-shared-medium": (
        "EDGES A:sigma->mu | B:mu->omega | A:rho->pi | B:sigma->iota | A:gamma->zeta | "
        "B:upsilon->zeta | A:zeta->sigma | B:omega->gamma | A:omega->iota | B:pi->mu | A:mu->kappa "
        "| B:rho->omicron | A:upsilon->omega | B:gamma->rho | A:kappa->upsilon | B:iota->pi | "
        "A:pi->omicron | B:zeta->sigma | A:iota->rho | B:kappa->upsilon | A:omicron->gamma | "
        "B:omicron->kappa || QUERY A:omicron hops=2 ->",
        "zeta",
    ),
    "filtro-shared-hard": (
        "EDGES B:kappa->psi | A:kappa->lambda | A:delta->eta | B:tau->iota | A:lambda->omicron | "
        "A:iota->chi | B:rho->omicron | A:eta->mu | B:omicron->kappa | A:pi->epsilon | B:sigma->rho"
        " | A:xi->sigma | A:sigma->rho | A:tau->iota | B:psi->tau | B:pi->lambda | A:mu->xi | "
        "A:chi->kappa | A:epsilon->psi | B:lambda->xi | A:psi->delta | B:epsilon->mu | B:mu->eta | "
        "B:xi->epsilon | A:omicron->pi | B:eta->chi | B:delta->pi | B:chi->sigma | A:rho->tau | "
        "B:iota->delta || QUERY A:epsilon hops=5 ->",
        "xi",
    ),
    "filtro-clean-easy": (
        "EDGES A:tau->zeta | A:delta->kappa | A:zeta->delta | A:beta->sigma | A:sigma->tau | "
        "A:kappa->beta || QUERY A:delta hops=2 ->",
        "beta",
    ),
    "filtro-clean-medium": (
        "EDGES A:xi->eta | A:kappa->theta | A:gamma->pi | A:beta->rho | A:pi->xi | A:upsilon->psi |"
        " A:phi->beta | A:psi->phi | A:rho->gamma | A:eta->kappa | A:theta->upsilon || QUERY A:phi "
        "hops=4 ->",
        "pi",
    ),
    "filtro-clean-hard": (
        "EDGES A:alpha->theta | A:omega->tau | A:theta->omega | A:tau->lambda | A:gamma->alpha | "
        "A:omicron->pi | A:lambda->upsilon | A:iota->delta | A:kappa->zeta | A:zeta->omicron | "
        "A:rho->kappa | A:pi->iota | A:epsilon->rho | A:upsilon->epsilon | A:delta->gamma || QUERY "
        "A:epsilon hops=4 ->",
        "omicron",
    ),
    "filtro-recall-easy": (
        "EDGES A:phi->sigma | B:gray->olive | A:lambda->zeta | B:indigo->yellow | A:zeta->rho | "
        "B:yellow->navy | A:rho->phi | B:navy->pink | A:sigma->iota | B:olive->indigo | "
        "A:iota->lambda | B:pink->gray || QUERY A:iota hops=1 ->",
        "lambda",
    ),
    "filtro-recall-medium": (
        "EDGES A:rho->kappa | B:gray->teal | A:epsilon->iota | B:olive->navy | A:zeta->delta | "
        "B:indigo->brown | A:kappa->xi | B:navy->green | A:iota->sigma | B:magenta->indigo | "
        "A:delta->tau | B:brown->olive | A:xi->zeta | B:teal->magenta | A:tau->epsilon | "
        "B:violet->gray | A:sigma->rho | B:green->violet || QUERY A:delta hops=1 ->",
        "tau",
    ),
    "filtro-recall-hard": (
        "EDGES A:omega->nu | A:omicron->upsilon | A:phi->omega | A:upsilon->xi | A:beta->delta | "
        "A:tau->kappa | B:lime->magenta | B:black->lime | A:eta->gamma | B:maroon->crimson | "
        "B:crimson->beige | B:beige->olive | A:gamma->zeta | A:delta->chi | B:brown->blue | "
        "B:purple->yellow | B:olive->cyan | B:pink->brown | B:yellow->maroon | B:magenta->teal | "
        "A:xi->phi | A:kappa->beta | A:nu->tau | A:chi->eta | A:zeta->omicron | B:teal->pink | "
        "B:blue->purple | B:cyan->black || QUERY A:omega hops=1 ->",
        "nu",
    ),
    "filtro-ood-hard": (
        "EDGES B:cyan->crimson | A:phi->omega | B:brown->pink | A:iota->phi | A:omicron->iota | "
        "A:omega->gamma | B:pink->cyan | A:theta->sigma | B:green->brown | B:silver->purple | "
        "B:lime->green | B:purple->indigo | B:crimson->white | B:white->navy | A:sigma->psi | "
        "B:red->beige | A:kappa->mu | A:gamma->pi | B:beige->lime | B:blue->silver | B:indigo->red "
        "| A:zeta->omicron | A:lambda->chi | A:psi->lambda | B:navy->orange | A:nu->theta | "
        "A:mu->zeta | A:pi->nu | B:orange->blue | A:chi->kappa || QUERY A:nu hops=9 ->",
        "omicron",
    ),
    "filtro-grid": (
        "EDGES A:beta->eta | B:gold->cyan | A:rho->beta | B:cyan->beige | A:eta->nu | B:pink->gold "
        "| A:nu->tau | B:olive->pink | A:tau->rho | B:beige->olive || QUERY A:eta hops=1 ->",
        "nu",
    ),
    "logic-easy": (
        "INPUTS x0=0 x1=0 x2=1 x3=0 || GATES g0=NOR(x1,x0) | g1=XOR(x3,x2) | g2=AND(g0,g1) || QUERY g2 ->",
        "1",
    ),
    "logic-medium": (
        "INPUTS x0=0 x1=1 x2=1 x3=0 || GATES g0=XOR(x0,x3) | g1=OR(x1,x2) | g2=NOT(x2) | "
        "g3=AND(g2,g0) | g4=NAND(g1,g0) | g5=XOR(g4,g3) || QUERY g5 ->",
        "1",
    ),
    "logic-hard": (
        "INPUTS x0=1 x1=1 x2=0 x3=1 x4=1 || GATES g0=OR(x0,x4) | g1=NAND(x4,x1) | g2=XOR(g1,g0) | "
        "g3=XOR(g2,x3) | g4=OR(g1,g2) | g5=AND(x2,g2) | g6=OR(g3,g4) | g7=XOR(x1,g5) | "
        "g8=XOR(g7,g6) || QUERY g8 ->",
        "0",
    ),
    "logic-parity-easy": (
        "INPUTS x0=1 x1=0 x2=1 x3=1 x4=0 x5=1 x6=0 x7=1 || GATES g0=XOR(x3,x5) | g1=XOR(x7,x1) | "
        "g2=XOR(x4,x0) | g3=XOR(x6,g0) | g4=XOR(g1,x2) | g5=XOR(g4,g2) | g6=XOR(g3,g5) || QUERY g6 "
        "->",
        "1",
    ),
    "logic-parity-medium": (
        "INPUTS x0=0 x1=0 x2=0 x3=1 x4=1 x5=1 x6=1 x7=0 x8=1 x9=1 x10=1 x11=0 x12=0 x13=0 x14=0 "
        "x15=1 || GATES g0=XOR(x11,x3) | g1=XOR(x15,x2) | g2=XOR(x4,x14) | g3=XOR(g2,x13) | "
        "g4=XOR(g3,x6) | g5=XOR(x12,x10) | g6=XOR(x7,x8) | g7=XOR(x5,g1) | g8=XOR(g6,x9) | "
        "g9=XOR(g7,g0) | g10=XOR(g9,g5) | g11=XOR(g8,g4) | g12=XOR(x0,g10) | g13=XOR(g11,g12) | "
        "g14=XOR(g13,x1) || QUERY g14 ->",
        "0",
    ),
    "logic-parity-hard": (
        "INPUTS x0=1 x1=1 x2=0 x3=0 x4=1 x5=0 x6=1 x7=0 x8=1 x9=0 x10=1 x11=0 x12=1 x13=1 x14=0 "
        "x15=1 x16=1 x17=0 x18=0 x19=1 x20=1 x21=0 x22=1 x23=1 x24=0 || GATES g0=XOR(x1,x3) | "
        "g1=XOR(x13,x16) | g2=XOR(x11,x12) | g3=XOR(x6,x4) | g4=XOR(x22,x14) | g5=XOR(x20,x21) | "
        "g6=XOR(x7,x5) | g7=XOR(g2,x19) | g8=XOR(x0,g1) | g9=XOR(x17,g6) | g10=XOR(g5,x18) | "
        "g11=XOR(g7,x15) | g12=XOR(g0,g8) | g13=XOR(g12,g11) | g14=XOR(g9,x8) | g15=XOR(g3,x2) | "
        "g16=XOR(g4,g10) | g17=XOR(g14,x24) | g18=XOR(g13,x10) | g19=XOR(g15,x23) | "
        "g20=XOR(g17,g19) | g21=XOR(g18,g20) | g22=XOR(g21,g16) | g23=XOR(x9,g22) || QUERY g23 ->",
        "0",
    ),
    "logic-ood-hard": (
        "INPUTS x0=0 x1=0 x2=1 x3=0 x4=1 x5=0 || GATES g0=XOR(x1,x2) | g1=NOT(g0) | g2=XOR(g0,x5) |"
        " g3=XOR(g1,g2) | g4=XOR(x0,g3) | g5=NOR(g3,x3) | g6=NAND(g4,g5) | g7=NOT(g6) | "
        "g8=XOR(g1,g6) | g9=NAND(g7,x1) | g10=XOR(g6,g8) | g11=OR(g9,g10) | g12=NAND(x4,g11) || "
        "QUERY g12 ->",
        "0",
    ),
    "logic-grid": (
        "INPUTS x0=1 x1=0 x2=1 x3=1 || GATES g0=OR(x1,x0) | g1=AND(x3,x2) | g2=NAND(g1,g0) || QUERY g2 ->",
        "0",
    ),
}


@pytest.mark.parametrize("name", STOCK, scope="session")
def test_the_first_row_of_every_config_is_the_published_sample(name: str) -> None:
    (row,) = listed(name, "train", 1)
    assert SAMPLES.get(name, "missing: see tests/samples.py") == (row["input_text"], row["target"])


def test_every_published_sample_belongs_to_a_config() -> None:
    assert set(SAMPLES) <= set(STOCK)
