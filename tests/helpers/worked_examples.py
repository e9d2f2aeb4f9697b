"""The design's example of each task, and answers worked out by hand."""

DYNA = "STATE [B, D, A, C, E] || OPS SWAP(0,2) | ROTATE_LEFT(1) | REVERSE(1,4) || QUERY position 3 ->"
DYNA_QUERIES = DYNA.replace("position 3 ->", "position 3 -> C || QUERY element E -> 2 || QUERY position 0 ->")
INDUCTO = "Ex1: [A B C D] -> [D C B A] | Ex2: [X Y Z W V] -> [V W Z Y X] | Query: [P Q R S T] ->"
INDUCTO_SEVERAL = INDUCTO.replace("R S T] ->", "R S T] -> [T S R Q P] | Query: [K B D] ->")
FILTRO = (
    "EDGES A:alpha->beta | B:red->blue | A:beta->mu | B:teal->red | A:mu->alpha | B:blue->teal"
    " || QUERY A:alpha hops=2 ->"
)
FILTRO_SEVERAL = (
    "EDGES A:mu->pi | A:alpha->beta | A:pi->eta | A:beta->mu | A:xi->alpha | A:eta->xi"
    " || QUERY A:mu hops=1 -> pi || QUERY A:pi hops=1 -> eta || QUERY A:alpha hops=1 ->"
)
LOGIC = "INPUTS x0=1 x1=0 x2=1 || GATES g0=XOR(x0,x1) | g1=AND(g0,x2) | g2=XOR(g1,g0) || QUERY g2 ->"
PARITY = "INPUTS x0=1 x1=1 x2=1 || GATES g0=XOR(x2,x0) | g1=XOR(x1,g0) || QUERY g1 ->"

OPEN = "Ex1: [A B C D E F] -> [C A F B E D] | Query: [U V W X Y Z] ->"
OPEN_SEVERAL = OPEN.replace("Y Z] ->", "Y Z] -> [W U Z V Y X] | Query: [F M A K C U] ->")

ANSWERS = [
    ("dyna", DYNA, "C"),
    ("dyna", DYNA.replace("position 3", "element E"), "2"),
    ("dyna", DYNA.replace("LEFT", "RIGHT"), "D"),
    ("dyna", DYNA_QUERIES, "D"),
    ("inducto", INDUCTO, "T S R Q P"),
    ("inducto", INDUCTO_SEVERAL, "D B K"),
    ("inducto", OPEN_SEVERAL, "A F U M C K"),
    ("inducto", OPEN, "W U Z V Y X"),
    ("filtro", FILTRO, "mu"),
    ("filtro", FILTRO.replace("A:alpha hops=2", "B:blue hops=1"), "teal"),
    ("filtro", FILTRO_SEVERAL, "beta"),
    ("logic", LOGIC, "0"),
    ("logic", LOGIC.replace("x2=1", "x2=0"), "1"),
    ("logic", PARITY, "1"),
]
