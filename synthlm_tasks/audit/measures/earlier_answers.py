"""What the answers so far say of the next, in rows of several queries, position by position."""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from synthlm_tasks.audit.results import Shortcut
from synthlm_tasks.audit.sample import Row
from synthlm_tasks.rows.splits import Split

_QUERY: Final = re.compile(r"(?:QUERY |Query: )(.*?) ->")
_LEAST: Final = 500  # rows of train with so many queries
_STEPS: Final = 60
_OF_QUERIES: Final = ("asked ", "query ")


def score_earlier_answers(splits: Mapping[Split, Sequence[Row]]) -> tuple[Shortcut, ...]:
    """For every position from the second query on, how often its answer is told without the problem.

    A learner sees the queries and answers so far and the one asked, nothing of what they are about. Guessing
    is what the same learner says without the answers, or the commonest answer in train where that is better:
    the kind of a query and the places asked about tell a good deal of the answer (a letter or an index, a
    long list or a short one), and no answer gives that away.
    """
    train, test = (_positions(splits[split]) for split in ("train", "test"))
    return tuple(
        _score(number, train[number], test[number])
        for number in sorted(train)
        if len(train[number]) >= _LEAST and test[number]
    )


def _positions(rows: Sequence[Row]) -> dict[int, list[tuple[list[str], str]]]:
    """Position → what a reader of queries alone sees before it, and the answer's first word."""
    found: defaultdict[int, list[tuple[list[str], str]]] = defaultdict(list)
    for row in rows:
        turns = list(_turns(row))
        for number in range(2, len(turns) + 1):
            words = [f"asked {word}" for word in _words(turns[number - 1][0])]
            for query, answer in turns[: number - 1]:
                words += [f"query {word}" for word in _words(query)]
                words += [f"answer {word}" for word in _words(answer)]
                words.append(f"{query} is {answer}")
            found[number].append((words, _words(turns[number - 1][1])[0]))
    return found


def _turns(row: Row) -> Iterator[tuple[str, str]]:
    """Every query with its answer, in order."""
    text = row["input_text"]
    queries = list(_QUERY.finditer(text))
    for number, query in enumerate(queries, 1):
        behind = row["target"] if number == len(queries) else text[query.end() : queries[number].start()]
        yield query[1], behind.strip(" []|")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _score(
    number: int, train: Sequence[tuple[list[str], str]], test: Sequence[tuple[list[str], str]]
) -> Shortcut:
    unanswered = _predict(_without_answers(train), _without_answers(test))
    answers = _predict(train, test)
    right = np.array([answer for _, answer in test])
    labels = [answer for _, answer in train]
    commonest = max(set(labels), key=labels.count)
    return Shortcut(
        name=f"answers before query {number}",
        kind="learned",
        exploits="What earlier answers add: logistic regression on queries and answers, or queries alone.",
        split="test",
        correct=int((answers == right).sum()),
        total=len(test),
        chance=float(max((unanswered == right).mean(), (right == commonest).mean())),
    )


def _without_answers(turns: Sequence[tuple[list[str], str]]) -> list[tuple[list[str], str]]:
    """The same with only the words that tell what was asked."""
    return [([word for word in words if word.startswith(_OF_QUERIES)], answer) for words, answer in turns]


def _predict(
    train: Sequence[tuple[list[str], str]], test: Sequence[tuple[list[str], str]]
) -> NDArray[np.str_]:
    """What logistic regression, fitted to the words and answers of train, answers to those of test."""
    labels = [answer for _, answer in train]
    if len(set(labels)) == 1:
        return np.array(labels[:1] * len(test))
    counter = CountVectorizer(analyzer=list, binary=True, min_df=3, dtype=np.float32)
    features = counter.fit_transform([words for words, _ in train])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a fixed number of steps is meant
        model = LogisticRegression(C=0.1, max_iter=_STEPS).fit(features, labels)
    guesses: NDArray[np.str_] = model.predict(counter.transform([words for words, _ in test]))
    return guesses
