-- What was asked under a command's id: another wish under the same id is refused, not told it is done.
-- Empty for what was asked before this was kept; such a row answers its id alone.

ALTER TABLE command_done ADD COLUMN digest BLOB NOT NULL DEFAULT x'';
