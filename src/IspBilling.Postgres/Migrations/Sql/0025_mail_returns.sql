-- Mails that came back, or of which somebody complained; each once for an attempt of its delivery. Told once the account knows.
CREATE TABLE mail_returns (
    account_id bigint      NOT NULL,
    version    bigint      NOT NULL,
    ordinal    smallint    NOT NULL,
    attempt    smallint    NOT NULL,
    -- 1 hard, 2 soft, 3 delayed, 4 complaint, 5 not sent for want of an address.
    kind       smallint    NOT NULL,
    source     text        NOT NULL,
    status     text        NOT NULL,
    reason     text        NOT NULL,
    -- To whom it had gone; forgotten once the account knows. Of the first a fingerprint stays, by which softly returned mails in a row are counted.
    recipients text[],
    address    bytea,
    -- What it says of the address: 1 undeliverable, 2 complaint.
    fault      smallint,
    -- A server had taken it; otherwise it was refused at once, and told nobody.
    accepted   boolean     NOT NULL,
    at         timestamptz NOT NULL,
    told_at    timestamptz,
    PRIMARY KEY (account_id, version, ordinal, attempt, kind)
);

CREATE INDEX mail_returns_untold ON mail_returns (account_id, version, ordinal, attempt, kind) WHERE told_at IS NULL;

-- Who reads the mailbox of an issuer, until when, and how the last look went.
CREATE TABLE mailbox_leases (
    issuer    integer     PRIMARY KEY,
    owner     text        NOT NULL,
    until     timestamptz NOT NULL,
    looked_at timestamptz,
    problem   text
);

-- How many reports came, whatever was made of them.
CREATE TABLE mail_return_counts (
    day    date   NOT NULL,
    source text   NOT NULL,
    ending text   NOT NULL,
    count  bigint NOT NULL,
    PRIMARY KEY (day, source, ending)
);
