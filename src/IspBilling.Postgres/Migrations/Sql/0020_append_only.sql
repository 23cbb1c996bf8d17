-- What is written once and never changes is held so by the database, against a slip of a hand and of a program alike. An insert pays nothing:
-- no trigger looks at new rows. Whoever owns the tables can switch a trigger off; that is what the hash chains and the audit are for.
--
-- What erasing personal data changes stays possible, and it alone: ADR 16 for the journal, ADR 18 for the settings journal.

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

-- Columns named by the trigger may become empty (null, or a text without characters); nothing else of a row may change.
CREATE FUNCTION append_only_but_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after  jsonb := to_jsonb(NEW);
    erasable text;
BEGIN
    FOREACH erasable IN ARRAY TG_ARGV LOOP
        IF coalesce(after ->> erasable, '') = '' THEN
            before := before - erasable;
            after := after - erasable;
        END IF;
    END LOOP;
    IF before = after THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'rows of % are never changed, except that personal texts are erased', TG_TABLE_NAME USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

-- Whether nothing but personal parts were erased: a part becomes {}, and the salt of the actor's name the commitment that it opened.
CREATE FUNCTION journal_personal_erased(before bytea, after bytea) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    was jsonb;
    now jsonb;
BEGIN
    IF before IS NOT DISTINCT FROM after THEN RETURN true; END IF;
    IF before IS NULL OR after IS NULL THEN RETURN false; END IF;
    was := convert_from(before, 'UTF8')::jsonb;
    now := convert_from(after, 'UTF8')::jsonb;
    RETURN jsonb_typeof(now) = 'object'
        AND was - 'actor' - 'parts' = now - 'actor' - 'parts'
        AND (was -> 'actor' IS NOT DISTINCT FROM now -> 'actor'
             OR (was #> '{actor,salt}' IS NOT NULL AND jsonb_typeof(now #> '{actor,sha256}') = 'string' AND (now -> 'actor') - 'sha256' = '{}'))
        AND (was -> 'parts' IS NOT DISTINCT FROM now -> 'parts'
             OR (jsonb_typeof(now -> 'parts') = 'array' AND jsonb_array_length(was -> 'parts') = jsonb_array_length(now -> 'parts')
                 AND NOT EXISTS (
                     SELECT FROM jsonb_array_elements(was -> 'parts') WITH ORDINALITY AS a (part, place)
                     JOIN jsonb_array_elements(now -> 'parts') WITH ORDINALITY AS b (part, place) USING (place)
                     WHERE b.part <> a.part AND b.part <> '{}')));
END $$;

-- A row of an earlier format has its texts in the payload; the release that writes the entry by which ADR 16 erases them lets through what it names.
CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.account_id, OLD.version, OLD.name, OLD.at, OLD.command, OLD.reply, OLD.payload, OLD.hash, OLD.actor_kind, OLD.actor_id)
       IS NOT DISTINCT FROM (NEW.account_id, NEW.version, NEW.name, NEW.at, NEW.command, NEW.reply, NEW.payload, NEW.hash, NEW.actor_kind, NEW.actor_id)
       AND NEW."by" IN (OLD."by", '') AND journal_personal_erased(OLD.personal, NEW.personal) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed, except that personal texts are erased', TG_TABLE_NAME USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER journal_append_only BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION journal_append_only();
CREATE TRIGGER settings_journal_append_only BEFORE UPDATE ON settings_journal
    FOR EACH ROW EXECUTE FUNCTION append_only_but_erased('actor_name', 'reason', 'personal', 'salt');

-- The name and the reason are a person's texts.
CREATE TRIGGER statement_entry_decisions_append_only BEFORE UPDATE ON statement_entry_decisions
    FOR EACH ROW EXECUTE FUNCTION append_only_but_erased('by', 'reason');

-- A revision of a profile is what its event says, and follows it when that is erased; the audit compares the two.
CREATE TRIGGER account_profiles_append_only BEFORE UPDATE OF account_id, revision ON account_profiles FOR EACH STATEMENT EXECUTE FUNCTION append_only();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['documents', 'document_lines', 'postings', 'allocations', 'credit_uses', 'issuers', 'bank_statements'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION append_only()', name || '_append_only', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY[
        'journal', 'settings_journal', 'statement_entry_decisions', 'account_profiles',
        'documents', 'document_lines', 'postings', 'allocations', 'credit_uses', 'issuers', 'bank_statements'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION append_only()', name || '_kept', name);
    END LOOP;
END $$;
