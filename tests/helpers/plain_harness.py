# ruff: noqa: ANN401, ARG002  # the arguments are verifiers' own
"""A harness of verifiers that asks once, in this process: needs no program, no uv, no network."""

from typing import Any

import httpx
import verifiers.v1 as vf

__all__ = ["PlainHarness"]


class PlainHarnessConfig(vf.HarnessConfig):
    """Nothing to choose."""


class PlainHarness(vf.Harness[PlainHarnessConfig]):
    """Sends the prompt to the model, and is done."""

    NEEDS_CONTAINER = False

    async def setup(self, runtime: Any) -> None:
        """Nothing to set up."""

    async def launch(
        self,
        ctx: Any,
        trace: Any,
        runtime: Any,
        endpoint: str,
        secret: str,
        mcp_urls: Any,
        data: Any,
        tool_interception_url: Any = None,
    ) -> vf.ProgramResult:
        """Ask through the interception, which records the call."""
        _, prompt = self.resolve_prompt(data)
        async with httpx.AsyncClient(timeout=60) as client:
            reply = await client.post(
                f"{endpoint}/chat/completions",
                headers={"Authorization": f"Bearer {secret}"},
                json={"model": ctx.model, "messages": [{"role": "user", "content": prompt}]},
            )
            reply.raise_for_status()
        return vf.ProgramResult(exit_code=0, stdout="", stderr="")
