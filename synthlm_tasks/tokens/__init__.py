"""From the generators to training batches, with no text in between."""
