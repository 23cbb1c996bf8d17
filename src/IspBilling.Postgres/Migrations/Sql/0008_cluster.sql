-- What Orleans' providers of membership, reminders and grain state want from the database of a cluster. They look their statements
-- up by key and know them by parameters and result columns only; the tables behind are ours.

-- Its names are given: the providers read SELECT QueryKey, QueryText FROM OrleansQuery.
CREATE TABLE orleansquery (
    querykey  text PRIMARY KEY,
    querytext text NOT NULL
);

-- Counts the changes of a cluster's members. Who changes them names the count it has read, so that of two who decided at once one
-- is refused and reads again.
CREATE TABLE cluster_versions (
    cluster_id text    COLLATE "C" PRIMARY KEY,
    version    integer NOT NULL DEFAULT 0
);

-- A silo that is started again at its address has another generation.
CREATE TABLE cluster_members (
    cluster_id    text        COLLATE "C" NOT NULL REFERENCES cluster_versions ON DELETE CASCADE,
    address       text        COLLATE "C" NOT NULL,
    port          integer     NOT NULL,
    generation    integer     NOT NULL,
    silo_name     text        NOT NULL,
    host_name     text        NOT NULL,
    status        integer     NOT NULL,
    proxy_port    integer     NOT NULL,
    started_at    timestamptz NOT NULL,
    alive_at      timestamptz NOT NULL,
    suspect_times text,
    PRIMARY KEY (cluster_id, address, port, generation)
);

CREATE TABLE cluster_reminders (
    service_id text        COLLATE "C" NOT NULL,
    grain_id   text        COLLATE "C" NOT NULL,
    name       text        COLLATE "C" NOT NULL,
    grain_hash integer     NOT NULL,
    start_at   timestamptz NOT NULL,
    period_ms  bigint      NOT NULL,
    version    integer     NOT NULL DEFAULT 1,
    PRIMARY KEY (service_id, grain_id, name)
);

-- Every silo reads its ranges again every few minutes, each a small part of all.
CREATE INDEX cluster_reminders_range ON cluster_reminders (service_id, grain_hash);

-- A key that is a number or a Guid is in n0 and n1, a key that is a text, or a number's extension, in key_text. The hashes lead the
-- index because they tell nearly all grains apart; without the rest two that share them would share their state.
CREATE TABLE cluster_grain_states (
    id_hash    integer NOT NULL,
    type_hash  integer NOT NULL,
    n0         bigint  NOT NULL,
    n1         bigint  NOT NULL,
    service_id text    COLLATE "C" NOT NULL,
    grain_type text    COLLATE "C" NOT NULL,
    key_text   text    COLLATE "C",
    version    integer NOT NULL DEFAULT 1,
    payload    bytea,
    UNIQUE NULLS NOT DISTINCT (id_hash, type_hash, n1, n0, service_id, grain_type, key_text)
);

