-- The log, and what the engine keeps beside it. Nothing here can be rebuilt.

CREATE TABLE log (
  seq          INTEGER PRIMARY KEY,
  epoch        INTEGER NOT NULL,
  id           BLOB    NOT NULL,
  kind         TEXT    NOT NULL,
  version      INTEGER NOT NULL,
  hlc          INTEGER NOT NULL,
  asked_at_ms  INTEGER NOT NULL,
  business_day TEXT    NOT NULL,
  subject      TEXT    NOT NULL,
  staff_id     TEXT    NOT NULL,
  device_id    TEXT    NOT NULL,
  command_id   TEXT    NOT NULL,
  origin_epoch INTEGER NOT NULL,
  origin_seq   INTEGER NOT NULL,
  training     INTEGER NOT NULL,
  body         BLOB    NOT NULL,
  digest       BLOB    NOT NULL
) STRICT;

-- Whose log this is and how far the hub has it. One row, written when the venue is enrolled and by the uplink.
CREATE TABLE log_identity (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  tenant_id      TEXT    NOT NULL DEFAULT '',
  venue_id       TEXT    NOT NULL DEFAULT '',
  install_id     TEXT    NOT NULL DEFAULT '',
  epoch          INTEGER NOT NULL DEFAULT 0,
  session        TEXT    NOT NULL DEFAULT '',
  hub_inc        INTEGER NOT NULL DEFAULT 0,
  acked          INTEGER NOT NULL DEFAULT 0,
  command_cursor INTEGER NOT NULL DEFAULT 0,
  config_version INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO log_identity (one) VALUES (1);

-- What every command was answered, for ever: asking twice does it once.
CREATE TABLE command_done (
  command_id TEXT    PRIMARY KEY,
  seq        INTEGER NOT NULL,
  code       TEXT    NOT NULL,  -- empty when it was done
  facts      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Who was told no, and why. Never the command's body: it may hold what nobody should keep.
CREATE TABLE refusal (
  id         INTEGER PRIMARY KEY,
  command_id TEXT    NOT NULL,
  name       TEXT    NOT NULL,
  code       TEXT    NOT NULL,
  facts      TEXT    NOT NULL,
  device_id  TEXT    NOT NULL,
  staff_id   TEXT    NOT NULL,
  at_ms      INTEGER NOT NULL
) STRICT;

CREATE TABLE worker_cursor (
  name TEXT    PRIMARY KEY,
  seq  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE projection_fingerprint (
  name        TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  tables      TEXT NOT NULL  -- JSON names, so that a table that is no longer declared can be dropped
) STRICT, WITHOUT ROWID;
