-- Whose credit the money was that went out of an account; negative when it came back. Source 0 is a payment, 1 a credit note.
CREATE TABLE credit_uses (
    account_id     bigint   NOT NULL,
    version        bigint   NOT NULL,
    payment        integer  NOT NULL,
    source         smallint NOT NULL,
    source_ordinal integer  NOT NULL,
    amount         bigint   NOT NULL
);

CREATE INDEX credit_uses_account ON credit_uses (account_id);

-- hold: why a person decides whatever the rules say. fee: what the bank kept of a return. closed_with: a payment nobody claimed and its storno.
ALTER TABLE statement_entries
    ADD COLUMN hold        smallint,
    ADD COLUMN other_texts text,
    ADD COLUMN fee         bigint,
    ADD COLUMN closed_with bigint;

-- stated: what a clerk says a part in another currency is worth. payment: the one that goes back.
ALTER TABLE statement_entry_parts
    ADD COLUMN stated          bigint,
    ADD COLUMN stated_currency text,
    ADD COLUMN payment         integer;

-- What people, or the look at suspense in their place, decided about an entry: who and why, for ever. Numbers of actions: EntryAction.
CREATE TABLE statement_entry_decisions (
    entry      bigint      NOT NULL REFERENCES statement_entries (id),
    generation integer     NOT NULL,
    at         timestamptz NOT NULL,
    by         text        NOT NULL,
    action     smallint    NOT NULL,
    reason     text,
    PRIMARY KEY (entry, generation)
);
