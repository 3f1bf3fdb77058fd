-- A connection that served one transaction leaves '' where the next has named nothing: '' is nobody's address, key or session.
ALTER POLICY by_account ON tenant USING (account = nullif(current_setting('app.account', true), ''));
ALTER POLICY by_email ON account USING (email = nullif(current_setting('app.email', true), ''));
ALTER POLICY by_digest ON session USING (digest = nullif(current_setting('app.session', true), ''));
