"""The vocabulary: what a venue may ask, what happened, and what is shown. Pure."""
