-- Paper that was asked for: what it says, where it goes, and whether it came out. Kept for a week.
CREATE TABLE print_job (
  job_id     TEXT    PRIMARY KEY,  -- the entry's id: reading the entry again makes no second job
  seq        INTEGER NOT NULL,     -- of the entry; paper comes out in this order
  part       INTEGER NOT NULL,     -- among the jobs of one entry
  printer_id TEXT    NOT NULL CHECK (printer_id <> ''),  -- where it is printed now
  home_id    TEXT    NOT NULL,     -- where it belongs
  backup_id  TEXT    NOT NULL,     -- where it goes when that printer does not print; may be empty
  document   TEXT    NOT NULL,
  facts      TEXT    NOT NULL,     -- JSON, what the document's template is filled with
  ticket_id  TEXT    NOT NULL,
  check_id   TEXT    NOT NULL,
  state      TEXT    NOT NULL,     -- waiting, sending, printed, handed_over, expired or unconfirmed
  copies     INTEGER NOT NULL DEFAULT 0,  -- how often it was sent before with nobody knowing what became of it
  is_told    INTEGER NOT NULL DEFAULT 0,  -- whether the log has what became of it
  made_at_ms INTEGER NOT NULL,
  until_ms   INTEGER NOT NULL,     -- not printed after
  ended_at_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX print_job_lane ON print_job (printer_id, state, seq);
CREATE INDEX print_job_ticket ON print_job (ticket_id, seq);
CREATE INDEX print_job_ended ON print_job (ended_at_ms);
