-- Money is in minor units of the row's or the account's currency. Dates are business dates, instants are UTC.

-- The state an account decides from, rewritten with every commit. The fill factor leaves room on the page for the next version.
CREATE TABLE accounts (
    id                 bigint   PRIMARY KEY,
    version            bigint   NOT NULL,
    head               bytea    NOT NULL,
    state              bytea    NOT NULL,
    status             smallint NOT NULL,
    level              smallint NOT NULL,
    issuer             integer  NOT NULL,
    balance            bigint   NOT NULL,
    next_bill_on       date,
    next_review_on     date,
    catalogue_revision bigint   NOT NULL
) WITH (fillfactor = 60);

CREATE INDEX accounts_review ON accounts (next_review_on) WHERE next_review_on IS NOT NULL;

-- Which account the CRM's reference means. The only place where account ids come from.
CREATE TABLE client_references (
    reference  text   PRIMARY KEY,
    account_id bigint NOT NULL UNIQUE GENERATED ALWAYS AS IDENTITY
);

-- Append-only. The first event of a commit carries the command, the last one its reply; the hash chains each event to the one before.
CREATE TABLE journal (
    account_id bigint      NOT NULL,
    version    bigint      NOT NULL,
    name       text        NOT NULL,
    at         timestamptz NOT NULL,
    by         text        NOT NULL,
    command    uuid,
    reply      bytea,
    payload    bytea       NOT NULL,
    hash       bytea       NOT NULL,
    PRIMARY KEY (account_id, version)
);

CREATE UNIQUE INDEX journal_command ON journal (account_id, command) WHERE command IS NOT NULL;

CREATE TABLE parked_accounts (
    account_id bigint      PRIMARY KEY,
    command    text        NOT NULL,
    reason     text        NOT NULL,
    at         timestamptz NOT NULL
);

-- The next number of each series; taken inside the transaction that writes the documents, so that none is ever missing.
CREATE TABLE number_series (
    issuer         integer  NOT NULL,
    kind           smallint NOT NULL,
    year           smallint NOT NULL,
    next           bigint   NOT NULL,
    last_issued_on date     NOT NULL,
    PRIMARY KEY (issuer, kind, year)
);

CREATE TABLE outbox (
    id           bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    account_id   bigint      NOT NULL,
    version      bigint      NOT NULL,
    payload      text        NOT NULL,
    created_at   timestamptz NOT NULL,
    status       smallint    NOT NULL DEFAULT 0,
    attempts     integer     NOT NULL DEFAULT 0,
    next_attempt timestamptz,
    last_error   text
);

-- Rows over 2 kB are compressed; LZ4 does it several times faster than the default. A server built without it keeps the default.
DO $$
BEGIN
    ALTER TABLE accounts ALTER COLUMN state SET COMPRESSION lz4;
    ALTER TABLE journal ALTER COLUMN payload SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END $$;

-- Compressed or not, they stay in the row: an account is loaded and written as a whole.
ALTER TABLE accounts ALTER COLUMN state SET STORAGE MAIN;
ALTER TABLE journal ALTER COLUMN payload SET STORAGE MAIN;
