"""Projections that edge and hub both keep: tables as data, entries turned into writes."""
