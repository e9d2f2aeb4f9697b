"""The audit: measured proof that a config's rows are valid and that cheap tricks do not answer them.

Everything here reads rows only, by slow independent code; nothing that makes rows imports it.
"""
