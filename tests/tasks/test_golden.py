"""Rows never change unless the dataset version does. See `golden.py` for how to freeze new values."""

import pytest
from golden import frozen
from support import STOCK, golden_digest


@pytest.mark.parametrize("name", STOCK, scope="session")
def test_rows_equal_their_frozen_digest(name: str) -> None:
    assert frozen().get(name, "missing: run tests/helpers/golden.py --write") == golden_digest(name)


def test_every_frozen_digest_belongs_to_a_config() -> None:
    assert set(frozen()) <= set(STOCK)
