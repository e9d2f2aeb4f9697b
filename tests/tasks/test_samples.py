"""The published sample prompts: the first training row of every level and grid, with seed 42.

`python tests/helpers/samples.py` prints the table below from the installed package.
"""

import pytest
from support import STOCK, listed

# config: (prompt, answer)
SAMPLES: dict[str, tuple[str, str]] = {
    "dyna-easy": (
        "STATE [A, L, Q, J, H, E, N] || OPS SWAP(4,5) | REVERSE(0,6) | SWAP(1,2) | ROTATE_RIGHT(1) "
        "| SWAP(4,5) | SWAP(2,5) | ROTATE_RIGHT(6) | REVERSE(5,6) | ROTATE_LEFT(3) | REVERSE(1,5) "
        "|| QUERY position 5 ->",
        "E",
    ),
    "dyna-medium": (
        "STATE [U, F, B, E, X, T, Y, J] || OPS ROTATE_RIGHT(3) | REVERSE(3,6) | SWAP(2,6) | "
        "REVERSE(3,7) | REVERSE(5,6) | REVERSE(0,5) | ROTATE_LEFT(5) | REVERSE(3,6) | REVERSE(1,4) "
        "| SWAP(0,3) | SWAP(0,5) | SWAP(0,3) | REVERSE(2,6) | SWAP(3,6) || QUERY position 0 ->",
        "T",
    ),
    "dyna-hard": (
        "STATE [I, X, J, E, R, A, B, F, D, Q, W, N, O, H, Y, P] || OPS SWAP(3,10) | ROTATE_LEFT(5) "
        "| SWAP(4,9) | REVERSE(3,7) | ROTATE_LEFT(6) | REVERSE(3,15) | ROTATE_RIGHT(8) | "
        "REVERSE(5,12) | ROTATE_LEFT(9) | SWAP(4,13) | ROTATE_RIGHT(5) | REVERSE(1,4) | SWAP(2,12) "
        "| SWAP(2,11) | ROTATE_RIGHT(6) | REVERSE(7,10) | ROTATE_RIGHT(3) | SWAP(4,9) | "
        "ROTATE_LEFT(3) | REVERSE(5,9) | SWAP(9,14) | REVERSE(13,14) | ROTATE_LEFT(11) | "
        "REVERSE(1,7) | SWAP(6,11) | SWAP(4,6) | ROTATE_RIGHT(11) | REVERSE(0,15) | REVERSE(11,13) "
        "| SWAP(8,13) | ROTATE_LEFT(5) | REVERSE(6,11) | ROTATE_LEFT(3) | REVERSE(3,8) | "
        "ROTATE_LEFT(9) | SWAP(2,11) | ROTATE_RIGHT(14) | SWAP(2,10) | ROTATE_LEFT(11) | "
        "REVERSE(3,7) || QUERY element H ->",
        "14",
    ),
    "dyna-commuting-easy": (
        "STATE [S, I, M, R, W, J] || OPS ROTATE_RIGHT(2) | ROTATE_RIGHT(3) | ROTATE_LEFT(4) | "
        "ROTATE_LEFT(1) | ROTATE_RIGHT(4) | ROTATE_LEFT(4) | ROTATE_RIGHT(3) | ROTATE_RIGHT(1) | "
        "ROTATE_LEFT(4) | ROTATE_LEFT(5) || QUERY position 0 ->",
        "J",
    ),
    "dyna-commuting-medium": (
        "STATE [A, L, U, Q, N, D, F, P, E] || OPS ROTATE_LEFT(7) | ROTATE_RIGHT(1) | "
        "ROTATE_RIGHT(5) | ROTATE_RIGHT(1) | ROTATE_RIGHT(4) | ROTATE_RIGHT(7) | ROTATE_RIGHT(1) | "
        "ROTATE_RIGHT(1) | ROTATE_LEFT(8) | ROTATE_LEFT(3) | ROTATE_LEFT(1) | ROTATE_LEFT(8) || "
        "QUERY position 5 ->",
        "Q",
    ),
    "dyna-commuting-hard": (
        "STATE [J, Y, H, B, I, W, Z, M, R, P, F, N, U, G] || OPS ROTATE_RIGHT(13) | ROTATE_RIGHT(4)"
        " | ROTATE_LEFT(7) | ROTATE_LEFT(5) | ROTATE_RIGHT(1) | ROTATE_RIGHT(8) | ROTATE_LEFT(7) | "
        "ROTATE_RIGHT(13) | ROTATE_LEFT(11) | ROTATE_RIGHT(6) | ROTATE_LEFT(6) | ROTATE_RIGHT(11) |"
        " ROTATE_RIGHT(9) | ROTATE_LEFT(8) | ROTATE_LEFT(5) | ROTATE_LEFT(12) | ROTATE_RIGHT(3) | "
        "ROTATE_RIGHT(6) | ROTATE_LEFT(3) | ROTATE_RIGHT(8) | ROTATE_RIGHT(10) | ROTATE_RIGHT(3) | "
        "ROTATE_RIGHT(3) | ROTATE_RIGHT(7) | ROTATE_LEFT(10) | ROTATE_RIGHT(9) | ROTATE_LEFT(2) | "
        "ROTATE_RIGHT(12) | ROTATE_LEFT(3) | ROTATE_RIGHT(2) | ROTATE_LEFT(2) | ROTATE_LEFT(4) | "
        "ROTATE_LEFT(1) | ROTATE_LEFT(6) | ROTATE_LEFT(10) | ROTATE_RIGHT(5) | ROTATE_RIGHT(5) | "
        "ROTATE_RIGHT(2) | ROTATE_RIGHT(4) | ROTATE_RIGHT(5) | ROTATE_RIGHT(3) | ROTATE_RIGHT(7) | "
        "ROTATE_RIGHT(1) | ROTATE_RIGHT(6) | ROTATE_RIGHT(2) || QUERY position 8 ->",
        "U",
    ),
    "dyna-swaps-easy": (
        "STATE [F, T, S, I, V, B] || OPS SWAP(2,3) | SWAP(0,2) | SWAP(2,5) | SWAP(1,2) | SWAP(2,4) "
        "|| QUERY position 0 ->",
        "I",
    ),
    "dyna-swaps-medium": (
        "STATE [H, W, V, A, U, L, P, J, R, M, K, X] || OPS SWAP(2,8) | SWAP(2,10) | SWAP(2,9) | "
        "SWAP(2,11) | SWAP(1,2) | SWAP(1,5) | SWAP(5,8) | SWAP(0,5) | SWAP(0,9) | SWAP(6,9) | "
        "SWAP(3,9) | SWAP(0,9) | SWAP(0,4) | SWAP(1,4) | SWAP(0,1) | SWAP(0,8) | SWAP(0,5) || QUERY"
        " position 5 ->",
        "X",
    ),
    "dyna-swaps-hard": (
        "STATE [O, N, L, F, J, P, Y, R, K, Q, D, T, Z, B, M] || OPS SWAP(6,14) | SWAP(1,6) | "
        "SWAP(1,10) | SWAP(1,4) | SWAP(1,8) | SWAP(0,1) | SWAP(1,3) | SWAP(0,1) | SWAP(1,7) | "
        "SWAP(1,5) | SWAP(1,8) | SWAP(4,8) | SWAP(4,13) | SWAP(2,13) | SWAP(2,14) | SWAP(4,14) | "
        "SWAP(4,10) | SWAP(9,10) | SWAP(7,9) | SWAP(7,11) | SWAP(5,11) | SWAP(5,14) | SWAP(5,9) | "
        "SWAP(7,9) | SWAP(2,9) | SWAP(0,2) | SWAP(0,12) | SWAP(5,12) | SWAP(3,5) | SWAP(3,10) | "
        "SWAP(0,3) | SWAP(3,12) | SWAP(3,7) | SWAP(3,8) | SWAP(0,3) | SWAP(3,13) | SWAP(11,13) | "
        "SWAP(9,11) | SWAP(0,9) | SWAP(9,10) | SWAP(1,10) | SWAP(10,12) | SWAP(1,10) || QUERY "
        "position 2 ->",
        "F",
    ),
    "dyna-ood-hard": (
        "STATE [C, J, W, B, N, V, L, P, O, H, Z, G, Y, I, F, S, R, M] || OPS REVERSE(8,9) | "
        "ROTATE_LEFT(8) | REVERSE(5,11) | ROTATE_LEFT(12) | SWAP(1,17) | REVERSE(6,17) | "
        "ROTATE_RIGHT(1) | SWAP(2,13) | SWAP(4,13) | SWAP(4,11) | ROTATE_RIGHT(1) | REVERSE(0,15) |"
        " ROTATE_LEFT(14) | SWAP(4,7) | ROTATE_LEFT(17) | REVERSE(6,13) | ROTATE_LEFT(3) | "
        "SWAP(8,10) | ROTATE_RIGHT(10) | SWAP(8,14) | ROTATE_RIGHT(10) | REVERSE(3,7) | "
        "ROTATE_LEFT(9) | SWAP(11,12) | ROTATE_RIGHT(11) | SWAP(1,11) | ROTATE_LEFT(16) | "
        "REVERSE(9,15) | SWAP(9,10) | ROTATE_LEFT(13) | REVERSE(5,12) | REVERSE(12,16) | "
        "ROTATE_LEFT(15) | REVERSE(16,17) | SWAP(5,17) | REVERSE(10,17) | ROTATE_RIGHT(17) | "
        "REVERSE(0,17) | ROTATE_RIGHT(12) | SWAP(2,17) | ROTATE_LEFT(11) | REVERSE(0,2) | "
        "REVERSE(2,12) | ROTATE_LEFT(9) | SWAP(6,8) | ROTATE_LEFT(7) | REVERSE(8,17) | "
        "ROTATE_LEFT(5) | SWAP(1,13) | ROTATE_RIGHT(6) | SWAP(10,14) | REVERSE(2,16) | "
        "REVERSE(13,14) | REVERSE(2,15) | ROTATE_LEFT(15) | REVERSE(4,10) | ROTATE_LEFT(10) || "
        "QUERY position 11 ->",
        "V",
    ),
    "dyna-ramp-easy": (
        "STATE [Q, G, E, B, W, O, C] || OPS ROTATE_RIGHT(2) | REVERSE(3,4) | ROTATE_RIGHT(2) | "
        "REVERSE(2,5) | ROTATE_RIGHT(6) | REVERSE(5,6) | ROTATE_RIGHT(2) | SWAP(0,4) | "
        "ROTATE_LEFT(6) | REVERSE(2,3) || QUERY element C -> 6 || QUERY position 0 -> O || QUERY "
        "position 2 ->",
        "W",
    ),
    "dyna-ramp-medium": (
        "STATE [A, B, C, D, E, F, G, H, I, J] || OPS ROTATE_LEFT(7) | SWAP(0,9) | ROTATE_LEFT(2) | "
        "REVERSE(1,9) | ROTATE_LEFT(6) | SWAP(4,8) | SWAP(1,8) | REVERSE(7,8) | SWAP(5,7) | "
        "ROTATE_LEFT(8) || QUERY element J -> 3 || QUERY element H -> 0 || QUERY position 9 -> I ||"
        " QUERY element F -> 6 || QUERY element G ->",
        "8",
    ),
    "dyna-ramp-hard": (
        "STATE [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T] || OPS ROTATE_LEFT(19) "
        "| REVERSE(2,17) | REVERSE(5,6) | SWAP(6,16) | ROTATE_LEFT(3) | SWAP(9,14) | SWAP(0,14) || "
        "QUERY position 10 -> F || QUERY position 17 -> T || QUERY position 7 -> I || QUERY "
        "position 16 -> S || QUERY position 13 -> N || QUERY element K -> 5 || QUERY element P ->",
        "14",
    ),
    "dyna-grid": (
        "STATE [H, K, N, T, O] || OPS SWAP(0,2) | REVERSE(1,2) | SWAP(1,4) | ROTATE_LEFT(2) | "
        "SWAP(0,3) || QUERY position 2 ->",
        "H",
    ),
    "inducto-easy": (
        "Ex1: [A I B C X K V P] -> [B C X K V P A I] | Ex2: [R M U I T E] -> [U I T E R M] | Ex3: "
        "[E U T C O] -> [T C O E U] | Ex4: [X G V N U] -> [V N U X G] | Ex5: [B N M P] -> [M P B N]"
        " | Ex6: [F M E U] -> [E U F M] | Ex7: [J E C L S B F] -> [C L S B F J E] | Query: [E S Q U"
        " I X Y D] ->",
        "Q U I X Y D E S",
    ),
    "inducto-medium": (
        "Ex1: [Y G O F P I U] -> [Y G O F P I U U I P F O G Y] | Ex2: [W M H U X A] -> [W M H U X A"
        " A X U H M W] | Ex3: [U X O Y H J B] -> [U X O Y H J B B J H Y O X U] | Query: [G U M P F "
        "W T] ->",
        "G U M P F W T T W F P M U G",
    ),
    "inducto-hard": (
        "Ex1: [L S C O F X W] -> [M T D P G Y X] | Ex2: [L P I W V] -> [M Q J X W] | Ex3: [P Q J Y "
        "E G N] -> [Q R K Z F H O] | Query: [E K R G P A Z] ->",
        "F L S H Q B A",
    ),
    "inducto-open-easy": (
        "Ex1: [R L A P M U Y] -> [R U P Y A M L] | Ex2: [D W P U N Z H] -> [D Z U H P N W] | Ex3: "
        "[J K E V T D R] -> [J D V R E T K] | Ex4: [I Z H D X O G] -> [I O D G H X Z] | Ex5: [N U I"
        " Q A W D] -> [N W Q D I A U] | Ex6: [C X Y U L E V] -> [C E U V Y L X] | Ex7: [W E M K O V"
        " J] -> [W V K J M O E] | Query: [Z Q S G Y P N] ->",
        "Z P G N S Y Q",
    ),
    "inducto-open-medium": (
        "Ex1: [D J H T E C P K] -> [C K D H J E P T] | Ex2: [O G P E Z X I D] -> [X D O P G Z I E] "
        "| Ex3: [E W B P I X Q H] -> [X H E B W I Q P] | Query: [E W D P A F K G] ->",
        "F G E D W A K P",
    ),
    "inducto-open-hard": (
        "Ex1: [E N W C T G] -> [G E N W T C] | Ex2: [W F S I N Z] -> [Z W F S N I] | Ex3: [Z P T V "
        "C U] -> [U Z P T C V] | Ex4: [F L C Z K S] -> [S F L C K Z] | Query: [E Y H C P Z] ->",
        "Z E Y H P C",
    ),
    "inducto-heldout-hard": (
        "Ex1: [Z H C L] -> [C K F O C K F O] | Ex2: [A W N Q] -> [D Z Q T D Z Q T] | Query: [U T C F] ->",
        "X W F I X W F I",
    ),
    "inducto-ramp-easy": (
        "Ex1: [G D F O X N I] -> [G G D D F F O O X X N N I I] | Ex2: [M L Y] -> [M M L L Y Y] | "
        "Ex3: [R H Z] -> [R R H H Z Z] | Ex4: [R N G V H O T Q] -> [R R N N G G V V H H O O T T Q "
        "Q] | Ex5: [M W E G Q U] -> [M M W W E E G G Q Q U U] | Ex6: [Q J P E Y O] -> [Q Q J J P P "
        "E E Y Y O O] | Ex7: [K D V L F] -> [K K D D V V L L F F] | Query: [F W O E G Z M] -> [F F "
        "W W O O E E G G Z Z M M] | Query: [A Z J D Q L V N] -> [A A Z Z J J D D Q Q L L V V N N] |"
        " Query: [W D Y] -> [W W D D Y Y] | Query: [I Z Y R W P J] -> [I I Z Z Y Y R R W W P P J J]"
        " | Query: [S R F K D O Y] -> [S S R R F F K K D D O O Y Y] | Query: [D W J M] -> [D D W W "
        "J J M M] | Query: [W E I U G A L T] -> [W W E E I I U U G G A A L L T T] | Query: [I H L] "
        "->",
        "I I H H L L",
    ),
    "inducto-ramp-medium": (
        "Ex1: [C F Y L] -> [Y L F C] | Ex2: [W I A V P] -> [W V P I A] | Ex3: [Y O U G J] -> [Y U O"
        " J G] | Ex4: [M L U] -> [U M L] | Ex5: [V G D E] -> [V G E D] | Ex6: [A Y N I F M V L] -> "
        "[Y V N M L I F A] | Ex7: [B V J G T R] -> [V T R J G B] | Ex8: [Z B N] -> [Z N B] | Query:"
        " [H Q D C] -> [Q H D C] | Query: [Y U B M] -> [Y U M B] | Query: [P M G K] -> [P M K G] | "
        "Query: [G L V T] -> [V T L G] | Query: [V M S G D H F] -> [V S M H G F D] | Query: [R Y E "
        "C] -> [Y R E C] | Query: [K Y P] ->",
        "Y P K",
    ),
    "inducto-ramp-hard": (
        "Ex1: [R A K W Z S B P] -> [A B K P R S W Z] | Query: [M I B H] -> [B H I M] | Query: [B K "
        "R F H A] -> [A B F H K R] | Query: [A C O K] -> [A C K O] | Query: [A W L] -> [A L W] | "
        "Query: [C I V D U G Q] -> [C D G I Q U V] | Query: [S V D R H N G Q] -> [D G H N Q R S V] "
        "| Query: [W Z N] -> [N W Z] | Query: [J G S B H X T] ->",
        "B G H J S T X",
    ),
    "inducto-grid": ("Ex1: [F G W I P U Z] -> [W I P U Z] | Query: [M B Y J S I A] ->", "Y J S I A"),
    "filtro-easy": (
        "EDGES A:upsilon->nu | B:olive->violet | A:theta->upsilon | B:violet->gold | B:gold->lime |"
        " A:sigma->theta | A:alpha->lambda | A:iota->alpha | B:indigo->brown | B:silver->indigo | "
        "A:lambda->sigma | A:nu->iota | B:brown->olive | B:lime->silver || QUERY A:lambda hops=1 ->",
        "sigma",
    ),
    "filtro-medium": (
        "EDGES B:brown->gold | A:phi->omicron | B:purple->indigo | A:omicron->beta | "
        "B:orange->maroon | A:nu->omega | B:indigo->brown | A:beta->nu | B:gold->orange | "
        "A:eta->phi | B:gray->red | A:omega->zeta | B:red->purple | A:upsilon->eta | B:maroon->gray"
        " | A:zeta->upsilon || QUERY A:eta hops=4 ->",
        "nu",
    ),
    "filtro-hard": (
        "EDGES A:psi->theta | B:navy->pink | A:iota->kappa | B:violet->orange | A:epsilon->gamma | "
        "B:gold->red | A:zeta->sigma | B:yellow->indigo | A:gamma->psi | B:white->gray | "
        "A:sigma->iota | B:orange->purple | A:mu->lambda | B:green->cyan | A:xi->pi | "
        "B:indigo->green | A:upsilon->zeta | B:red->silver | A:beta->upsilon | B:pink->violet | "
        "A:pi->epsilon | B:brown->gold | A:lambda->chi | B:purple->white | A:theta->mu | "
        "B:cyan->navy | A:kappa->xi | B:silver->yellow | A:chi->beta | B:gray->brown || QUERY "
        "A:gamma hops=8 ->",
        "zeta",
    ),
    "filtro-shared-easy": (
        "EDGES B:upsilon->delta | A:nu->xi | B:nu->omega | A:eta->omega | B:omicron->upsilon | "
        "A:omicron->chi | B:eta->xi | A:upsilon->omicron | B:chi->omicron | A:chi->delta | "
        "B:omega->chi | A:delta->nu | B:delta->eta | A:omega->upsilon | B:xi->nu | A:xi->eta || "
        "QUERY B:upsilon hops=2 ->",
        "eta",
    ),
    "filtro-shared-medium": (
        "EDGES A:mu->delta | A:pi->xi | A:xi->sigma | A:lambda->mu | A:sigma->lambda | "
        "B:sigma->delta | A:theta->pi | A:kappa->chi | B:pi->xi | B:kappa->chi | B:xi->sigma | "
        "B:delta->lambda | A:chi->theta | B:mu->pi | B:theta->mu | A:delta->kappa | B:chi->theta | "
        "B:lambda->kappa || QUERY B:pi hops=4 ->",
        "lambda",
    ),
    "filtro-shared-hard": (
        "EDGES A:pi->xi | A:lambda->upsilon | A:upsilon->nu | A:omicron->sigma | A:sigma->beta | "
        "A:omega->alpha | A:beta->iota | A:nu->phi | A:theta->mu | A:xi->lambda | A:alpha->omicron "
        "| A:gamma->pi | A:phi->theta | A:iota->gamma | A:mu->omega | B:sigma->nu | B:lambda->pi | "
        "B:gamma->xi | B:alpha->phi | B:upsilon->alpha | B:nu->lambda | B:xi->iota | B:mu->gamma | "
        "B:beta->mu | B:phi->theta | B:theta->omega | B:omega->beta | B:omicron->upsilon | "
        "B:pi->omicron | B:iota->sigma || QUERY B:alpha hops=6 ->",
        "gamma",
    ),
    "filtro-clean-easy": (
        "EDGES A:upsilon->nu | A:theta->upsilon | A:sigma->theta | A:alpha->lambda | A:iota->alpha "
        "| A:lambda->sigma | A:nu->iota || QUERY A:lambda hops=1 ->",
        "sigma",
    ),
    "filtro-clean-medium": (
        "EDGES A:phi->omicron | A:omicron->beta | A:nu->omega | A:beta->nu | A:eta->phi | "
        "A:omega->zeta | A:upsilon->eta | A:zeta->upsilon || QUERY A:eta hops=4 ->",
        "nu",
    ),
    "filtro-clean-hard": (
        "EDGES A:psi->theta | A:iota->kappa | A:epsilon->gamma | A:zeta->sigma | A:gamma->psi | "
        "A:sigma->iota | A:mu->lambda | A:xi->pi | A:upsilon->zeta | A:beta->upsilon | "
        "A:pi->epsilon | A:lambda->chi | A:theta->mu | A:kappa->xi | A:chi->beta || QUERY A:gamma "
        "hops=8 ->",
        "zeta",
    ),
    "filtro-recall-easy": (
        "EDGES A:phi->lambda | B:blue->magenta | A:lambda->psi | B:purple->lime | A:mu->chi | "
        "B:brown->cyan | A:eta->epsilon | B:navy->blue | A:psi->mu | B:magenta->brown | "
        "A:epsilon->phi | B:lime->navy | A:chi->eta | B:cyan->purple || QUERY A:phi hops=1 ->",
        "lambda",
    ),
    "filtro-recall-medium": (
        "EDGES A:sigma->beta | B:beige->gold | A:tau->epsilon | B:cyan->gray | A:upsilon->psi | "
        "B:violet->blue | A:nu->zeta | B:brown->navy | A:beta->lambda | B:blue->brown | "
        "A:eta->sigma | B:maroon->crimson | A:lambda->nu | B:navy->beige | A:psi->gamma | "
        "B:purple->violet | A:zeta->upsilon | B:gray->maroon | A:gamma->tau | B:olive->cyan | "
        "A:epsilon->kappa | B:crimson->purple | A:kappa->eta | B:gold->olive || QUERY A:nu hops=1 "
        "->",
        "zeta",
    ),
    "filtro-recall-hard": (
        "EDGES B:blue->indigo | A:epsilon->lambda | B:pink->red | A:zeta->nu | B:beige->olive | "
        "A:mu->delta | B:olive->pink | A:eta->zeta | B:indigo->beige | A:nu->theta | B:gray->yellow"
        " | A:lambda->psi | B:red->violet | A:delta->epsilon | B:green->blue | A:psi->xi | "
        "B:magenta->green | A:theta->upsilon | B:violet->gray | A:xi->eta | B:yellow->magenta | "
        "A:upsilon->mu || QUERY A:zeta hops=1 ->",
        "nu",
    ),
    "filtro-ood-hard": (
        "EDGES A:epsilon->nu | B:green->blue | A:kappa->pi | A:pi->xi | A:beta->chi | "
        "B:silver->cyan | B:violet->purple | A:omicron->eta | B:pink->indigo | A:chi->epsilon | "
        "B:blue->black | B:olive->silver | B:black->pink | A:xi->gamma | A:nu->zeta | "
        "A:lambda->omicron | A:zeta->kappa | B:white->violet | A:upsilon->lambda | B:orange->olive "
        "| B:indigo->white | B:maroon->gold | B:purple->maroon | B:beige->green | A:gamma->sigma | "
        "B:cyan->beige | B:gold->orange | A:eta->phi | A:phi->beta | A:sigma->upsilon || QUERY A:nu"
        " hops=11 ->",
        "phi",
    ),
    "filtro-ramp-easy": (
        "EDGES A:nu->upsilon | B:violet->maroon | A:lambda->nu | B:green->gold | A:zeta->lambda | "
        "B:orange->blue | A:upsilon->psi | B:blue->magenta | A:kappa->zeta | B:gold->orange | "
        "A:psi->rho | B:crimson->violet | A:omega->kappa | B:magenta->crimson | A:rho->omega | "
        "B:maroon->green || QUERY A:lambda hops=2 -> upsilon || QUERY A:upsilon hops=2 ->",
        "rho",
    ),
    "filtro-ramp-medium": (
        "EDGES B:pink->silver | B:purple->teal | A:epsilon->phi | A:beta->epsilon | A:phi->alpha | "
        "B:silver->black | A:sigma->beta | B:teal->pink | B:black->purple | A:alpha->sigma || QUERY"
        " A:epsilon hops=2 ->",
        "alpha",
    ),
    "filtro-ramp-hard": (
        "EDGES B:crimson->yellow | B:brown->crimson | A:tau->rho | B:lime->maroon | B:black->olive "
        "| A:alpha->delta | B:cyan->black | A:psi->kappa | B:olive->brown | B:yellow->blue | "
        "B:maroon->cyan | A:delta->omicron | A:nu->tau | A:kappa->alpha | A:beta->nu | B:blue->lime"
        " | A:rho->psi | A:omicron->beta || QUERY A:rho hops=4 -> delta || QUERY A:psi hops=4 ->",
        "omicron",
    ),
    "filtro-grid": (
        "EDGES A:psi->zeta | B:teal->navy | A:omega->nu | B:navy->silver | A:theta->psi | "
        "B:blue->teal | A:zeta->omega | B:silver->orange | A:nu->theta | B:orange->blue || QUERY "
        "A:nu hops=1 ->",
        "theta",
    ),
    "logic-easy": (
        "INPUTS x0=0 x1=0 x2=0 || GATES g0=OR(x0,x2) | g1=AND(x0,x2) | g2=AND(g1,x1) | "
        "g3=XOR(x1,g0) | g4=NOR(g3,g2) || QUERY g4 ->",
        "1",
    ),
    "logic-medium": (
        "INPUTS x0=1 x1=0 x2=1 x3=0 x4=1 || GATES g0=NOT(x3) | g1=XOR(x4,x0) | g2=XOR(x1,x4) | "
        "g3=NAND(g1,x2) | g4=NOR(g2,g0) | g5=NOR(g4,g3) || QUERY g5 ->",
        "0",
    ),
    "logic-hard": (
        "INPUTS x0=1 x1=1 x2=0 x3=1 x4=1 x5=1 || GATES g0=XOR(x0,x1) | g1=XOR(x4,x3) | "
        "g2=XOR(x2,g0) | g3=NAND(x5,g1) | g4=XOR(g3,g2) | g5=NAND(g4,x2) | g6=XOR(g4,g1) | "
        "g7=NOR(g4,x5) | g8=AND(g7,x1) | g9=XOR(g5,g6) | g10=NOR(g9,g8) || QUERY g10 ->",
        "1",
    ),
    "logic-parity-easy": (
        "INPUTS x0=1 x1=0 x2=0 x3=1 x4=1 x5=1 x6=1 x7=1 x8=0 || GATES g0=XOR(x0,x8) | g1=XOR(x2,x3)"
        " | g2=XOR(x7,x1) | g3=XOR(g0,g2) | g4=XOR(x4,g1) | g5=XOR(x5,g3) | g6=XOR(x6,g4) | "
        "g7=XOR(g6,g5) || QUERY g7 ->",
        "0",
    ),
    "logic-parity-medium": (
        "INPUTS x0=0 x1=0 x2=0 x3=1 x4=1 x5=1 x6=1 x7=1 x8=1 x9=1 x10=0 x11=1 x12=1 x13=0 || GATES "
        "g0=XOR(x11,x5) | g1=XOR(x9,x10) | g2=XOR(x0,x13) | g3=XOR(x12,g0) | g4=XOR(g1,x2) | "
        "g5=XOR(g4,x3) | g6=XOR(x7,x1) | g7=XOR(g6,x8) | g8=XOR(x6,g2) | g9=XOR(g5,x4) | "
        "g10=XOR(g3,g7) | g11=XOR(g9,g8) | g12=XOR(g10,g11) || QUERY g12 ->",
        "1",
    ),
    "logic-parity-hard": (
        "INPUTS x0=0 x1=0 x2=0 x3=1 x4=0 x5=1 x6=0 x7=1 x8=1 x9=1 x10=1 x11=1 x12=1 x13=0 x14=1 "
        "x15=0 x16=1 x17=0 x18=0 x19=1 x20=0 x21=0 x22=1 x23=0 || GATES g0=XOR(x6,x12) | "
        "g1=XOR(x20,x1) | g2=XOR(x4,g1) | g3=XOR(g2,x10) | g4=XOR(x0,x15) | g5=XOR(x18,x5) | "
        "g6=XOR(x8,g0) | g7=XOR(g5,x21) | g8=XOR(x16,x23) | g9=XOR(g3,x2) | g10=XOR(g7,x3) | "
        "g11=XOR(x11,g9) | g12=XOR(g4,g8) | g13=XOR(g11,x17) | g14=XOR(x7,x22) | g15=XOR(x13,g6) | "
        "g16=XOR(x14,x19) | g17=XOR(g10,x9) | g18=XOR(g12,g13) | g19=XOR(g16,g14) | "
        "g20=XOR(g18,g17) | g21=XOR(g20,g19) | g22=XOR(g21,g15) || QUERY g22 ->",
        "0",
    ),
    "logic-ood-hard": (
        "INPUTS x0=0 x1=0 x2=1 x3=1 x4=1 || GATES g0=NOR(x4,x1) | g1=NOR(x1,g0) | g2=XOR(g0,x2) | "
        "g3=OR(x2,g0) | g4=XOR(g3,g2) | g5=NAND(g1,g2) | g6=XOR(g4,x0) | g7=XOR(g5,x4) | "
        "g8=OR(g7,g2) | g9=NAND(g1,g6) | g10=XOR(x3,g9) | g11=AND(x0,g8) | g12=NOT(g8) | "
        "g13=XOR(g9,g1) | g14=XOR(g12,x3) | g15=NOR(g13,g10) | g16=NOT(g11) | g17=XOR(g1,g16) | "
        "g18=XOR(g15,g14) | g19=XOR(g17,g18) || QUERY g19 ->",
        "0",
    ),
    "logic-ramp-easy": (
        "INPUTS x0=1 x1=0 || GATES g0=NOT(x1) | g1=OR(x1,x0) | g2=AND(g0,g1) || QUERY g2 -> 1 || QUERY g1 ->",
        "1",
    ),
    "logic-ramp-medium": ("INPUTS x0=0 || GATES g0=NOT(x0) || QUERY g0 ->", "1"),
    "logic-ramp-hard": (
        "INPUTS x0=0 x1=1 x2=0 || GATES g0=NOT(x0) | g1=XOR(x0,x2) | g2=XOR(x1,x2) | g3=OR(g1,g2) |"
        " g4=NOR(g1,g0) | g5=XOR(g4,g3) || QUERY g5 -> 1 || QUERY g4 -> 0 || QUERY g3 ->",
        "1",
    ),
    "logic-grid": (
        "INPUTS x0=0 x1=1 x2=1 x3=1 || GATES g0=NOR(x0,x2) | g1=OR(x3,x1) | g2=AND(g1,g0) || QUERY g2 ->",
        "0",
    ),
}


@pytest.mark.parametrize("name", STOCK, scope="session")
def test_the_first_row_of_every_config_is_the_published_sample(name: str) -> None:
    (row,) = listed(name, "train", 1)
    assert SAMPLES.get(name, "missing: see tests/helpers/samples.py") == (row["input_text"], row["target"])


def test_every_published_sample_belongs_to_a_config() -> None:
    assert set(SAMPLES) <= set(STOCK)
