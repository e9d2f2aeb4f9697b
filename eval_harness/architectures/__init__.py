"""Models trained from scratch and compared: from a spec to a trained model and its scores."""
