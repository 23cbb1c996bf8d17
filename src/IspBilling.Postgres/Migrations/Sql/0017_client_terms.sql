-- What clients are found by: words of their name and address, and every identifier, folded to plain lower-case letters (ClientTerms).
-- Terms are compared byte by byte, so that a range of the primary key holds all that begin alike. Numbers of kinds: TermKind.
CREATE TABLE client_terms (
    account_id bigint   NOT NULL,
    kind       smallint NOT NULL,
    term       text     COLLATE "C" NOT NULL,
    PRIMARY KEY (kind, term, account_id)
);

-- Whether a client has a term that begins with a word: one descent, without a look at the table.
CREATE INDEX client_terms_account ON client_terms (account_id, term);

-- The revision of the particulars whose terms are written. What an earlier release wrote has none: only the program can fold it, and does so
-- after its start, a few hundred clients at a time (TermFilling). To have all terms written anew: UPDATE clients SET terms_of = NULL.
ALTER TABLE clients ADD COLUMN terms_of integer;
CREATE INDEX clients_without_terms ON clients (account_id) WHERE terms_of IS DISTINCT FROM revision;

ALTER TABLE client_references ADD COLUMN has_terms boolean NOT NULL DEFAULT false;
CREATE INDEX client_references_without_terms ON client_references (account_id) WHERE NOT has_terms;
