-- The digest of each paired screen's key; the key itself is only on the screen.
CREATE TABLE device_key (
    pairing_id TEXT PRIMARY KEY,
    key_digest TEXT NOT NULL UNIQUE
) WITHOUT ROWID;
