"""The menu as a spreadsheet that a restaurateur edits: one row for each thing to sell, option and category."""
