-- What an owner asks about all accounts at once, rolled up: per issuer, measure, day and key. Every flight appends what it changed,
-- in the transaction of the events, so that no two flights wait for one row; a job folds the changes into the sums.
CREATE TABLE figure_changes (
    issuer  integer  NOT NULL,
    measure smallint NOT NULL,
    day     date     NOT NULL,
    key     integer  NOT NULL,
    amount  bigint   NOT NULL,
    count   bigint   NOT NULL
);

CREATE TABLE figure_sums (
    issuer  integer  NOT NULL,
    measure smallint NOT NULL,
    day     date     NOT NULL,
    key     integer  NOT NULL,
    amount  bigint   NOT NULL,
    count   bigint   NOT NULL,
    PRIMARY KEY (measure, day, issuer, key)
) WITH (fillfactor = 70);

CREATE VIEW figures AS
    SELECT issuer, measure, day, key, amount, count FROM figure_sums
    UNION ALL
    SELECT issuer, measure, day, key, amount, count FROM figure_changes;
