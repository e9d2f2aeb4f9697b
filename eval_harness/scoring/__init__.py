"""From a reply to a verdict, and from predictions at hand to accuracies."""
