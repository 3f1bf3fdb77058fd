"""Owners: accounts, signing in, sessions."""
