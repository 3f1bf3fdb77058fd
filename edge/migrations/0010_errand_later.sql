-- A job in doubt may wait before it is done again, while those behind it go on.
ALTER TABLE errand ADD COLUMN not_before_ms INTEGER NOT NULL DEFAULT 0;
