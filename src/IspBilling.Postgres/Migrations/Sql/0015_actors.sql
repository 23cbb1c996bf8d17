-- Who asked, in full: the kind of actor by name, and which one of the kind; "by", "requested_by" and "assigned_by" hold the name. Where the
-- kind is null, an earlier release wrote one text only; rows are not rewritten.
--
-- From here on an event's hash covers these, the time and the command too: the kind also tells by which format a row was hashed. The
-- personal texts of an event stand in "personal", with the salts that open the commitments which the payload has in their place.
ALTER TABLE journal
    ADD COLUMN actor_kind text,
    ADD COLUMN actor_id   text,
    ADD COLUMN personal   bytea;

-- Stays in the row, as the payload does.
DO $$
BEGIN
    ALTER TABLE journal ALTER COLUMN personal SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END $$;

ALTER TABLE journal ALTER COLUMN personal SET STORAGE MAIN;

ALTER TABLE billing_runs
    ADD COLUMN requested_by_kind text,
    ADD COLUMN requested_by_id   text;

ALTER TABLE statement_imports
    ADD COLUMN requested_by_kind text,
    ADD COLUMN requested_by_id   text;

ALTER TABLE statement_entries
    ADD COLUMN assigned_by_kind text,
    ADD COLUMN assigned_by_id   text;

ALTER TABLE statement_entry_decisions
    ADD COLUMN by_kind text,
    ADD COLUMN by_id   text;
