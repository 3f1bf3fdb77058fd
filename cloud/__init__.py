"""The hub: many venues' logs in one Postgres, and what their owners see of them."""
