"""The evaluation harness: accuracies of any OpenAI-compatible endpoint that can be believed."""
