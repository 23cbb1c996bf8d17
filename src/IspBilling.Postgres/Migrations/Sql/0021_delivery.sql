-- A channel that is paused writes what is to go by it, and takes nothing in hand.
ALTER TABLE channels ADD COLUMN is_paused boolean NOT NULL DEFAULT false, ADD COLUMN reason text;

-- What a person has sent again: a retry counts from there, and one that may have arrived before says so.
ALTER TABLE outbox ADD COLUMN attempts_before smallint NOT NULL DEFAULT 0, ADD COLUMN may_arrive_twice boolean NOT NULL DEFAULT false;

CREATE TABLE outbox_resends (
    entry      bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    account_id bigint      NOT NULL,
    version    bigint      NOT NULL,
    ordinal    smallint    NOT NULL,
    at         timestamptz NOT NULL,
    by_kind    text        NOT NULL,
    by_id      text        NOT NULL,
    by_name    text        NOT NULL,
    reason     text        NOT NULL
);

-- What waits for a person: failed, dead, unknown. What went well is not in it.
CREATE INDEX outbox_for_people ON outbox (status, account_id, version, ordinal) WHERE status IN (5, 6, 8);

-- What was sent on a day, where a channel has a daily cap.
CREATE INDEX outbox_sent ON outbox (channel, ended_at) WHERE status IN (4, 8);

-- Where the mails of an issuer go; the last entry of each holds. The form is the program's.
CREATE TABLE mail_targets (
    entry   bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    issuer  integer     NOT NULL,
    target  text,
    at      timestamptz NOT NULL,
    by_kind text        NOT NULL,
    by_id   text        NOT NULL,
    by_name text        NOT NULL,
    reason  text
);
