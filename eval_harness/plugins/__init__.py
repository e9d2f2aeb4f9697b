"""SynthLM where its users already work: other harnesses and trainers, with the same prompts and verdicts.

Each module needs the extra that it is named after, and imports it when it is used.
"""
