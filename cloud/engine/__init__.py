"""Knows Postgres, cursors and the pipe from the venues; knows no restaurant."""
