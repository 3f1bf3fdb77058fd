"""Stand-ins for what no test can have: printers. Written from the fact sheets, apart from what they test."""
