"""What may be called the same Logic problem."""

from typing import Final

from synthlm_tasks.audit.logic.spellings import (
    key,
    normal_form_merged,
    text_with_inputs_renamed,
    truth_table_with_inputs_permuted,
)
from synthlm_tasks.audit.overlaps import Notion

NOTIONS: Final = (
    Notion("gates as spelled, inputs renamed", text_with_inputs_renamed),
    Notion("normal form, inputs renamed", key, promised_new=True),
    Notion("normal form, equal gates merged", normal_form_merged),
    Notion("truth table, inputs permuted", truth_table_with_inputs_permuted),
)
