-- Whoever asks is named in the journal by the key's name: no two keys have the same, whatever its case. Of keys that shared one, the later
-- ones get their number behind it; what they asked for before keeps the name it was written with.
DO $$
DECLARE
    later record;
    renamed text;
BEGIN
    FOR later IN
        SELECT k.id, k.name FROM api_keys k
        WHERE EXISTS (SELECT FROM api_keys e WHERE lower(e.name) = lower(k.name) AND e.id < k.id)
        ORDER BY k.id
    LOOP
        renamed := left(later.name, 80) || ' (' || later.id || ')';
        WHILE EXISTS (SELECT FROM api_keys WHERE lower(name) = lower(renamed)) LOOP
            renamed := left(renamed, 95) || '''';
        END LOOP;
        UPDATE api_keys SET name = renamed WHERE id = later.id;
    END LOOP;
END $$;

CREATE UNIQUE INDEX api_keys_name ON api_keys (lower(name));

-- How the first request under a key ended; null while it has not, or when it was refused.
ALTER TABLE idempotency_keys ADD COLUMN status smallint;

-- A reference has one form (Unicode NFC). Where both forms were given, each keeps its client.
DO $$
BEGIN
    IF getdatabaseencoding() = 'UTF8' THEN
        UPDATE client_references r SET reference = normalize(r.reference, NFC)
        WHERE r.reference IS NOT NFC NORMALIZED
          AND NOT EXISTS (SELECT FROM client_references o WHERE o.reference = normalize(r.reference, NFC));
    END IF;
END $$;
