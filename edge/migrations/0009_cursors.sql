-- A cursor names the entry it stands at by epoch and number: a number alone is another entry once logs were reconciled.
ALTER TABLE worker_cursor ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
UPDATE worker_cursor SET epoch = COALESCE((SELECT epoch FROM log WHERE log.seq = worker_cursor.seq), 0);

-- Kept for commands and settings from the hub, which come as commands like any other: nobody ever wrote or read them.
ALTER TABLE log_identity DROP COLUMN command_cursor;
ALTER TABLE log_identity DROP COLUMN config_version;
