"""The published space of rules: what each does, which say the same, tables of what they make of letters."""
