-- What targets say became of messages that they accepted; each is kept once, with the time of the first.
CREATE TABLE delivery_receipts (
    account_id bigint      NOT NULL,
    version    bigint      NOT NULL,
    ordinal    smallint    NOT NULL,
    kind       smallint    NOT NULL,
    target     text        NOT NULL,
    status     text        NOT NULL,
    reason     text,
    at         timestamptz NOT NULL,
    PRIMARY KEY (account_id, version, ordinal, kind)
);

-- A receipt names a message as its target does.
CREATE INDEX outbox_receipt ON outbox (receipt) WHERE receipt IS NOT NULL AND channel = 2;

-- What people wrote down about a client: calls, notes, messages that came in. No search and no state of an account knows of them.
CREATE TABLE client_notes (
    entry      bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    id         uuid        NOT NULL UNIQUE,
    account_id bigint      NOT NULL,
    at         timestamptz NOT NULL,
    kind       smallint    NOT NULL,
    by_kind    text        NOT NULL,
    by_id      text        NOT NULL,
    by_name    text        NOT NULL,
    -- Null once it was erased.
    text       text,
    ticket     text,
    erased_at  timestamptz,
    erased_by  text
);

CREATE INDEX client_notes_of ON client_notes (account_id, at DESC, entry DESC);
CREATE INDEX client_notes_ticket ON client_notes (ticket, account_id) WHERE ticket IS NOT NULL;

-- Letters that a person prints, puts into envelopes and posts together.
CREATE TABLE print_batches (
    id         uuid        PRIMARY KEY,
    -- 1 being made, 2 ready, 3 posted, 4 taken back.
    status     smallint    NOT NULL,
    made_at    timestamptz NOT NULL,
    by_kind    text        NOT NULL,
    by_id      text        NOT NULL,
    by_name    text        NOT NULL,
    max        integer     NOT NULL,
    -- Printed on both sides: each letter begins on a sheet of its own.
    duplex     boolean     NOT NULL,
    closed_at  timestamptz,
    closed_by  text,
    -- When all its deliveries had ended as it was closed; null until then.
    carried_at timestamptz
);

CREATE INDEX print_batches_unfinished ON print_batches (made_at) WHERE status = 1 OR (closed_at IS NOT NULL AND carried_at IS NULL);

CREATE INDEX print_batches_newest ON print_batches (made_at DESC, id DESC);

-- What lies in a batch. A delivery is in one batch at most that was not taken back: the lease of the batch is on it.
CREATE TABLE print_batch_items (
    batch_id   uuid     NOT NULL,
    position   integer  NOT NULL,
    account_id bigint   NOT NULL,
    version    bigint   NOT NULL,
    ordinal    smallint NOT NULL,
    attempt    smallint NOT NULL,
    document   integer  NOT NULL,
    number     text     NOT NULL,
    client     text     NOT NULL,
    name       text     NOT NULL,
    street     text     NOT NULL,
    city       text     NOT NULL,
    postcode   text     NOT NULL,
    country    text     NOT NULL,
    pages      integer  NOT NULL,
    sheets     integer  NOT NULL,
    PRIMARY KEY (batch_id, position)
);
