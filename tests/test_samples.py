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
    "dyna-commuting-easy": (
        "STATE [L, I, T, W, A, H, Z] || OPS ROTATE_RIGHT(3) | ROTATE_LEFT(1) | ROTATE_LEFT(5) | "
        "ROTATE_RIGHT(5) | ROTATE_LEFT(6) | ROTATE_LEFT(1) | ROTATE_LEFT(4) || QUERY position 3 ->",
        "H",
    ),
    "dyna-commuting-medium": (
        "STATE [G, D, C, R, A, Y, P, X, Q, F] || OPS ROTATE_RIGHT(1) | ROTATE_LEFT(9) | "
        "ROTATE_RIGHT(4) | ROTATE_RIGHT(5) | ROTATE_LEFT(7) | ROTATE_RIGHT(6) | ROTATE_RIGHT(2) | "
        "ROTATE_RIGHT(7) | ROTATE_LEFT(4) | ROTATE_RIGHT(3) | ROTATE_RIGHT(3) | ROTATE_LEFT(4) | "
        "ROTATE_LEFT(7) | ROTATE_RIGHT(1) | ROTATE_RIGHT(9) | ROTATE_RIGHT(7) | ROTATE_LEFT(9) | "
        "ROTATE_LEFT(3) || QUERY element R ->",
        "8",
    ),
    "dyna-commuting-hard": (
        "STATE [V, N, G, R, F, T, K, O, Y, S, E, M, X, H, Z, C, A, Q] || OPS ROTATE_LEFT(1) | "
        "ROTATE_RIGHT(17) | ROTATE_RIGHT(13) | ROTATE_LEFT(9) | ROTATE_LEFT(5) | ROTATE_LEFT(16) | "
        "ROTATE_RIGHT(17) | ROTATE_LEFT(8) | ROTATE_RIGHT(6) | ROTATE_RIGHT(15) | ROTATE_RIGHT(17) "
        "| ROTATE_LEFT(1) | ROTATE_RIGHT(8) | ROTATE_RIGHT(14) | ROTATE_LEFT(2) | ROTATE_LEFT(14) |"
        " ROTATE_RIGHT(4) | ROTATE_RIGHT(8) | ROTATE_RIGHT(15) | ROTATE_RIGHT(15) | ROTATE_LEFT(16)"
        " | ROTATE_LEFT(1) | ROTATE_RIGHT(15) | ROTATE_LEFT(9) | ROTATE_RIGHT(3) | ROTATE_LEFT(10) "
        "| ROTATE_RIGHT(6) | ROTATE_RIGHT(17) | ROTATE_RIGHT(16) | ROTATE_RIGHT(8) | "
        "ROTATE_RIGHT(16) | ROTATE_RIGHT(6) | ROTATE_LEFT(8) | ROTATE_RIGHT(14) | ROTATE_RIGHT(2) |"
        " ROTATE_RIGHT(12) | ROTATE_RIGHT(12) || QUERY position 6 ->",
        "E",
    ),
    "dyna-swaps-easy": (
        "STATE [F, J, H, Q, K] || OPS SWAP(3,4) | SWAP(0,4) | SWAP(0,3) | SWAP(2,3) | SWAP(1,3) | "
        "SWAP(1,4) | SWAP(1,3) | SWAP(1,4) | SWAP(1,3) | SWAP(2,3) || QUERY position 3 ->",
        "Q",
    ),
    "dyna-swaps-medium": (
        "STATE [Q, B, G, R, M, Y, U, N, T, W, Z] || OPS SWAP(4,6) | SWAP(0,4) | SWAP(4,6) | "
        "SWAP(4,10) | SWAP(1,4) | SWAP(4,9) | SWAP(4,10) | SWAP(6,10) | SWAP(3,6) | SWAP(3,4) | "
        "SWAP(3,7) | SWAP(2,7) | SWAP(2,4) | SWAP(2,6) || QUERY position 9 ->",
        "B",
    ),
    "dyna-swaps-hard": (
        "STATE [W, U, N, B, K, P, A, J, C, I, F, Z, Q, E, L, H] || OPS SWAP(14,15) | SWAP(10,14) | "
        "SWAP(9,10) | SWAP(10,13) | SWAP(3,13) | SWAP(3,15) | SWAP(3,7) | SWAP(3,11) | SWAP(0,3) | "
        "SWAP(0,4) | SWAP(4,15) | SWAP(6,15) | SWAP(11,15) | SWAP(1,15) | SWAP(13,15) | SWAP(10,13)"
        " | SWAP(6,13) | SWAP(5,13) | SWAP(5,8) | SWAP(0,8) | SWAP(8,10) | SWAP(10,12) | SWAP(1,10)"
        " | SWAP(1,11) | SWAP(11,14) | SWAP(9,14) | SWAP(0,14) | SWAP(0,10) | SWAP(0,3) | SWAP(1,3)"
        " | SWAP(1,2) | SWAP(2,3) | SWAP(2,14) | SWAP(2,3) | SWAP(0,3) | SWAP(3,13) | SWAP(3,14) | "
        "SWAP(3,7) | SWAP(0,7) | SWAP(5,7) | SWAP(7,8) | SWAP(6,8) | SWAP(3,8) | SWAP(0,3) | "
        "SWAP(3,15) | SWAP(7,15) | SWAP(7,14) | SWAP(7,10) || QUERY position 10 ->",
        "P",
    ),
    "dyna-ood-hard": (
        "STATE [R, N, F, H, J, Y, V, D, Z, M, E, B, S, U, I, L, W, P, T] || OPS ROTATE_LEFT(15) | "
        "REVERSE(5,11) | ROTATE_RIGHT(5) | SWAP(1,15) | ROTATE_LEFT(3) | SWAP(0,4) | "
        "ROTATE_RIGHT(18) | REVERSE(2,14) | REVERSE(12,15) | ROTATE_RIGHT(10) | REVERSE(4,14) | "
        "ROTATE_LEFT(5) | SWAP(2,10) | ROTATE_LEFT(9) | SWAP(4,18) | ROTATE_LEFT(15) | "
        "REVERSE(3,10) | SWAP(6,11) | ROTATE_LEFT(18) | REVERSE(1,12) | ROTATE_RIGHT(10) | "
        "REVERSE(6,11) | REVERSE(5,9) | ROTATE_RIGHT(10) | SWAP(1,13) | ROTATE_LEFT(16) | "
        "SWAP(2,13) | REVERSE(11,18) | ROTATE_LEFT(14) | REVERSE(11,17) | REVERSE(11,12) | "
        "SWAP(3,12) | ROTATE_RIGHT(15) | REVERSE(15,18) | REVERSE(5,18) | REVERSE(12,16) | "
        "SWAP(11,15) | REVERSE(11,12) | SWAP(11,13) | ROTATE_LEFT(13) | SWAP(5,10) | SWAP(5,14) | "
        "SWAP(5,13) | SWAP(9,13) | REVERSE(12,13) | REVERSE(10,12) | REVERSE(4,14) | SWAP(6,11) | "
        "REVERSE(7,13) | REVERSE(1,17) | ROTATE_RIGHT(13) | SWAP(5,12) | SWAP(5,7) | REVERSE(4,13) "
        "| ROTATE_LEFT(15) | REVERSE(12,13) | ROTATE_RIGHT(3) | SWAP(8,10) | ROTATE_RIGHT(13) | "
        "REVERSE(9,13) | SWAP(12,17) | REVERSE(4,14) | SWAP(1,10) | REVERSE(2,13) | REVERSE(4,7) | "
        "REVERSE(1,8) | ROTATE_LEFT(12) || QUERY element H ->",
        "8",
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
    "inducto-open-easy": (
        "Ex1: [Z S X E B D P] -> [D X E B Z P S] | Ex2: [O G I Z Q Y M] -> [Y I Z Q O M G] | Ex3: "
        "[C R S O U G M] -> [G S O U C M R] | Ex4: [J D B U F R X] -> [R B U F J X D] | Ex5: [P B Q"
        " H T Y W] -> [Y Q H T P W B] | Query: [J S R A E Q H] ->",
        "Q R A E J H S",
    ),
    "inducto-open-medium": (
        "Ex1: [N G T S M P] -> [T G M P S N] | Ex2: [V B N I G U] -> [N B G U I V] | Ex3: [B D A R "
        "H S] -> [A D H S R B] | Ex4: [P C W A Z E] -> [W C Z E A P] | Query: [H R M Z B E] ->",
        "M R B E Z H",
    ),
    "inducto-open-hard": (
        "Ex1: [K C B N I H] -> [H C I K B N] | Ex2: [K U Z I M H] -> [H U M K Z I] | Ex3: [X Q O R "
        "Z J] -> [J Q Z X O R] | Query: [E L I D T F] ->",
        "F L T E I D",
    ),
    "inducto-heldout-hard": (
        "Ex1: [V Y R F C T] -> [Y R F] | Ex2: [P L I J T D F S] -> [L I J T D] | Ex3: [Y D N F O] "
        "-> [D N] | Ex4: [V Q R F Y] -> [Q R] | Query: [V A D G M E O] ->",
        "A D G M",
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
    "filtro-clean-easy": (
        "EDGES A:omicron->xi | A:pi->alpha | A:alpha->sigma | A:sigma->omicron | A:xi->pi || QUERY "
        "A:omicron hops=1 ->",
        "xi",
    ),
    "filtro-clean-medium": (
        "EDGES A:gamma->eta | A:iota->epsilon | A:delta->beta | A:rho->gamma | A:zeta->iota | "
        "A:epsilon->omega | A:beta->pi | A:pi->zeta | A:eta->tau | A:tau->delta | A:omega->rho || "
        "QUERY A:delta hops=2 ->",
        "pi",
    ),
    "filtro-clean-hard": (
        "EDGES A:lambda->xi | A:psi->lambda | A:zeta->alpha | A:epsilon->tau | A:phi->zeta | "
        "A:nu->chi | A:delta->nu | A:theta->sigma | A:sigma->gamma | A:tau->delta | A:chi->psi | "
        "A:xi->phi | A:mu->epsilon | A:alpha->theta | A:gamma->mu || QUERY A:alpha hops=8 ->",
        "nu",
    ),
    "filtro-recall-easy": (
        "EDGES A:beta->rho | A:omega->chi | A:alpha->beta | A:rho->omega | A:chi->alpha | "
        "B:lime->navy | B:navy->beige | B:white->lime | B:beige->indigo | B:indigo->white || QUERY "
        "A:chi hops=1 ->",
        "alpha",
    ),
    "filtro-recall-medium": (
        "EDGES A:zeta->theta | A:chi->pi | A:theta->lambda | A:tau->zeta | A:kappa->nu | "
        "A:nu->delta | A:epsilon->tau | A:lambda->kappa | A:pi->epsilon | A:delta->chi | "
        "B:pink->navy | B:yellow->blue | B:blue->orange | B:navy->beige | B:gray->pink | "
        "B:crimson->gray | B:beige->white | B:gold->yellow | B:white->gold | B:orange->crimson || "
        "QUERY A:zeta hops=1 ->",
        "theta",
    ),
    "filtro-recall-hard": (
        "EDGES B:crimson->olive | B:purple->gold | B:silver->white | A:gamma->alpha | "
        "B:violet->pink | A:phi->omega | A:alpha->theta | A:psi->gamma | B:green->cyan | "
        "A:zeta->psi | A:delta->chi | B:pink->silver | A:sigma->epsilon | B:lime->crimson | "
        "A:omega->sigma | A:lambda->omicron | B:cyan->purple | A:chi->zeta | B:beige->violet | "
        "B:gold->lime | B:navy->green | A:epsilon->lambda | B:white->navy | A:theta->phi | "
        "B:olive->beige | A:omicron->delta || QUERY A:omega hops=1 ->",
        "sigma",
    ),
    "filtro-ood-hard": (
        "EDGES A:alpha->zeta | A:delta->omicron | A:lambda->sigma | B:crimson->olive | "
        "B:lime->magenta | B:purple->yellow | A:sigma->upsilon | B:red->cyan | B:pink->beige | "
        "B:teal->silver | A:upsilon->nu | A:omega->kappa | A:tau->lambda | A:nu->alpha | "
        "A:zeta->omega | A:theta->tau | B:silver->gray | A:beta->gamma | A:iota->beta | "
        "A:gamma->delta | B:beige->crimson | B:magenta->red | B:cyan->purple | B:indigo->brown | "
        "B:olive->indigo | B:brown->lime | B:gray->pink | A:omicron->theta | B:yellow->teal | "
        "A:kappa->iota || QUERY A:lambda hops=11 ->",
        "delta",
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
    "logic-ood-hard": (
        "INPUTS x0=1 x1=1 x2=1 x3=1 x4=1 || GATES g0=XOR(x2,x1) | g1=NAND(x2,x4) | g2=NOT(g0) | "
        "g3=XOR(x4,g1) | g4=NOT(g3) | g5=NOT(g2) | g6=NAND(g5,g4) | g7=AND(g4,g5) | g8=XOR(x4,g6) |"
        " g9=XOR(g7,g5) | g10=XOR(x3,g7) | g11=XOR(g10,g8) | g12=XOR(g9,g10) | g13=AND(x3,g9) | "
        "g14=XOR(g11,g13) | g15=XOR(g11,x4) | g16=NOR(g12,x3) | g17=XOR(g15,g8) | g18=XOR(g16,g14) "
        "| g19=NOR(x0,g17) | g20=OR(x3,g18) | g21=AND(g20,g19) || QUERY g21 ->",
        "0",
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
