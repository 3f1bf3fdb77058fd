"""Sums that must agree to the cent wherever they are made."""
