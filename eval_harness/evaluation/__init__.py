"""Evaluations from beginning to end, and what a person sees of them."""
