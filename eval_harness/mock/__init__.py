"""A test double for an OpenAI-compatible endpoint: right in a set share of problems, failing as scripted."""
