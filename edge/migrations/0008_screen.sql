-- Which paired screens somebody can see now. No entry of the log: who put a phone in a pocket when is nobody's business
-- tomorrow, and a room of phones would write thousands a night.
CREATE TABLE screen (
    device_id TEXT PRIMARY KEY,
    is_awake INTEGER NOT NULL,
    shows TEXT NOT NULL,
    changed_at_ms INTEGER NOT NULL
) WITHOUT ROWID;
