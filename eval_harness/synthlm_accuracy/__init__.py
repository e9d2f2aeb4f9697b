"""The metric for Hugging Face evaluate: this folder, as it is, is a Space ready to be pushed."""
