-- run as owner
-- Every change of an operator leaves a change record, and the record is refused to whoever is no active user any more.
CREATE TRIGGER check_author BEFORE INSERT ON atalaya.change_records
    FOR EACH STATEMENT EXECUTE FUNCTION atalaya.check_author();
