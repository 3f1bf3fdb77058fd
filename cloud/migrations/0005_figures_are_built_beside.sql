-- Projected tables are built beside those that are shown, and shown once they are level: views in a schema of their own say which.
-- The first release's tables, cursors and quarantine stay as they are for the hubs of it that still run.
CREATE SCHEMA figures;
GRANT USAGE ON SCHEMA figures TO hos_app;

-- Every set of tables that was made for a projection and still stands. The owner writes it.
CREATE TABLE projection_made (
  made bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  projection text NOT NULL,
  fingerprint text NOT NULL,
  tables jsonb NOT NULL, -- the name of each declared table → the name of the one that was made for it
  is_wanted boolean NOT NULL DEFAULT false, -- by the release that migrated last
  is_shown boolean NOT NULL DEFAULT false,
  show text[] NOT NULL DEFAULT '{}', -- what makes the views show it
  UNIQUE (projection, fingerprint)
);
GRANT SELECT ON projection_made TO hos_app;
INSERT INTO projection_made (projection, fingerprint, tables, is_shown)
SELECT projection, fingerprint, (SELECT jsonb_object_agg(name, name) FROM unnest(tables) AS name), true FROM projected;

-- How far a venue is in a set of tables, and the entry at which it stands still, if any.
CREATE TABLE projection_stand (
  tenant_id text NOT NULL,
  venue_id text NOT NULL,
  made bigint NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  was_level boolean NOT NULL DEFAULT false, -- with the venue's log, at least once
  stop_seq bigint NOT NULL DEFAULT 0, -- 0 while it goes on
  stop_kind text NOT NULL DEFAULT '',
  stop_why text NOT NULL DEFAULT '',
  stop_since_ms bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, venue_id, made),
  FOREIGN KEY (tenant_id, venue_id) REFERENCES venue
);
SELECT protect('projection_stand');
-- A hub asks whether every venue is level before it shows a set of tables: numbers alone, and only by name.
CREATE POLICY directory ON projection_stand FOR SELECT USING (current_setting('app.directory', true) = 'all');
GRANT SELECT, INSERT, UPDATE ON projection_stand TO hos_app;

-- The hub may not make or change a view; it may say which of the sets that the owner prepared is the one to show.
CREATE FUNCTION show_made(chosen bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  what text;
  step text;
BEGIN
  SELECT projection INTO what FROM public.projection_made WHERE made = chosen AND is_wanted;
  IF what IS NULL THEN
    RETURN false; -- a hub of another release than the last that migrated
  END IF;
  PERFORM 1 FROM public.projection_made WHERE projection = what ORDER BY made FOR UPDATE;
  FOREACH step IN ARRAY (SELECT show FROM public.projection_made WHERE made = chosen) LOOP
    EXECUTE step;
  END LOOP;
  UPDATE public.projection_made SET is_shown = (made = chosen) WHERE projection = what;
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION show_made(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION show_made(bigint) TO hos_app;

-- The release an edge says it runs.
ALTER TABLE venue_head ADD COLUMN edge_release text NOT NULL DEFAULT '';
