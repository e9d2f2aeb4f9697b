"""What the answers so far say of the next, in rows of several queries, position by position."""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from synthlm_tasks.audit.results import Shortcut
from synthlm_tasks.audit.sample import Row
from synthlm_tasks.rows.splits import Split

_QUERY: Final = re.compile(r"(?:QUERY |Query: )(.*?) ->")
_LEAST: Final = 500  # rows of train with so many queries
_STEPS: Final = 60


def score_earlier_answers(splits: Mapping[Split, Sequence[Row]]) -> tuple[Shortcut, ...]:
    """For every position from the second query on, how often its answer is told without the problem.

    A learner sees the queries and answers so far and the one asked, nothing of what they are about. Guessing
    is the commonest answer to this position in train.
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
    counter = CountVectorizer(analyzer=list, binary=True, min_df=3, dtype=np.float32)
    features = counter.fit_transform([words for words, _ in train])
    labels = [answer for _, answer in train]
    commonest = max(set(labels), key=labels.count)
    if len(set(labels)) > 1:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a fixed number of steps is meant
            model = LogisticRegression(C=0.1, max_iter=_STEPS).fit(features, labels)
        guesses = model.predict(counter.transform([words for words, _ in test]))
    else:
        guesses = np.array([commonest] * len(test))
    answers = np.array([answer for _, answer in test])
    return Shortcut(
        name=f"answers before query {number}",
        kind="learned",
        exploits="What earlier answers give away: logistic regression on queries and answers alone.",
        split="test",
        correct=int((guesses == answers).sum()),
        total=len(test),
        chance=float((answers == commonest).mean()),
    )
