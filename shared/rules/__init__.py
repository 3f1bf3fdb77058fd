"""What several slices decide alike: prices, closings. Pure; may raise Rejected."""
