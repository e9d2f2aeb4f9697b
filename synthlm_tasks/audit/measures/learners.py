"""Learners: cheap models trained on train and scored on test, on questions as the task's view poses them."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import OneHotEncoder

from synthlm_tasks.audit.registry import task_audit
from synthlm_tasks.audit.results import Shortcut
from synthlm_tasks.audit.sample import Row
from synthlm_tasks.audit.views import Question
from synthlm_tasks.rows.splits import Split

# What 20,000 rows can teach: rarer features are noise, and so is a fit that goes on for much longer.
_LEAST_SEEN: Final = 0.0005
_MOST_FEATURES: Final = 4096
_STRENGTH: Final = 0.03
_STEPS: Final = 40

# Boosting sees the counts of the commonest tokens, and the first and last tokens in their places.
_COUNTED: Final = 64
_PLACES: Final = 48
_TREES: Final = 60

# The network: as wide and as long as 20,000 rows in under half a minute of one core allow.
_ENDS: Final = 64
_HIDDEN: Final = 64
_BATCH: Final = 256
_EPOCHS: Final = 6
_RATE: Final = 2e-3

Matrix = Any


class _Model(Protocol):
    """What is used of a scikit-learn classifier."""

    classes_: NDArray[np.int64]

    def fit(self, features: Matrix, labels: NDArray[np.int64]) -> object:
        """Learn."""

    def predict_proba(self, features: Matrix) -> NDArray[np.float64]:
        """The probability of each class (rows, classes)."""


def score_learners(splits: Mapping[Split, Sequence[Row]], seed: int) -> tuple[Shortcut, ...]:
    """Train every learner on train, and score it on test."""
    view = task_audit(splits["train"][0]["task"]).view
    train, test = ([view.question(row) for row in splits[split]] for split in ("train", "test"))
    labels, answers = _labels(train), _labels(test)
    classes = 1 + max(labels.max(), answers.max())
    legal = np.array([[number in question.legal for number in range(classes)] for question in test])
    chance = float(np.mean([1 / len(question.legal) for question in test]))
    if not view.uniform:
        chance = float((answers == np.bincount(labels).argmax()).mean())
    found = []
    for name, exploits, model, seen, asked in _learners(train, test, seed):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a fixed number of steps is meant
            model.fit(seen, labels)
        scores = np.full((len(test), classes), -1.0)
        scores[:, model.classes_] = model.predict_proba(asked)
        scores[~legal] = -2.0
        right = int((scores.argmax(axis=1) == answers).sum())
        found.append(
            Shortcut(
                name=name,
                kind="learned",
                exploits=exploits,
                split="test",
                correct=right,
                total=len(test),
                chance=chance,
            )
        )
    return tuple(found)


def _labels(questions: Sequence[Question]) -> NDArray[np.int64]:
    return np.array([question.label for question in questions], np.int64)


def _learners(
    train: Sequence[Question], test: Sequence[Question], seed: int
) -> Iterator[tuple[str, str, _Model, Matrix, Matrix]]:
    """Name, what it exploits, model, and the features of train and test, one learner after the other."""
    for name, exploits, longest in (
        ("bag of tokens", "Tokens that go with an answer: logistic regression on which tokens occur.", 1),
        (
            "1-3-grams",
            "Short phrases that go with an answer: logistic regression on runs of 1 to 3 tokens.",
            3,
        ),
    ):
        grams = _counter(longest, _MOST_FEATURES, binary=longest > 1).fit(_tokens(train))
        model = LogisticRegression(C=_STRENGTH, max_iter=_STEPS)
        yield name, exploits, model, grams.transform(_tokens(train)), grams.transform(_tokens(test))
    counter = _counter(1, _COUNTED, binary=False).fit(_tokens(train))
    codes = _codes(train)
    boosted = HistGradientBoostingClassifier(
        max_iter=_TREES, max_leaf_nodes=15, max_bins=64, early_stopping=False, random_state=seed % 2**32
    )
    exploits = "Counts and places together: boosted trees on token counts and on the first and last tokens."
    features = (_dense(questions, counter, codes) for questions in (train, test))
    yield ("boosted counts and places", exploits, boosted, *features)
    network = MLPClassifier(
        (_HIDDEN,),
        batch_size=min(_BATCH, len(train)),
        max_iter=_EPOCHS,
        learning_rate_init=_RATE,
        random_state=seed % 2**32,
    )
    exploits = "The order of all tokens: a network of one hidden layer on which token stands at which place."
    yield ("network on places", exploits, network, *_placed(train, test))


def _placed(train: Sequence[Question], test: Sequence[Question]) -> tuple[Matrix, Matrix]:
    """Which token stands at which of the first and of the last places: sparse (rows, places * tokens)."""
    places = OneHotEncoder(handle_unknown="ignore", min_frequency=_LEAST_SEEN, dtype=np.float32)
    seen, asked = (_ends([question.tokens for question in questions]) for questions in (train, test))
    return places.fit_transform(seen), places.transform(asked)


def _ends(texts: Sequence[list[str]]) -> NDArray[np.object_]:
    """The first and the last tokens of each text (rows, 2 * _ENDS), "" where there are fewer."""
    ends = np.full((len(texts), 2 * _ENDS), "", object)
    for row, tokens in enumerate(texts):
        first, last = tokens[:_ENDS], tokens[-_ENDS:]
        ends[row, : len(first)] = first
        ends[row, 2 * _ENDS - len(last) :] = last
    return ends


def _tokens(questions: Sequence[Question]) -> list[list[str]]:
    return [question.tokens for question in questions]


def _counter(longest: int, most: int, *, binary: bool) -> CountVectorizer:
    return CountVectorizer(
        tokenizer=_identity,
        preprocessor=_identity,
        token_pattern=None,
        lowercase=False,
        ngram_range=(1, longest),
        min_df=_LEAST_SEEN,
        max_features=most,
        binary=binary,
        dtype=np.float32,
    )


def _identity(tokens: list[str]) -> list[str]:
    return tokens


def _codes(questions: Sequence[Question]) -> dict[str, int]:
    """Tokens as ordered numbers: numbers by value, then words by name, so that a tree can split ranges."""
    seen = {token for question in questions for token in question.tokens}
    ordered = sorted(
        seen, key=lambda token: (not token.isdigit(), len(token) if token.isdigit() else 0, token)
    )
    return {token: number for number, token in enumerate(ordered)}


def _dense(
    questions: Sequence[Question], counter: CountVectorizer, codes: Mapping[str, int]
) -> NDArray[np.float32]:
    """Counts of the commonest tokens, and the codes of the first and of the last tokens (-1: none)."""
    places = np.full((len(questions), 2 * _PLACES), -1, np.float32)
    for row, question in enumerate(questions):
        numbers = [codes.get(token, -1) for token in question.tokens]
        first, last = numbers[:_PLACES], numbers[_PLACES:][-_PLACES:]
        places[row, : len(first)] = first
        places[row, 2 * _PLACES - len(last) :] = last
    counts: NDArray[np.float32] = counter.transform(_tokens(questions)).toarray()
    return np.hstack([counts, places])
