"""The published sample prompts: the first training row of every level and grid, with seed 42.

`python tests/helpers/samples.py` prints the table below from the installed package.
"""

import pytest
from support import STOCK, listed

# config: (prompt, answer)
SAMPLES: dict[str, tuple[str, str]] = {
    "dyna-easy": (
        "STATE [I, U, Z, Y, V, L, X] || OPS ROTATE_RIGHT(1) | SWAP(2,6) | ROTATE_RIGHT(6) | "
        "REVERSE(1,3) | ROTATE_RIGHT(2) | REVERSE(2,6) | SWAP(0,5) | SWAP(4,5) | REVERSE(2,5) | "
        "ROTATE_RIGHT(6) || QUERY position 2 ->",
        "U",
    ),
    "dyna-medium": (
        "STATE [V, L, M, K, P, B, Y, Z, F, U] || OPS ROTATE_RIGHT(2) | REVERSE(1,8) | "
        "ROTATE_RIGHT(7) | SWAP(1,6) | REVERSE(4,7) | ROTATE_LEFT(9) | SWAP(1,2) | ROTATE_LEFT(7) |"
        " REVERSE(1,9) | SWAP(5,9) | ROTATE_RIGHT(8) | REVERSE(2,7) || QUERY position 2 ->",
        "P",
    ),
    "dyna-hard": (
        "STATE [J, O, T, B, M, W, F, E, R, P, I, G, X, S, C, Y, U] || OPS ROTATE_LEFT(16) | "
        "REVERSE(3,6) | REVERSE(4,10) | REVERSE(4,6) | ROTATE_LEFT(11) | REVERSE(11,14) | "
        "REVERSE(8,16) | REVERSE(6,12) | ROTATE_RIGHT(3) | SWAP(5,6) | SWAP(5,8) | REVERSE(4,10) | "
        "ROTATE_LEFT(1) | REVERSE(1,9) | SWAP(6,15) | REVERSE(1,10) | ROTATE_LEFT(7) | "
        "REVERSE(7,11) | SWAP(7,8) | ROTATE_LEFT(7) | REVERSE(3,4) | REVERSE(0,5) | ROTATE_RIGHT(9)"
        " | SWAP(3,14) | SWAP(14,15) | SWAP(12,14) | ROTATE_LEFT(3) || QUERY position 15 ->",
        "S",
    ),
    "dyna-commuting-easy": (
        "STATE [J, Q, H, I, F, B, Y] || OPS ROTATE_RIGHT(4) | ROTATE_LEFT(6) | ROTATE_RIGHT(2) | "
        "ROTATE_LEFT(3) | ROTATE_LEFT(2) | ROTATE_LEFT(3) | ROTATE_RIGHT(3) || QUERY element J ->",
        "2",
    ),
    "dyna-commuting-medium": (
        "STATE [M, I, Z, K, R, N, D, G, L, H, U, P] || OPS ROTATE_RIGHT(8) | ROTATE_RIGHT(8) | "
        "ROTATE_LEFT(8) | ROTATE_RIGHT(7) | ROTATE_LEFT(8) | ROTATE_LEFT(1) | ROTATE_RIGHT(8) | "
        "ROTATE_LEFT(9) | ROTATE_LEFT(5) | ROTATE_RIGHT(1) | ROTATE_RIGHT(1) | ROTATE_RIGHT(2) | "
        "ROTATE_RIGHT(11) | ROTATE_LEFT(1) | ROTATE_LEFT(6) | ROTATE_RIGHT(6) || QUERY element K ->",
        "5",
    ),
    "dyna-commuting-hard": (
        "STATE [B, V, H, W, P, D, L, C, E, O, X, U, T, G, R] || OPS ROTATE_LEFT(14) | "
        "ROTATE_LEFT(4) | ROTATE_RIGHT(10) | ROTATE_RIGHT(11) | ROTATE_RIGHT(11) | ROTATE_RIGHT(4) "
        "| ROTATE_RIGHT(11) | ROTATE_LEFT(1) | ROTATE_RIGHT(6) | ROTATE_LEFT(14) | ROTATE_RIGHT(14)"
        " | ROTATE_RIGHT(2) | ROTATE_RIGHT(1) | ROTATE_LEFT(9) | ROTATE_LEFT(12) | ROTATE_LEFT(10) "
        "| ROTATE_RIGHT(5) | ROTATE_LEFT(2) | ROTATE_RIGHT(14) | ROTATE_RIGHT(1) | ROTATE_RIGHT(14)"
        " | ROTATE_RIGHT(8) | ROTATE_RIGHT(3) | ROTATE_LEFT(1) | ROTATE_LEFT(11) | ROTATE_LEFT(8) |"
        " ROTATE_LEFT(9) | ROTATE_RIGHT(8) | ROTATE_RIGHT(3) | ROTATE_RIGHT(1) | ROTATE_RIGHT(6) | "
        "ROTATE_LEFT(8) | ROTATE_LEFT(4) | ROTATE_RIGHT(3) | ROTATE_RIGHT(13) | ROTATE_LEFT(7) | "
        "ROTATE_RIGHT(9) | ROTATE_LEFT(14) | ROTATE_RIGHT(6) | ROTATE_LEFT(13) | ROTATE_LEFT(3) | "
        "ROTATE_RIGHT(6) | ROTATE_LEFT(5) | ROTATE_RIGHT(12) | ROTATE_LEFT(13) | ROTATE_RIGHT(3) | "
        "ROTATE_LEFT(7) || QUERY element T ->",
        "13",
    ),
    "dyna-swaps-easy": (
        "STATE [L, K, X, W, I, D] || OPS SWAP(3,4) | SWAP(3,5) | SWAP(1,3) | SWAP(1,5) | SWAP(2,5) "
        "| SWAP(3,5) | SWAP(2,3) | SWAP(0,3) | SWAP(0,5) | SWAP(1,5) || QUERY element I ->",
        "5",
    ),
    "dyna-swaps-medium": (
        "STATE [H, C, J, Z, P, L, D, I, T] || OPS SWAP(0,4) | SWAP(4,7) | SWAP(3,4) | SWAP(2,3) | "
        "SWAP(3,5) | SWAP(0,3) | SWAP(0,6) | SWAP(3,6) | SWAP(5,6) | SWAP(5,7) | SWAP(7,8) || QUERY"
        " position 0 ->",
        "D",
    ),
    "dyna-swaps-hard": (
        "STATE [B, E, J, V, A, Z, N, L, S, M, O, X, Y, G] || OPS SWAP(10,12) | SWAP(1,12) | "
        "SWAP(1,13) | SWAP(1,4) | SWAP(0,1) | SWAP(0,7) | SWAP(7,12) | SWAP(2,7) | SWAP(0,7) | "
        "SWAP(4,7) | SWAP(4,9) | SWAP(4,10) | SWAP(4,12) | SWAP(4,9) | SWAP(9,13) | SWAP(10,13) | "
        "SWAP(4,10) | SWAP(2,4) | SWAP(0,4) | SWAP(4,5) | SWAP(0,4) | SWAP(0,6) | SWAP(6,8) | "
        "SWAP(6,10) | SWAP(4,10) || QUERY position 11 ->",
        "X",
    ),
    "dyna-ood-hard": (
        "STATE [R, A, D, W, T, S, O, P, Q, I, L, E, C, Z, G, N] || OPS SWAP(1,10) | ROTATE_LEFT(3) "
        "| SWAP(0,13) | REVERSE(0,10) | ROTATE_RIGHT(8) | SWAP(12,13) | ROTATE_RIGHT(15) | "
        "SWAP(6,7) | ROTATE_LEFT(13) | SWAP(0,6) | SWAP(0,2) | SWAP(2,11) | ROTATE_LEFT(7) | "
        "REVERSE(0,8) | ROTATE_RIGHT(13) | SWAP(7,14) | ROTATE_LEFT(13) | SWAP(3,10) | "
        "REVERSE(9,15) | ROTATE_LEFT(14) | REVERSE(10,12) | ROTATE_LEFT(9) | REVERSE(2,4) | "
        "ROTATE_LEFT(9) | SWAP(5,10) | ROTATE_RIGHT(4) | REVERSE(3,13) | ROTATE_LEFT(4) | "
        "REVERSE(2,3) | ROTATE_LEFT(2) | SWAP(1,5) | ROTATE_LEFT(10) | SWAP(12,15) | SWAP(2,15) | "
        "ROTATE_LEFT(9) | SWAP(9,13) | ROTATE_LEFT(3) | REVERSE(1,4) | ROTATE_LEFT(15) | "
        "REVERSE(7,8) | ROTATE_RIGHT(9) | REVERSE(7,10) | ROTATE_RIGHT(12) | REVERSE(2,8) | "
        "REVERSE(6,8) | SWAP(2,8) | ROTATE_LEFT(7) | SWAP(6,8) | REVERSE(3,8) | REVERSE(4,10) | "
        "REVERSE(7,14) | ROTATE_LEFT(8) | SWAP(2,4) | ROTATE_LEFT(7) | REVERSE(6,8) | REVERSE(4,14)"
        " | REVERSE(3,14) || QUERY element I ->",
        "7",
    ),
    "dyna-ramp-easy": (
        "STATE [T, O, D, E, J] || OPS REVERSE(0,1) | REVERSE(0,4) | SWAP(3,4) | ROTATE_RIGHT(3) | "
        "SWAP(1,2) | SWAP(2,4) | ROTATE_LEFT(3) || QUERY position 0 ->",
        "J",
    ),
    "dyna-ramp-medium": (
        "STATE [B, W, D, J, U, Y, S, M] || OPS ROTATE_LEFT(4) | REVERSE(5,7) | ROTATE_RIGHT(3) | "
        "REVERSE(2,5) | REVERSE(2,7) | SWAP(1,7) | SWAP(0,7) | REVERSE(0,6) | ROTATE_LEFT(3) | "
        "SWAP(0,5) | SWAP(1,5) | ROTATE_LEFT(2) | REVERSE(2,3) || QUERY position 1 -> D || QUERY "
        "element B -> 2 || QUERY element J -> 3 || QUERY element U ->",
        "4",
    ),
    "dyna-ramp-hard": (
        "STATE [B, J, X, P, L, G, K, M, R, A, U, Q, N, O, F, D, Y] || OPS ROTATE_RIGHT(2) | "
        "SWAP(15,16) | SWAP(4,15) | ROTATE_LEFT(4) | REVERSE(7,11) | ROTATE_RIGHT(13) | "
        "REVERSE(0,4) | ROTATE_RIGHT(6) | REVERSE(5,14) | REVERSE(8,10) | REVERSE(6,8) | "
        "REVERSE(5,15) | SWAP(6,11) | ROTATE_RIGHT(1) | REVERSE(6,14) | ROTATE_RIGHT(15) | "
        "REVERSE(1,11) | REVERSE(6,9) | ROTATE_LEFT(6) | SWAP(5,13) | ROTATE_RIGHT(16) | "
        "REVERSE(0,14) | ROTATE_RIGHT(12) | SWAP(1,13) | SWAP(8,13) | SWAP(12,13) | REVERSE(8,12) |"
        " SWAP(9,15) | SWAP(1,15) | REVERSE(6,16) | SWAP(6,9) | SWAP(1,6) | SWAP(6,8) | "
        "ROTATE_LEFT(16) || QUERY position 8 -> X || QUERY element J ->",
        "10",
    ),
    "dyna-grid": (
        "STATE [P, N, D, V, W] || OPS ROTATE_LEFT(3) | SWAP(2,3) | ROTATE_RIGHT(1) | SWAP(0,3) | "
        "ROTATE_LEFT(4) || QUERY element D ->",
        "4",
    ),
    "inducto-easy": (
        "Ex1: [G A B N L X O] -> [G A B N L] | Ex2: [V W B P M F I] -> [V W B P M] | Ex3: [I P M N "
        "W T] -> [I P M N] | Ex4: [W I U E T] -> [W I U] | Ex5: [I X Z A S F B] -> [I X Z A S] | "
        "Ex6: [X L V U D] -> [X L V] | Ex7: [T F I S M H] -> [T F I S] | Query: [A Y T R J U G] ->",
        "A Y T R J",
    ),
    "inducto-medium": (
        "Ex1: [S X R A] -> [A R S X] | Ex2: [M T E D A L I G] -> [A D E G I L M T] | Ex3: [D O Y Q]"
        " -> [D O Q Y] | Ex4: [N X H P A C W K] -> [A C H K N P W X] | Ex5: [I G X V R O A Y] -> [A"
        " G I O R V X Y] | Ex6: [M E B R U V D Z] -> [B D E M R U V Z] | Query: [W D Q R O] ->",
        "D O Q R W",
    ),
    "inducto-hard": (
        "Ex1: [O M P W A] -> [W A P O M] | Ex2: [J G F Y W] -> [Y W F J G] | Query: [I T E W O] ->",
        "W O E I T",
    ),
    "inducto-open-easy": (
        "Ex1: [Y X V C J P] -> [Y P J V C X] | Ex2: [C N F R A T] -> [C T A F R N] | Ex3: [K W P S "
        "M V] -> [K V M P S W] | Ex4: [K E R O L T] -> [K T L R O E] | Ex5: [W P L Q T I] -> [W I T"
        " L Q P] | Query: [F U B N G J] ->",
        "F J G B N U",
    ),
    "inducto-open-medium": (
        "Ex1: [D G A W P T I] -> [T W P I A G D] | Ex2: [I U Z G M F Y] -> [F G M Y Z U I] | Ex3: "
        "[K B Q Y L U I] -> [U Y L I Q B K] | Ex4: [O J X D F I M] -> [I D F M X J O] | Ex5: [I Q R"
        " L E Y C] -> [Y L E C R Q I] | Ex6: [S W V L Q Z P] -> [Z L Q P V W S] | Query: [Q M U D L"
        " E B] ->",
        "E D L B U M Q",
    ),
    "inducto-open-hard": (
        "Ex1: [P U T X E O D R] -> [E R U T D O P X] | Ex2: [Q P A L S U V G] -> [S G P A V U Q L] "
        "| Ex3: [T Y G N C E X K] -> [C K Y G X E T N] | Query: [E Y Z O Q W K V] ->",
        "Q V Y Z K W E O",
    ),
    "inducto-heldout-hard": (
        "Ex1: [T I U J G W B] -> [T U G B B G U T] | Ex2: [Z R X C Y N H] -> [Z X Y H H Y X Z] | "
        "Ex3: [N A Z P T Q K L] -> [N Z T K K T Z N] | Query: [G D E R M V O] ->",
        "G E M O O M E G",
    ),
    "inducto-grid": ("Ex1: [T R I U M] -> [M U I R T] | Query: [J Z N H S] ->", "S H N Z J"),
    "filtro-easy": (
        "EDGES B:magenta->orange | A:iota->beta | B:orange->silver | A:delta->psi | "
        "B:olive->magenta | A:psi->iota | B:maroon->purple | A:xi->delta | B:silver->maroon | "
        "A:beta->upsilon | B:purple->olive | A:upsilon->xi || QUERY A:xi hops=2 ->",
        "psi",
    ),
    "filtro-medium": (
        "EDGES A:lambda->alpha | B:indigo->pink | B:pink->blue | A:upsilon->omega | A:alpha->tau | "
        "A:tau->omicron | B:maroon->crimson | B:teal->gold | A:omicron->psi | A:epsilon->upsilon | "
        "B:red->indigo | B:gold->magenta | B:crimson->red | B:blue->teal | B:magenta->maroon | "
        "A:omega->eta | A:eta->lambda | A:psi->epsilon || QUERY A:omicron hops=2 ->",
        "epsilon",
    ),
    "filtro-hard": (
        "EDGES A:kappa->theta | B:gray->crimson | B:crimson->magenta | B:purple->maroon | "
        "B:navy->blue | A:omicron->phi | A:rho->omega | B:magenta->white | A:eta->alpha | "
        "A:zeta->nu | A:pi->upsilon | B:violet->gray | B:indigo->navy | A:nu->kappa | A:chi->zeta |"
        " B:blue->beige | A:alpha->pi | A:upsilon->omicron | B:beige->orange | B:orange->purple | "
        "A:theta->eta | B:white->olive | A:phi->rho | A:omega->chi | B:maroon->violet | "
        "B:olive->indigo || QUERY A:nu hops=6 ->",
        "upsilon",
    ),
    "filtro-shared-easy": (
        "EDGES A:beta->chi | B:theta->pi | A:sigma->theta | B:chi->sigma | A:pi->mu | B:mu->chi | "
        "A:chi->pi | B:sigma->beta | A:theta->beta | B:pi->mu | A:mu->sigma | B:beta->theta || "
        "QUERY A:pi hops=2 ->",
        "sigma",
    ),
    "filtro-shared-medium": (
        "EDGES A:omicron->epsilon | B:eta->alpha | A:eta->mu | B:omega->psi | A:nu->rho | "
        "A:rho->tau | B:nu->eta | B:omicron->epsilon | A:epsilon->psi | B:mu->lambda | "
        "B:epsilon->tau | B:tau->mu | B:lambda->nu | B:alpha->rho | A:alpha->omicron | "
        "B:psi->omicron | A:mu->lambda | A:psi->eta | A:lambda->nu | A:tau->omega | B:rho->omega | "
        "A:omega->alpha || QUERY A:omicron hops=3 ->",
        "eta",
    ),
    "filtro-shared-hard": (
        "EDGES A:phi->tau | B:psi->zeta | B:omicron->omega | A:zeta->pi | B:iota->omicron | "
        "B:phi->tau | A:delta->phi | A:chi->delta | B:chi->beta | A:xi->chi | A:pi->omicron | "
        "B:sigma->iota | B:delta->kappa | A:omicron->iota | A:iota->sigma | A:beta->zeta | "
        "B:kappa->pi | A:omega->psi | A:kappa->xi | A:tau->upsilon | B:zeta->delta | A:sigma->omega"
        " | B:upsilon->psi | B:tau->chi | B:beta->xi | B:xi->sigma | B:pi->phi | A:upsilon->beta | "
        "B:omega->upsilon | A:psi->kappa || QUERY A:tau hops=8 ->",
        "omega",
    ),
    "filtro-clean-easy": (
        "EDGES A:iota->beta | A:delta->psi | A:psi->iota | A:xi->delta | A:beta->upsilon | "
        "A:upsilon->xi || QUERY A:xi hops=2 ->",
        "psi",
    ),
    "filtro-clean-medium": (
        "EDGES A:lambda->alpha | A:upsilon->omega | A:alpha->tau | A:tau->omicron | A:omicron->psi "
        "| A:epsilon->upsilon | A:omega->eta | A:eta->lambda | A:psi->epsilon || QUERY A:omicron "
        "hops=2 ->",
        "epsilon",
    ),
    "filtro-clean-hard": (
        "EDGES A:kappa->theta | A:omicron->phi | A:rho->omega | A:eta->alpha | A:zeta->nu | "
        "A:pi->upsilon | A:nu->kappa | A:chi->zeta | A:alpha->pi | A:upsilon->omicron | "
        "A:theta->eta | A:phi->rho | A:omega->chi || QUERY A:nu hops=6 ->",
        "upsilon",
    ),
    "filtro-recall-easy": (
        "EDGES A:omicron->delta | B:lime->violet | A:zeta->omicron | B:gold->blue | A:epsilon->zeta"
        " | B:crimson->lime | A:lambda->epsilon | B:blue->crimson | A:delta->lambda | "
        "B:violet->gold || QUERY A:zeta hops=1 ->",
        "omicron",
    ),
    "filtro-recall-medium": (
        "EDGES B:crimson->brown | B:olive->maroon | B:cyan->olive | B:blue->gray | B:brown->blue | "
        "B:gray->cyan | B:silver->navy | B:orange->crimson | B:maroon->silver | B:navy->orange | "
        "A:gamma->sigma | A:iota->chi | A:tau->iota | A:chi->delta | A:sigma->tau | "
        "A:omega->epsilon | A:rho->omega | A:epsilon->mu | A:delta->rho | A:mu->gamma || QUERY "
        "A:epsilon hops=1 ->",
        "mu",
    ),
    "filtro-recall-hard": (
        "EDGES B:red->navy | A:lambda->upsilon | B:gold->maroon | A:beta->kappa | B:brown->gray | "
        "A:chi->lambda | B:purple->magenta | A:delta->nu | B:crimson->lime | A:rho->theta | "
        "B:gray->red | A:alpha->zeta | B:cyan->pink | A:kappa->iota | B:green->brown | "
        "A:theta->epsilon | B:yellow->crimson | A:zeta->phi | B:lime->cyan | A:upsilon->delta | "
        "B:magenta->yellow | A:nu->beta | B:black->gold | A:iota->tau | B:navy->purple | A:tau->rho"
        " | B:maroon->green | A:phi->chi | B:pink->black | A:epsilon->alpha || QUERY A:chi hops=1 "
        "->",
        "lambda",
    ),
    "filtro-ood-hard": (
        "EDGES A:nu->iota | B:yellow->indigo | A:beta->tau | B:crimson->white | A:tau->gamma | "
        "B:pink->teal | A:chi->omicron | B:indigo->gray | A:xi->sigma | B:lime->red | A:gamma->chi "
        "| B:maroon->magenta | A:lambda->psi | B:green->black | A:sigma->mu | B:black->brown | "
        "A:iota->lambda | B:white->green | A:mu->nu | B:purple->yellow | A:rho->beta | "
        "B:magenta->pink | A:psi->alpha | B:red->crimson | A:kappa->xi | B:teal->purple | "
        "A:alpha->rho | B:gray->lime | A:omicron->kappa | B:brown->maroon || QUERY A:beta hops=10 "
        "->",
        "iota",
    ),
    "filtro-ramp-easy": (
        "EDGES A:omicron->psi | B:black->olive | A:pi->eta | B:gold->navy | A:kappa->omicron | "
        "B:navy->magenta | A:gamma->pi | B:gray->gold | A:eta->kappa | B:orange->black | "
        "A:iota->gamma | B:olive->gray | A:psi->iota | B:magenta->orange || QUERY A:gamma hops=2 ->",
        "eta",
    ),
    "filtro-ramp-medium": (
        "EDGES B:green->crimson | B:lime->purple | B:navy->lime | B:indigo->navy | B:purple->green "
        "| B:crimson->indigo | A:omicron->theta | A:theta->gamma | A:kappa->mu | A:gamma->kappa | "
        "A:mu->phi | A:phi->omicron || QUERY A:mu hops=1 ->",
        "phi",
    ),
    "filtro-ramp-hard": (
        "EDGES B:maroon->gold | B:violet->red | B:yellow->silver | A:upsilon->kappa | A:kappa->zeta"
        " | A:zeta->nu | A:phi->upsilon | B:blue->violet | A:beta->pi | A:pi->gamma | B:gray->navy "
        "| B:indigo->magenta | A:alpha->omicron | B:silver->indigo | A:sigma->beta | "
        "A:omicron->sigma | B:magenta->blue | B:teal->gray | B:brown->pink | B:pink->teal | "
        "A:nu->alpha | A:xi->lambda | A:gamma->xi | A:lambda->epsilon | B:navy->yellow | "
        "A:epsilon->phi | B:gold->brown | B:red->maroon || QUERY A:alpha hops=6 ->",
        "xi",
    ),
    "filtro-grid": (
        "EDGES A:omega->pi | B:cyan->green | A:pi->alpha | B:green->brown | A:alpha->zeta | "
        "B:red->cyan | A:iota->omega | B:brown->gold | A:zeta->iota | B:gold->red || QUERY A:iota "
        "hops=1 ->",
        "omega",
    ),
    "logic-easy": (
        "INPUTS x0=0 x1=0 x2=1 x3=0 || GATES g0=AND(x3,x1) | g1=NOR(x0,x2) | g2=OR(g1,g0) | "
        "g3=XOR(x0,g2) || QUERY g3 ->",
        "0",
    ),
    "logic-medium": (
        "INPUTS x0=0 x1=1 x2=0 x3=1 || GATES g0=XOR(x1,x0) | g1=OR(x2,x1) | g2=AND(g0,x3) | "
        "g3=XOR(g1,x2) | g4=AND(g2,g3) | g5=NOT(g4) || QUERY g5 ->",
        "0",
    ),
    "logic-hard": (
        "INPUTS x0=1 x1=1 x2=1 x3=0 x4=1 || GATES g0=XOR(x4,x3) | g1=AND(x1,x0) | g2=NOT(x2) | "
        "g3=NOT(x0) | g4=XOR(g1,g2) | g5=XOR(g0,g1) | g6=OR(g1,g3) | g7=NAND(g5,g3) | g8=XOR(x2,g4)"
        " | g9=OR(g5,x2) | g10=XOR(g1,g6) | g11=NOR(x2,g9) | g12=XOR(x2,g7) | g13=XOR(g8,g10) | "
        "g14=NAND(g10,g11) | g15=NOT(g13) | g16=NOR(g5,g12) | g17=XOR(g16,g4) | g18=XOR(g16,g14) | "
        "g19=XOR(g1,g15) | g20=AND(x1,g15) | g21=OR(g18,g17) | g22=XOR(g19,g20) | g23=XOR(g21,g22) "
        "|| QUERY g23 ->",
        "1",
    ),
    "logic-parity-easy": (
        "INPUTS x0=1 x1=1 x2=0 x3=0 x4=0 x5=1 x6=0 x7=0 x8=0 x9=0 x10=0 || GATES g0=XOR(x8,x4) | "
        "g1=XOR(x3,x9) | g2=XOR(x6,x1) | g3=XOR(x7,g1) | g4=XOR(g0,g2) | g5=XOR(x10,x0) | "
        "g6=XOR(g4,g5) | g7=XOR(x5,g3) | g8=XOR(x2,g7) | g9=XOR(g6,g8) || QUERY g9 ->",
        "1",
    ),
    "logic-parity-medium": (
        "INPUTS x0=0 x1=1 x2=0 x3=1 x4=1 x5=1 x6=1 x7=1 x8=0 x9=1 x10=1 x11=1 x12=1 x13=0 x14=0 "
        "x15=0 x16=0 || GATES g0=XOR(x8,x13) | g1=XOR(x6,x14) | g2=XOR(x15,x11) | g3=XOR(x9,x0) | "
        "g4=XOR(x4,g1) | g5=XOR(x5,g0) | g6=XOR(x10,g2) | g7=XOR(x3,x12) | g8=XOR(x16,g4) | "
        "g9=XOR(x2,g6) | g10=XOR(g7,g3) | g11=XOR(g10,x7) | g12=XOR(g5,g11) | g13=XOR(g8,g12) | "
        "g14=XOR(g9,x1) | g15=XOR(g13,g14) || QUERY g15 ->",
        "0",
    ),
    "logic-parity-hard": (
        "INPUTS x0=0 x1=1 x2=0 x3=1 x4=0 x5=1 x6=0 x7=1 x8=1 x9=1 x10=0 x11=1 x12=0 x13=1 x14=1 "
        "x15=0 x16=1 x17=0 x18=0 x19=1 x20=0 x21=0 x22=1 x23=0 x24=0 x25=0 || GATES g0=XOR(x6,x21) "
        "| g1=XOR(x13,x22) | g2=XOR(x18,x10) | g3=XOR(x9,x4) | g4=XOR(g2,x7) | g5=XOR(x19,x1) | "
        "g6=XOR(x11,x17) | g7=XOR(x8,x2) | g8=XOR(g7,x5) | g9=XOR(x12,x15) | g10=XOR(g4,g0) | "
        "g11=XOR(g8,g6) | g12=XOR(x25,x14) | g13=XOR(x20,g12) | g14=XOR(x16,g5) | g15=XOR(g11,g3) |"
        " g16=XOR(g13,g15) | g17=XOR(x24,x3) | g18=XOR(x0,g10) | g19=XOR(g17,g1) | g20=XOR(g14,g9) "
        "| g21=XOR(x23,g16) | g22=XOR(g19,g21) | g23=XOR(g18,g22) | g24=XOR(g20,g23) || QUERY g24 "
        "->",
        "0",
    ),
    "logic-ood-hard": (
        "INPUTS x0=1 x1=1 x2=0 x3=1 x4=1 || GATES g0=NOT(x2) | g1=XOR(x0,g0) | g2=XOR(x1,g0) | "
        "g3=OR(g2,g1) | g4=NOR(x0,g3) | g5=XOR(x0,g3) | g6=XOR(g4,g5) | g7=XOR(g6,g3) | "
        "g8=NOR(g2,g6) | g9=NAND(x1,g7) | g10=AND(x4,g8) | g11=OR(g9,g3) | g12=NOT(g10) | "
        "g13=XOR(g12,g1) | g14=XOR(x3,g11) | g15=XOR(g13,g14) || QUERY g15 ->",
        "0",
    ),
    "logic-grid": (
        "INPUTS x0=1 x1=0 x2=1 x3=0 || GATES g0=OR(x0,x3) | g1=AND(x2,x1) | g2=NAND(g0,g1) || QUERY g2 ->",
        "1",
    ),
}


@pytest.mark.parametrize("name", STOCK, scope="session")
def test_the_first_row_of_every_config_is_the_published_sample(name: str) -> None:
    (row,) = listed(name, "train", 1)
    assert SAMPLES.get(name, "missing: see tests/helpers/samples.py") == (row["input_text"], row["target"])


def test_every_published_sample_belongs_to_a_config() -> None:
    assert set(SAMPLES) <= set(STOCK)
