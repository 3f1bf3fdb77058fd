"""ESC/POS printers that print on a page instead of paper.

Written from the printers' manuals alone: nothing here is shared with the program that makes the tickets, so the two
can disagree, and a test can see it.
"""
