-- People: names and PIN hashes, which the log never holds and which can be forgotten.
CREATE TABLE person (
    staff_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    pin_hash TEXT NOT NULL
) WITHOUT ROWID;
