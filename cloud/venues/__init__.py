"""Tenants and their venues: enrolling them, and what a venue's log says of its settings."""
