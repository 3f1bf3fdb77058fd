-- Secrets that must outlive the log's tables and travel with a backup: a restored venue keeps its printed table codes.
CREATE TABLE venue_secret (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

INSERT INTO venue_secret (name, value) VALUES ('table_codes', randomblob(32));
