"""The command line of the edge, a module a group of commands."""
