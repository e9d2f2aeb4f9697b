"""What is measured on the rows of one config."""
