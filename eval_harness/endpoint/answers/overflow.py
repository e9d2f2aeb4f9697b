"""Errors that say that prompt and reply together are more than the model's context holds."""

import re
from typing import Final

OVERFLOW_CODES: Final = frozenset(
    (
        "context_length_exceeded",
        "context_window_exceeded",
        "exceed_context_size_error",
        "tokens_limit_reached",
        "model_context_window_exceeded",
        "ContextWindowExceededError",
    )
)

# As OpenAI, vLLM, SGLang, OpenRouter, xAI and Mistral say it; llama.cpp, LM Studio and MiniMax; Anthropic,
# Bedrock and Fireworks; Gemini; TGI and Together; Moonshot; Groq and Cerebras; Cohere; z.ai; DashScope.
_OVERFLOW: Final = re.compile(
    r"""context[ _](?:length|window|size)s?[ _](?:is|was|has\ been|limit)?[ _]?exceeded
    | maximum\ (?:context|model|prompt|sequence)\ length
    | max(?:imum)?[ _](?:model|context|sequence|position)[ _](?:len|length|size)\b
    | (?:exceeds?|exceeding|longer\ than|greater\ than|overflows?|larger\ than|too\ large\ for|beyond)\b
      [^.\n]{0,60}\b(?:context|model\ token\ limit)\b
    | context\ (?:length|window|size|the)\ (?:exceeds?|overflows?)
    | (?:prompt|inputs?|request|messages?)\b[^.\n]{0,20}\b(?:is|are)\ too\ long
    | token\ count[^.\n]{0,80}\bexceeds?\ the\ maximum
    | `inputs`[^.\n]{0,40}\bmust\ (?:be|have)\b
    | exceeded\ model\ token\ limit
    | reduce\ the\ length\ of\ (?:the\ messages|either|your)
    | too\ many\ tokens:
    | prompt\ exceeds\ max\ length
    | range\ of\ input\ length\ should\ be""",
    re.IGNORECASE | re.VERBOSE,
)
# A limit of tokens in a time is no limit of the model's.
_RATE: Final = re.compile(r"per[ _-]?(?:min|day|hour|second)|\b[tr]p[md]\b|rate limit|quota", re.IGNORECASE)


def is_overflow(text: str) -> bool:
    """Whether an error's message is about the length of the model's context."""
    return bool(_OVERFLOW.search(text)) and not _RATE.search(text)
