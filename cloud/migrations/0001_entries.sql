-- Tenants, their venues and the venues' logs. Only what cannot be rebuilt; projected tables come from shared/ and cloud/.

-- Every table with a tenant_id goes through this: row-level security, forced, so that the owner is bound too.
CREATE FUNCTION protect(guarded regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);
  EXECUTE format(
    'CREATE POLICY tenant ON %s USING (tenant_id = current_setting(''app.tenant'', true))'
    ' WITH CHECK (tenant_id = current_setting(''app.tenant'', true))', guarded);
END $$;
REVOKE ALL ON FUNCTION protect(regclass) FROM PUBLIC;

-- Which life of the hub this is; it rises when the hub is restored from a backup.
CREATE TABLE hub (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  hub_inc bigint NOT NULL
);
INSERT INTO hub (hub_inc) VALUES (1);
GRANT SELECT ON hub TO hos_app;

CREATE TABLE tenant (
  tenant_id text PRIMARY KEY CHECK (tenant_id ~ '^[A-Za-z0-9_-]{1,40}$'),
  name text NOT NULL,
  account text NOT NULL UNIQUE, -- the tenant's NATS account key: subjects carry it, and nobody can forge it
  created_at_ms bigint NOT NULL
);
SELECT protect('tenant');
-- Who holds a message that NATS put under this key may learn whose key it is.
CREATE POLICY by_account ON tenant FOR SELECT USING (account = current_setting('app.account', true));
GRANT SELECT, INSERT, UPDATE ON tenant TO hos_app;

CREATE TABLE venue (
  tenant_id text NOT NULL REFERENCES tenant,
  venue_id text NOT NULL CHECK (venue_id ~ '^[A-Za-z0-9_-]{1,40}$'),
  name text NOT NULL,
  created_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, venue_id)
);
SELECT protect('venue');
-- The hub's own workers go through every venue; they ask for this by name, and only for ids.
CREATE POLICY directory ON venue FOR SELECT USING (current_setting('app.directory', true) = 'all');
GRANT SELECT, INSERT, UPDATE ON venue TO hos_app;

CREATE TABLE venue_head (
  tenant_id text NOT NULL,
  venue_id text NOT NULL,
  epoch bigint NOT NULL DEFAULT 0,
  session text NOT NULL DEFAULT '', -- '' while nobody holds the venue
  install text NOT NULL DEFAULT '',
  acked bigint NOT NULL DEFAULT 0,
  head bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
  archived bigint NOT NULL DEFAULT 0,
  edge_last bigint NOT NULL DEFAULT 0, -- where the edge says its log ends
  last_seen_ms bigint NOT NULL DEFAULT 0,
  last_entry_ms bigint NOT NULL DEFAULT 0, -- when the edge decided the entry at `acked`
  refusal text NOT NULL DEFAULT '', -- why the last batch was refused; '' after one that was not
  refused_at_ms bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, venue_id),
  FOREIGN KEY (tenant_id, venue_id) REFERENCES venue
);
SELECT protect('venue_head');
GRANT SELECT, INSERT, UPDATE ON venue_head TO hos_app;

-- The logs. The hub appends; nobody at the hub changes or removes an entry.
CREATE TABLE entries (
  tenant_id text NOT NULL,
  venue_id text NOT NULL,
  seq bigint NOT NULL,
  epoch bigint NOT NULL,
  id bytea NOT NULL,
  kind text NOT NULL,
  version integer NOT NULL,
  hlc bigint NOT NULL,
  asked_at_ms bigint NOT NULL,
  business_day text NOT NULL,
  subject text NOT NULL,
  staff_id text NOT NULL,
  device_id text NOT NULL,
  command_id text NOT NULL,
  origin_epoch bigint NOT NULL,
  origin_seq bigint NOT NULL,
  training boolean NOT NULL,
  body bytea NOT NULL,
  digest bytea NOT NULL,
  PRIMARY KEY (tenant_id, venue_id, seq),
  UNIQUE (tenant_id, venue_id, id),
  FOREIGN KEY (tenant_id, venue_id) REFERENCES venue
);
SELECT protect('entries');
GRANT SELECT, INSERT ON entries TO hos_app;

-- How far each projection of a venue is; of another fingerprint, it stands at the start.
CREATE TABLE projection_cursor (
  tenant_id text NOT NULL,
  venue_id text NOT NULL,
  projection text NOT NULL,
  fingerprint text NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (tenant_id, venue_id, projection),
  FOREIGN KEY (tenant_id, venue_id) REFERENCES venue
);
SELECT protect('projection_cursor');
GRANT SELECT, INSERT, UPDATE ON projection_cursor TO hos_app;

-- The entry at which a venue's projection stands still, and why.
CREATE TABLE quarantine (
  tenant_id text NOT NULL,
  venue_id text NOT NULL,
  projection text NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL,
  why text NOT NULL,
  since_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, venue_id, projection),
  FOREIGN KEY (tenant_id, venue_id) REFERENCES venue
);
SELECT protect('quarantine');
GRANT SELECT, INSERT, UPDATE, DELETE ON quarantine TO hos_app;

-- Which source made the projected tables that stand; the owner writes it, the hub compares it at start.
CREATE TABLE projected (
  projection text PRIMARY KEY,
  fingerprint text NOT NULL,
  tables text[] NOT NULL
);
GRANT SELECT ON projected TO hos_app;
