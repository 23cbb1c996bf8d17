-- What each statement tells whole: an account's days from balance to balance. By these, and by what an entry has beside its texts, a movement
-- is known again in whatever export it comes. Entries from before have no statement; they are known by the name they had.
CREATE TABLE bank_statements (
    id         bigint   PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    import_id  uuid     NOT NULL,
    account    text     COLLATE "C" NOT NULL,
    currency   text     NOT NULL,
    issuer     integer,
    kind       smallint NOT NULL,
    format     text     NOT NULL,
    number     text,
    first_day  date     NOT NULL,
    last_day   date     NOT NULL,
    days_from  date[]   NOT NULL,
    days_to    date[]   NOT NULL,
    openings   bigint[] NOT NULL,
    closings   bigint[] NOT NULL
);

CREATE INDEX bank_statements_days ON bank_statements (account, currency, last_day);

-- issuer is the one whose account received the money; is_foreign when that account is in another currency than the issuer's clients.
-- An entry that is_doubtful may be looks_like, or another one, or new: no rule ever books it.
ALTER TABLE statement_entries
    ADD COLUMN statement          bigint,
    ADD COLUMN issuer             integer,
    ADD COLUMN is_foreign         boolean NOT NULL DEFAULT false,
    ADD COLUMN balance_before     bigint,
    ADD COLUMN bank_reference     text,
    ADD COLUMN reference_trust    smallint,
    ADD COLUMN document_number    text,
    ADD COLUMN batch_parent       text,
    ADD COLUMN batch_ordinal      integer,
    ADD COLUMN dated_by_statement boolean NOT NULL DEFAULT false,
    ADD COLUMN is_doubtful        boolean NOT NULL DEFAULT false,
    ADD COLUMN looks_like         bigint;

-- Only entries from before are ever in it: new ones cost nothing.
CREATE INDEX statement_entries_before ON statement_entries (booked_on) WHERE statement IS NULL;

-- The same file again is known by its bytes.
ALTER TABLE statement_imports ADD COLUMN content_hash bytea;
CREATE INDEX statement_imports_content ON statement_imports (content_hash) WHERE content_hash IS NOT NULL;

-- Files of bank accounts that are nobody's yet, kept as they came until one states the account.
CREATE TABLE held_statements (
    import_id uuid  PRIMARY KEY REFERENCES statement_imports (id),
    content   bytea NOT NULL
);
ALTER TABLE held_statements ALTER COLUMN content SET STORAGE EXTERNAL;
