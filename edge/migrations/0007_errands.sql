-- What is to be done outside, and what became of it: paper, charges, invoices, mail. Kept for a week after its end.
CREATE TABLE errand (
  number      INTEGER PRIMARY KEY,   -- in the order of birth; nothing points at it
  job_id      TEXT    NOT NULL UNIQUE,  -- of its cause: one cause makes one job
  errand      TEXT    NOT NULL,      -- the kind
  lane        TEXT    NOT NULL CHECK (lane <> ''),  -- a printer, a terminal, an authority: its jobs wait for each other
  rank        INTEGER NOT NULL,      -- lower goes first
  what        TEXT    NOT NULL,      -- which sort of the kind
  subject     TEXT    NOT NULL,      -- what it is about, for who looks for it; may be empty
  body        TEXT    NOT NULL,      -- JSON, the kind's own
  epoch       INTEGER NOT NULL,      -- of the entry that caused it, with the session: another box's are not done here
  session     TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('waiting', 'underway', 'uncertain', 'done', 'given_up')),
  outcome     TEXT    NOT NULL DEFAULT '',  -- how it ended, in the kind's word
  result      TEXT    NOT NULL DEFAULT '{}',  -- JSON, what the other side said
  problem     TEXT    NOT NULL DEFAULT '',  -- what was in the way last
  attempts    INTEGER NOT NULL DEFAULT 0,   -- how often it was begun
  doubts      INTEGER NOT NULL DEFAULT 0,   -- how often it was begun again with nobody knowing what became of it
  is_told     INTEGER NOT NULL DEFAULT 0,   -- whether the log has how it ended
  made_at_ms  INTEGER NOT NULL,
  until_ms    INTEGER NOT NULL,      -- not begun after
  ended_at_ms INTEGER NOT NULL DEFAULT 0  -- 0 while it is open
) STRICT;

CREATE INDEX errand_open ON errand (errand, lane) WHERE ended_at_ms = 0;
CREATE INDEX errand_subject ON errand (subject, number) WHERE subject <> '';
CREATE INDEX errand_ended ON errand (ended_at_ms) WHERE ended_at_ms > 0;
CREATE INDEX errand_untold ON errand (number) WHERE is_told = 0 AND ended_at_ms > 0;

-- Paper was the first kind, with a table of its own. Drawers and what was given up were never told to the log.
INSERT INTO errand (job_id, errand, lane, rank, what, subject, body, epoch, session, state, outcome, attempts, doubts,
  is_told, made_at_ms, until_ms, ended_at_ms)
SELECT job_id, 'print', printer_id, document <> 'drawer', document, ticket_id,
  json_object('home_id', home_id, 'backup_id', backup_id, 'check_id', check_id, 'facts', json(facts)),
  (SELECT epoch FROM log_identity), (SELECT session FROM log_identity),
  CASE WHEN state = 'sending' THEN 'underway' WHEN state IN ('printed', 'handed_over') THEN 'done'
    WHEN state IN ('expired', 'unconfirmed') THEN 'given_up' ELSE state END,
  CASE WHEN state IN ('waiting', 'sending') THEN '' ELSE state END,
  copies + (state <> 'waiting'), copies,
  state NOT IN ('printed', 'handed_over') OR document = 'drawer' OR is_told, made_at_ms, until_ms,
  CASE WHEN state IN ('waiting', 'sending') THEN 0 ELSE MAX(ended_at_ms, made_at_ms) END
FROM print_job ORDER BY seq, part;
DROP TABLE print_job;

-- What the print spool had not read yet is read once more by its heir, from where it stood.
INSERT INTO worker_cursor (name, seq)
SELECT 'print_spool', 0 WHERE EXISTS (SELECT 1 FROM log) AND NOT EXISTS (SELECT 1 FROM worker_cursor WHERE name = 'print_spool');
