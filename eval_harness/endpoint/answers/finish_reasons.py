"""How a reply ended, in whichever words the server says it: one table for all of them."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

Ending: TypeAlias = Literal["done", "length", "refused", "broken", "unknown"]
"""`done`: the model ended it; `length`: cut off by a limit of tokens; `refused`: withheld or stopped by a
filter; `broken`: something failed on the way, so that what came is no reply; `unknown`: not said, or said in
words that no table knows."""

_REASONS: Final[Mapping[Ending, str]] = {
    # A call of a tool that nobody offered is the model's own doing, as a silly answer is.
    "done": (
        "stop stopped eos eos_token eos_found end end_turn endoftext end_of_text stop_sequence stop_string "
        "stop_string_found stop_token stop_criteria_met word complete completed finish finished normal "
        "tool_call tool_calls tool_use function_call repetition"
    ),
    "length": (
        "length limit max_len max_length max_tokens max_new_tokens max_output_tokens max_completion_tokens "
        "max_context max_predicted_tokens_reached token_limit error_limit model_length context_length "
        "context_length_reached context_length_exceeded context_window_exceeded "
        "model_context_window_exceeded"
    ),
    "refused": (
        "content_filter content_filtered filtered safety refusal refused recitation language blocklist "
        "blocked prohibited_content spii sensitive error_toxic guardrail_intervened model_armor image_safety "
        "image_recitation image_prohibited_content"
    ),
    "broken": (
        "abort aborted cancel canceled cancelled user_cancel user_stopped error failed failure "
        "network_error server_error internal_error insufficient_system_resource overloaded timeout "
        "time_limit not_finished pause_turn load unload model_unloaded unexpected_tool_call "
        "too_many_tool_calls malformed_function_call malformed_tool_use malformed_model_output "
        "malformed_response missing_thought_signature function_call_filter image_other no_image"
    ),
    # What some gateways make of every reason that they do not know.
    "unknown": "other finish_reason_unspecified unspecified unknown null none",
}
FINISH_REASONS: Final[Mapping[str, Ending]] = MappingProxyType(
    {reason: ending for ending, reasons in _REASONS.items() for reason in reasons.split()}
)
"""Every finish reason known, spelled as `normalize_reason` does: OpenAI's, and those of Anthropic, Gemini,
Bedrock and Cohere behind gateways, of vLLM, SGLang, TGI, TensorRT-LLM, llama.cpp, Ollama, LM Studio, of
DeepSeek, z.ai, Mistral, xAI, watsonx and OpenRouter."""

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PREFIXES: Final = ("finish_reason_", "stop_reason_", "reason_")


def normalize_reason(reason: str) -> str:
    """One spelling for all: e.g. MAX_TOKENS, maxTokens, max-tokens, FINISH_REASON_MAX_TOKENS → max_tokens."""
    spelled = "_".join(_WORD.findall(reason)).lower()
    for prefix in _PREFIXES:
        if spelled not in FINISH_REASONS:
            spelled = spelled.removeprefix(prefix)
    return spelled


def ending_of(reason: str | None) -> Ending:
    """How a reply with this finish reason ended.

    Of two reasons in one (Gemini's `content_filter: RECITATION`) the first that is known decides.
    """
    for part in (reason or "").split(":"):
        ending = FINISH_REASONS.get(normalize_reason(part))
        if ending is not None:
            return ending
    return "unknown"
