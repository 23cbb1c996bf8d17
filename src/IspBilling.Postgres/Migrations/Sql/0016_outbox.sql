-- What accounts decided to tell the world: a row for each channel, so that one half of a delivery can be recorded without the other. The id of
-- a delivery is (account_id, version, ordinal): the account, its version after the commit, and the place in that commit.
ALTER TABLE outbox RENAME TO outbox_before;
ALTER INDEX outbox_pkey RENAME TO outbox_before_pkey;

CREATE TABLE outbox (
    account_id bigint      NOT NULL,
    version    bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    ordinal    smallint    NOT NULL,
    kind       smallint    NOT NULL,
    channel    smallint    NOT NULL,
    status     smallint    NOT NULL,
    attempts   smallint    NOT NULL DEFAULT 0,
    payload    text        NOT NULL,
    -- While it waits, the next attempt; in a dispatcher's hand, the end of its lease.
    due_at     timestamptz,
    owner      text,
    reason     text,
    receipt    text,
    ended_at   timestamptz,
    -- The account has to be told how it ended; null when it need not, or knows.
    unreported boolean
);

-- Nothing old goes out: every row of earlier releases is of a time before delivery (status 0). One message may have become two rows.
INSERT INTO outbox (account_id, version, created_at, ordinal, kind, channel, status, payload)
SELECT o.account_id, o.version, o.created_at,
       row_number() OVER (PARTITION BY o.account_id, o.version ORDER BY o.id, k.channel), k.kind, k.channel, 0, o.payload
FROM outbox_before o
JOIN (VALUES
    ('deliver-document.v1', 'delivery', 'Email', 1, 1),
    ('deliver-document.v1', 'delivery', 'Portal', 1, 4),
    ('deliver-document.v1', 'delivery', 'Post', 1, 3),
    ('send-reminder.v1', 'channels', 'Email', 2, 1),
    ('send-reminder.v1', 'channels', 'Sms', 2, 2),
    ('send-thanks.v1', NULL, NULL, 3, 1),
    ('enforce-service-level.v1', NULL, NULL, 4, 5),
    ('notify-collections.v1', NULL, NULL, 5, 6)) AS k (name, member, value, kind, channel)
  ON k.name = o.payload::json ->> '$type'
 AND (k.member IS NULL OR k.value = ANY (string_to_array(o.payload::json ->> k.member, ', ')));

DO $$
BEGIN
    IF EXISTS (
        SELECT FROM outbox_before o
        WHERE NOT EXISTS (SELECT FROM outbox n WHERE n.account_id = o.account_id AND n.version = o.version AND n.payload = o.payload)) THEN
        RAISE EXCEPTION 'a message of the outbox goes by no channel that this release knows';
    END IF;
END $$;

DROP TABLE outbox_before;

ALTER TABLE outbox ADD PRIMARY KEY (account_id, version, ordinal);

-- Only what a dispatcher may take (waiting, claimed, sending) is in it: what is not to be delivered costs nothing here.
CREATE INDEX outbox_due ON outbox (channel, due_at, account_id, version, ordinal) WHERE status IN (1, 2, 3);

CREATE INDEX outbox_unreported ON outbox (account_id, version, ordinal) WHERE unreported;

-- Whether a channel delivers: the last entry says so, and without one it is off.
CREATE TABLE channels (
    entry   bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    channel smallint    NOT NULL,
    is_on   boolean     NOT NULL,
    at      timestamptz NOT NULL,
    by_kind text        NOT NULL,
    by_id   text        NOT NULL,
    by_name text        NOT NULL
);
