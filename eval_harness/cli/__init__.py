"""The commands that evaluate, and those that read finished runs."""
