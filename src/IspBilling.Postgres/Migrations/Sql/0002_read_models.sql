-- Written in the transaction of the events they follow from; ./dev audit recomputes them.

CREATE TABLE account_profiles (
    account_id bigint  NOT NULL,
    revision   integer NOT NULL,
    profile    bytea   NOT NULL,
    PRIMARY KEY (account_id, revision)
);

-- The client as people look for them: the newest particulars.
CREATE TABLE clients (
    account_id     bigint  PRIMARY KEY,
    issuer         integer NOT NULL,
    revision       integer NOT NULL,
    name           text    NOT NULL,
    company_number text,
    email          text,
    phone          text,
    account_symbol bigint
);

CREATE INDEX clients_symbol ON clients (account_symbol) WHERE account_symbol IS NOT NULL;
CREATE INDEX clients_company ON clients (company_number) WHERE company_number IS NOT NULL;
CREATE INDEX clients_email ON clients (lower(email)) WHERE email IS NOT NULL;
-- People look for a surname as often as for a first name.
CREATE INDEX clients_words ON clients USING gin (to_tsvector('simple', name));

-- Immutable once written. The whole document, with VAT per rate and each line's basis, is the journal's event of that version.
CREATE TABLE documents (
    account_id        bigint   NOT NULL,
    ordinal           integer  NOT NULL,
    version           bigint   NOT NULL,
    issuer            integer  NOT NULL,
    kind              smallint NOT NULL,
    year              smallint NOT NULL,
    sequence          bigint   NOT NULL,
    number            text     NOT NULL,
    symbol            bigint,
    issued_on         date     NOT NULL,
    supplied_on       date     NOT NULL,
    due_on            date     NOT NULL,
    currency          text     NOT NULL,
    net               bigint   NOT NULL,
    tax               bigint   NOT NULL,
    rounding          bigint   NOT NULL,
    total             bigint   NOT NULL,
    customer_revision integer  NOT NULL,
    issuer_revision   integer  NOT NULL,
    run               uuid,
    PRIMARY KEY (account_id, ordinal)
);

CREATE UNIQUE INDEX documents_number ON documents (issuer, kind, year, sequence);
CREATE INDEX documents_symbol ON documents (symbol, account_id, ordinal) WHERE symbol IS NOT NULL;
CREATE INDEX documents_run ON documents (run, account_id) WHERE run IS NOT NULL;

CREATE TABLE document_lines (
    account_id       bigint   NOT NULL,
    document         integer  NOT NULL,
    line             integer  NOT NULL,
    reason           smallint NOT NULL,
    service          integer,
    one_off          text,
    tariff           integer,
    text             text     NOT NULL,
    period_from      date,
    period_to        date,
    quantity         bigint   NOT NULL,
    unit_price       bigint   NOT NULL,
    price_mode       smallint NOT NULL,
    vat_category     smallint NOT NULL,
    vat_rate         integer  NOT NULL,
    amount           bigint   NOT NULL,
    corrects_document integer,
    corrects_line    integer,
    PRIMARY KEY (account_id, document, line)
);

-- What is open on invoices, and unused on credit notes (negative). Only what is open has a row.
CREATE TABLE open_items (
    account_id bigint  NOT NULL,
    document   integer NOT NULL,
    due_on     date    NOT NULL,
    open       bigint  NOT NULL,
    disputed   boolean NOT NULL,
    PRIMARY KEY (account_id, document)
) WITH (fillfactor = 80);

-- Double entry: the postings of one event sum to zero. Debit positive, credit negative.
CREATE TABLE postings (
    account_id     bigint   NOT NULL,
    version        bigint   NOT NULL,
    posted_on      date     NOT NULL,
    ledger_account smallint NOT NULL,
    vat_rate       integer  NOT NULL,
    amount         bigint   NOT NULL,
    currency       text     NOT NULL
);

CREATE INDEX postings_date ON postings USING brin (posted_on);

CREATE TABLE payments (
    account_id      bigint   NOT NULL,
    ordinal         integer  NOT NULL,
    version         bigint   NOT NULL,
    entry           text     NOT NULL,
    amount          bigint   NOT NULL,
    currency        text     NOT NULL,
    booked_on       date     NOT NULL,
    symbol          bigint,
    counter_account text,
    order_reference text,
    rule            smallint NOT NULL,
    status          smallint NOT NULL,
    reversed_by     text,
    PRIMARY KEY (account_id, ordinal)
);

-- What an import that was cut short has done already.
CREATE INDEX payments_entry ON payments (entry);
CREATE INDEX payments_reversed_by ON payments (reversed_by) WHERE reversed_by IS NOT NULL;

CREATE INDEX payments_payer ON payments (counter_account) WHERE counter_account IS NOT NULL;
CREATE INDEX payments_order ON payments (order_reference) WHERE order_reference IS NOT NULL;
CREATE INDEX payments_symbol ON payments (symbol) WHERE symbol IS NOT NULL;

-- Every settlement and, negative, every release of one. Source 0 is a payment, 1 a credit note.
CREATE TABLE allocations (
    account_id     bigint   NOT NULL,
    version        bigint   NOT NULL,
    source         smallint NOT NULL,
    source_ordinal integer  NOT NULL,
    document       integer  NOT NULL,
    amount         bigint   NOT NULL
);

CREATE INDEX allocations_account ON allocations (account_id);
