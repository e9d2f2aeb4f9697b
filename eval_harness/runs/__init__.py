"""What is asked in a run, how, and what is written down."""
