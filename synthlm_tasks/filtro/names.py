"""What Filtro's nodes are called: two vocabularies that share no name."""

from typing import Final

# fmt: off
GREEK: Final = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu",
    "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
)
COLOURS: Final = (
    "red", "blue", "green", "yellow", "orange", "purple", "pink", "brown", "black", "white", "gray", "cyan",
    "magenta", "maroon", "navy", "teal", "olive", "lime", "gold", "silver", "violet", "indigo", "crimson",
    "beige",
)
# fmt: on
