-- A row of the journal over 2 kB had its reply moved to another table, though the row fitted its page: written twice, and read twice
-- when an account is loaded. Like the payload it stays in the row, compressed if it must be.
DO $$
BEGIN
    ALTER TABLE journal ALTER COLUMN reply SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END $$;

ALTER TABLE journal ALTER COLUMN reply SET STORAGE MAIN;
