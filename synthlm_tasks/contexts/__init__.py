"""Contexts: whole problems side by side in sequences of one length, as arrays ready for a training step."""
