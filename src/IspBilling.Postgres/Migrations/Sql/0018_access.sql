-- Sets of rights that the provider named for itself; the built-in roles stand in the program.
CREATE TABLE roles (
    code   text   PRIMARY KEY,
    name   text   NOT NULL,
    rights text[] NOT NULL
);

-- People who sign in. A row stays for ever, because the journal names people by its id; who was removed has no login any more.
CREATE TABLE people (
    id               integer     PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    login            text,                 -- e-mail address in lower case; null when removed
    name             text        NOT NULL,
    roles            text[]      NOT NULL, -- codes
    password         text,                 -- salted hash; null until the person has chosen one
    factor           bytea,                -- second factor's secret, encrypted with the key ring
    factor_confirmed boolean     NOT NULL DEFAULT false,
    factor_step      bigint      NOT NULL DEFAULT 0, -- the last time step whose code was used: each is good once
    provider         text,                 -- issuer of an identity provider, and the person's id there
    subject          text,
    failures         integer     NOT NULL DEFAULT 0, -- attempts to sign in since the last that succeeded
    locked_until     timestamptz,
    created_at       timestamptz NOT NULL,
    disabled_at      timestamptz,
    removed_at       timestamptz,
    CHECK ((removed_at IS NULL) = (login IS NOT NULL))
);

CREATE UNIQUE INDEX people_login ON people (login);
CREATE UNIQUE INDEX people_subject ON people (provider, subject);

-- For who has lost the second factor. A code is 80 random bits, of which the SHA-256 is kept, and is good once.
CREATE TABLE recovery_codes (
    person  integer NOT NULL REFERENCES people (id),
    hash    bytea   NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (person, hash)
);

-- A session is good while its row says so, on every node. The cookie's 256 random bits are kept as SHA-256.
CREATE TABLE sessions (
    id         bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    hash       bytea       NOT NULL UNIQUE,
    person     integer     NOT NULL REFERENCES people (id),
    means      text        NOT NULL, -- password or provider
    address    text,
    agent      text,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

CREATE INDEX sessions_person ON sessions (person, id);

-- Links by which a person chooses a password, each good once. Without a person: by which the first person comes to be.
CREATE TABLE one_time_links (
    hash       bytea       PRIMARY KEY,
    person     integer     REFERENCES people (id),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Keys that protect cookies and secrets on all nodes, each wrapped by a key that is not in the database.
CREATE TABLE key_ring (
    id         integer     PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    element    text        NOT NULL, -- XML
    created_at timestamptz NOT NULL
);

-- Secrets of others: tokens of banks, passwords of mail servers. Encrypted with the key ring.
CREATE TABLE secrets (
    name       text        PRIMARY KEY,
    sealed     text        NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text        NOT NULL
);

-- Idempotency keys of people stand under the negative number of the person, so that they never meet those of an API key.
COMMENT ON COLUMN idempotency_keys.api_key IS 'the API key, or the negative number of a person';
