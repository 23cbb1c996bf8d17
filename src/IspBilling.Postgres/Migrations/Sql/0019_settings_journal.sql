-- Every change of a setting: who, when, why, from what to what. Entries are appended and never changed; each carries the hash of the one before.
-- What a person may ask to be forgotten (the actor's name, the reason, personal parts of the setting) stands beside the chain, which holds only
-- their salted commitment: without salt and text the chain still verifies.
CREATE TABLE settings_journal (
    revision   bigint      PRIMARY KEY CHECK (revision > 0),
    kind       text        NOT NULL,
    key        text        NOT NULL,
    name       text        NOT NULL,
    actor_kind text        NOT NULL,
    actor_id   text        NOT NULL,
    command    uuid,
    at         timestamptz NOT NULL,
    before     text,
    after      text,
    actor_name text,
    reason     text,
    personal   text,
    salt       bytea,
    commitment bytea       NOT NULL,
    hash       bytea       NOT NULL
);

CREATE INDEX settings_journal_of ON settings_journal (kind, key, revision);
CREATE INDEX settings_journal_command ON settings_journal (command) WHERE command IS NOT NULL;

-- Texts behind their lengths, so that no two lists of texts look the same.
CREATE FUNCTION pg_temp.settings_parts(texts text[]) RETURNS bytea LANGUAGE sql AS $$
    SELECT string_agg(
        CASE WHEN part IS NULL THEN '\xffffffff'::bytea ELSE int4send(octet_length(convert_to(part, 'UTF8'))) || convert_to(part, 'UTF8') END,
        ''::bytea ORDER BY place)
    FROM unnest(texts) WITH ORDINALITY AS parts (part, place)
$$;

-- What an earlier release stored has one entry each, as it stands.
DO $$
DECLARE
    taken_over constant text := 'taken over from an earlier release';
    setting record;
    number bigint := 0;
    salt bytea;
    commitment bytea;
    hash bytea := ''::bytea;
BEGIN
    FOR setting IN
        SELECT * FROM (
            SELECT 1 AS part, 'issuer' AS kind, id::text AS key, 'issuer.v1' AS name, definition AS after, NULL AS personal
            FROM (SELECT DISTINCT ON (id) id, definition FROM issuers ORDER BY id, revision DESC) latest
            UNION ALL SELECT 2, 'tariff', code, 'tariff.v1', definition, NULL FROM tariffs
            UNION ALL SELECT 3, 'dunning-policy', 'default', 'dunning-policy.v1', value, NULL FROM settings WHERE settings.key = 'dunning-policy'
            UNION ALL SELECT 4, 'correction-horizon', 'default', 'correction-horizon.v1', value, NULL FROM settings WHERE settings.key = 'correction-horizon-months'
            UNION ALL SELECT 5, 'api-key', id::text, 'api-key.v1', json_strip_nulls(json_build_object(
                'name', api_keys.name, 'scopes', to_json(scopes), 'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'revokedAt', to_char(revoked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))::text, NULL FROM api_keys
            UNION ALL SELECT 6, 'role', code, 'role.v1', json_build_object('name', name, 'rights', to_json(rights))::text, NULL FROM roles
            UNION ALL SELECT 7, 'person', id::text, 'person.v1', json_strip_nulls(json_build_object(
                'roles', to_json(roles), 'createdAt', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'disabledAt', to_char(disabled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                'removedAt', to_char(removed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))::text,
                json_strip_nulls(json_build_object('login', login, 'name', name))::text FROM people
            UNION ALL SELECT 8, 'secret', secrets.name, 'secret.v1', json_build_object('changedAt', to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text, NULL FROM secrets) found
        ORDER BY part, key COLLATE "C"
    LOOP
        number := number + 1;
        salt := decode(replace(gen_random_uuid()::text, '-', ''), 'hex');
        commitment := sha256(salt || pg_temp.settings_parts(ARRAY[taken_over, NULL, setting.personal]));
        hash := sha256(hash || pg_temp.settings_parts(ARRAY[
            number::text, setting.kind, setting.key, setting.name, 'System', taken_over, NULL, (extract(epoch FROM now()) * 1000000)::bigint::text,
            NULL, setting.after, encode(commitment, 'hex')]));
        INSERT INTO settings_journal (revision, kind, key, name, actor_kind, actor_id, at, after, actor_name, personal, salt, commitment, hash)
        VALUES (number, setting.kind, setting.key, setting.name, 'System', taken_over, now(), setting.after, taken_over, setting.personal, salt, commitment, hash);
    END LOOP;
END $$;

DROP FUNCTION pg_temp.settings_parts(text[]);