-- Membership. A change takes the row of the version first, and waits there for whoever changes at the same time; what it then does
-- not find as named is left as it is, the version too. Reads give the version even when there is no member.
INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', $$
WITH inserted AS (
    INSERT INTO cluster_versions (cluster_id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING cluster_id
)
SELECT EXISTS (SELECT FROM inserted)
$$),
('InsertMembershipKey', $$
WITH turn AS (
    UPDATE cluster_versions SET version = version + 1
    WHERE cluster_id = @DeploymentId AND version = @Version AND NOT EXISTS (
        SELECT FROM cluster_members
        WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING cluster_id
), member AS (
    INSERT INTO cluster_members (
        cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at)
    SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM turn
    RETURNING cluster_id
)
SELECT EXISTS (SELECT FROM member)
$$),
('UpdateMembershipKey', $$
WITH turn AS (
    UPDATE cluster_versions SET version = version + 1
    WHERE cluster_id = @DeploymentId AND version = @Version AND EXISTS (
        SELECT FROM cluster_members
        WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING cluster_id
), member AS (
    UPDATE cluster_members SET status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
    FROM turn
    WHERE cluster_members.cluster_id = turn.cluster_id AND address = @Address AND port = @Port AND generation = @Generation
    RETURNING turn.cluster_id
)
SELECT EXISTS (SELECT FROM member)
$$),
('UpdateIAmAlivetimeKey', $$
UPDATE cluster_members SET alive_at = @IAmAliveTime
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$$),
('MembershipReadRowKey', $$
SELECT version, address, port, generation, silo_name AS SiloName, host_name AS HostName, status, proxy_port AS ProxyPort,
    started_at AS StartTime, alive_at AS IAmAliveTime, suspect_times AS SuspectTimes
FROM cluster_versions LEFT JOIN cluster_members
    ON cluster_members.cluster_id = cluster_versions.cluster_id AND address = @Address AND port = @Port AND generation = @Generation
WHERE cluster_versions.cluster_id = @DeploymentId
$$),
('MembershipReadAllKey', $$
SELECT version, address, port, generation, silo_name AS SiloName, host_name AS HostName, status, proxy_port AS ProxyPort,
    started_at AS StartTime, alive_at AS IAmAliveTime, suspect_times AS SuspectTimes
FROM cluster_versions LEFT JOIN cluster_members USING (cluster_id)
WHERE cluster_id = @DeploymentId
$$),
-- A silo that no client may connect to has no proxy port.
('GatewaysQueryKey', $$
SELECT address, proxy_port AS ProxyPort, generation FROM cluster_members
WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0
$$),
-- 6 is a dead silo.
('CleanupDefunctSiloEntriesKey', $$
DELETE FROM cluster_members WHERE cluster_id = @DeploymentId AND status = 6 AND alive_at < @IAmAliveTime
$$),
('DeleteMembershipTableEntriesKey', $$
DELETE FROM cluster_versions WHERE cluster_id = @DeploymentId
$$);

-- Reminders. Hashes are unsigned numbers on a ring, passed and compared as signed ones: that turns the ring by half and keeps its
-- order. A range excludes its begin and includes its end; the second statement is for those over the turn, and the whole ring.
INSERT INTO orleansquery (querykey, querytext) VALUES
('UpsertReminderRowKey', $$
INSERT INTO cluster_reminders (service_id, grain_id, name, grain_hash, start_at, period_ms)
VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period)
ON CONFLICT (service_id, grain_id, name) DO UPDATE
SET grain_hash = excluded.grain_hash, start_at = excluded.start_at, period_ms = excluded.period_ms,
    version = cluster_reminders.version + 1
RETURNING version
$$),
('ReadReminderRowKey', $$
SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version FROM cluster_reminders
WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName
$$),
('ReadReminderRowsKey', $$
SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version FROM cluster_reminders
WHERE service_id = @ServiceId AND grain_id = @GrainId
$$),
('ReadRangeRows1Key', $$
SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version FROM cluster_reminders
WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$$),
('ReadRangeRows2Key', $$
SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period_ms AS Period, version FROM cluster_reminders
WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$$),
('DeleteReminderRowKey', $$
WITH deleted AS (
    DELETE FROM cluster_reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version
    RETURNING version
)
SELECT EXISTS (SELECT FROM deleted)
$$),
('DeleteReminderRowsKey', $$
DELETE FROM cluster_reminders WHERE service_id = @ServiceId
$$);

-- Grain state. A first write names no version, every later one the version it has read; the new version comes back, and no row when
-- someone else was first. What is cleared keeps its version, what is deleted tells the one that would have come next.
INSERT INTO orleansquery (querykey, querytext) VALUES
('ReadFromStorageKey', $$
SELECT payload AS PayloadBinary, version FROM cluster_grain_states
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND n0 = @GrainIdN0 AND n1 = @GrainIdN1
    AND service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text IS NOT DISTINCT FROM @GrainIdExtensionString
$$),
('WriteToStorageKey', $$
WITH inserted AS (
    INSERT INTO cluster_grain_states (id_hash, type_hash, n0, n1, service_id, grain_type, key_text, payload)
    SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @ServiceId, @GrainTypeString, @GrainIdExtensionString, @PayloadBinary
    WHERE @GrainStateVersion IS NULL
    ON CONFLICT DO NOTHING
    RETURNING version
), updated AS (
    UPDATE cluster_grain_states SET payload = @PayloadBinary, version = version + 1
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND n0 = @GrainIdN0 AND n1 = @GrainIdN1
        AND service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text IS NOT DISTINCT FROM @GrainIdExtensionString
        AND version = @GrainStateVersion
    RETURNING version
)
SELECT version AS NewGrainStateVersion FROM inserted UNION ALL SELECT version FROM updated
$$),
('ClearStorageKey', $$
UPDATE cluster_grain_states SET payload = NULL, version = version + 1
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND n0 = @GrainIdN0 AND n1 = @GrainIdN1
    AND service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text IS NOT DISTINCT FROM @GrainIdExtensionString
    AND version = @GrainStateVersion
RETURNING version
$$),
('DeleteStorageKey', $$
DELETE FROM cluster_grain_states
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND n0 = @GrainIdN0 AND n1 = @GrainIdN1
    AND service_id = @ServiceId AND grain_type = @GrainTypeString AND key_text IS NOT DISTINCT FROM @GrainIdExtensionString
    AND version = @GrainStateVersion
RETURNING version + 1
$$);
