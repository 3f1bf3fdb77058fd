-- Owners' accounts and their sessions. Passwords as argon2, sessions as digests of what the browser holds.

CREATE TABLE account (
  tenant_id text NOT NULL REFERENCES tenant,
  account_id text NOT NULL,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner')),
  password_hash text NOT NULL,
  attempts integer NOT NULL DEFAULT 0, -- sign-ins tried since the last that worked
  locked_until_ms bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, account_id)
);
SELECT protect('account');
-- Signing in starts from an address, before the tenant is known.
CREATE POLICY by_email ON account FOR SELECT USING (email = current_setting('app.email', true));
GRANT SELECT, INSERT, UPDATE ON account TO hos_app;

CREATE TABLE session (
  tenant_id text NOT NULL,
  digest text NOT NULL,
  account_id text NOT NULL,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint NOT NULL,
  PRIMARY KEY (digest),
  FOREIGN KEY (tenant_id, account_id) REFERENCES account
);
CREATE INDEX session_by_account ON session (tenant_id, account_id);
SELECT protect('session');
-- Who holds the session's secret may learn whose session it is.
CREATE POLICY by_digest ON session FOR SELECT USING (digest = current_setting('app.session', true));
GRANT SELECT, INSERT, DELETE ON session TO hos_app;
