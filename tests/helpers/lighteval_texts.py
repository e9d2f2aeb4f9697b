"""A served base model for `lighteval custom`, asked by bare text as lighteval asks those that it runs."""

import os

import httpx
from lighteval.models.abstract_model import LightevalModel, ModelConfig
from lighteval.models.model_output import ModelResponse
from lighteval.tasks.prompt_manager import PromptManager
from lighteval.tasks.requests import Doc
from lighteval.utils.cache_management import SampleCache


class ServedTexts(LightevalModel):
    """Texts go on at `/completions` of MOCK_BASE_URL."""

    def __init__(self, config: ModelConfig) -> None:
        self.config = config
        self._cache = SampleCache(config)
        self._prompts = PromptManager(use_chat_template=False)

    def greedy_until(self, docs: list[Doc]) -> list[ModelResponse]:
        with httpx.Client(base_url=os.environ["MOCK_BASE_URL"]) as client:
            return [ModelResponse(text=[self._ask(client, doc)]) for doc in docs]

    def _ask(self, client: httpx.Client, doc: Doc) -> str:
        prompt = self._prompts.prepare_prompt(doc)
        asked = {"prompt": prompt, "max_tokens": doc.generation_size, "stop": list(doc.stop_sequences or ())}
        reply = client.post("/completions", json={"model": self.config.model_name, "temperature": 0, **asked})
        text: str = reply.raise_for_status().json()["choices"][0]["text"]
        return text

    def loglikelihood(self, docs: list[Doc]) -> list[ModelResponse]:
        raise NotImplementedError

    def loglikelihood_rolling(self, docs: list[Doc]) -> list[ModelResponse]:
        raise NotImplementedError

    @property
    def tokenizer(self) -> None:
        return None

    @property
    def add_special_tokens(self) -> bool:
        return False

    @property
    def max_length(self) -> int:
        return 8192
