"""How bytes reach a printer, and what is known of them afterwards."""
