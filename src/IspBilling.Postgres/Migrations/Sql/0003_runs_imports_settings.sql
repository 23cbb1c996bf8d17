CREATE TABLE billing_runs (
    id           uuid        PRIMARY KEY,
    mode         smallint    NOT NULL,
    through      date        NOT NULL,
    issuer       integer,
    accounts     bigint[],
    compared_to  uuid,
    requested_by text        NOT NULL,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    status       smallint    NOT NULL,
    cursor       bigint      NOT NULL,
    issued       bigint      NOT NULL,
    nothing      bigint      NOT NULL,
    skipped      bigint      NOT NULL,
    parked       bigint      NOT NULL,
    documents    bigint      NOT NULL,
    total        bigint      NOT NULL,
    failure      text
);

CREATE INDEX billing_runs_started ON billing_runs (started_at, id);

CREATE TABLE billing_run_items (
    run            uuid     NOT NULL,
    account_id     bigint   NOT NULL,
    outcome        smallint NOT NULL,
    hash           bigint   NOT NULL,
    documents      integer  NOT NULL,
    total          bigint   NOT NULL,
    previous_total bigint,
    detail         text,
    PRIMARY KEY (run, account_id)
);

CREATE TABLE statement_imports (
    id            uuid        PRIMARY KEY,
    file_name     text        NOT NULL,
    format        text        NOT NULL,
    requested_by  text        NOT NULL,
    started_at    timestamptz NOT NULL,
    finished_at   timestamptz,
    status        smallint    NOT NULL,
    read          bigint      NOT NULL DEFAULT 0,
    already_known bigint      NOT NULL DEFAULT 0,
    matched       bigint      NOT NULL DEFAULT 0,
    suspense      bigint      NOT NULL DEFAULT 0,
    rejected      bigint      NOT NULL DEFAULT 0,
    matched_total bigint      NOT NULL DEFAULT 0,
    warnings      text[]      NOT NULL DEFAULT '{}',
    refusal       text
);

CREATE INDEX statement_imports_started ON statement_imports (started_at, id);

-- Every movement the bank ever told about, once, in exactly one state. While a clerk's assignment is under way, step says what is
-- being done with the first step_parts parts; each step has a generation of its own, from which its commands get their ids.
CREATE TABLE statement_entries (
    id               bigint   PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    import_id        uuid     NOT NULL REFERENCES statement_imports (id),
    identity         text     NOT NULL UNIQUE,
    state            smallint NOT NULL DEFAULT 0,
    account_id       bigint,
    rule             smallint,
    reason           text,
    candidates       text,
    assigned_by      text,
    generation       integer  NOT NULL DEFAULT 0,
    step             smallint,
    step_parts       integer,
    step_reason      text,
    own_account      text     NOT NULL,
    entry_reference  text,
    amount           bigint   NOT NULL,
    currency         text     NOT NULL,
    direction        smallint NOT NULL,
    is_reversal      boolean  NOT NULL,
    booked_on        date     NOT NULL,
    value_on         date     NOT NULL,
    counter_account  text,
    counter_name     text,
    symbol           bigint,
    constant_symbol  text,
    specific_symbol  text,
    message          text,
    order_reference  text,
    position         text     NOT NULL
);

CREATE INDEX statement_entries_import ON statement_entries (import_id, id);
CREATE INDEX statement_entries_suspense ON statement_entries (id) WHERE state = 2;
CREATE INDEX statement_entries_under_way ON statement_entries (id) WHERE step IS NOT NULL;

-- How a clerk assigned an entry to accounts; stored before anything is booked.
CREATE TABLE statement_entry_parts (
    entry      bigint  NOT NULL REFERENCES statement_entries (id),
    part       integer NOT NULL,
    account_id bigint  NOT NULL,
    amount     bigint  NOT NULL,
    PRIMARY KEY (entry, part)
);

CREATE TABLE tariffs (
    id         integer PRIMARY KEY,
    code       text    NOT NULL UNIQUE,
    definition text    NOT NULL
);

-- Each revision is kept: documents name the one that was printed.
CREATE TABLE issuers (
    id         integer NOT NULL,
    revision   integer NOT NULL,
    definition text    NOT NULL,
    PRIMARY KEY (id, revision)
);

CREATE TABLE settings (
    key   text PRIMARY KEY,
    value text NOT NULL
);

-- Keys are random; only their SHA-256 is kept.
CREATE TABLE api_keys (
    id         integer     PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    hash       bytea       NOT NULL UNIQUE,
    name       text        NOT NULL,
    scopes     text[]      NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- What a caller's idempotency key was used for, so that it cannot mean two things.
CREATE TABLE idempotency_keys (
    api_key      integer     NOT NULL,
    key          text        NOT NULL,
    request_hash bytea       NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (api_key, key)
);
