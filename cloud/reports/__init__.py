"""Sales across venues. The age of what they count stands beside every figure."""
