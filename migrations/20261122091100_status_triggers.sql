-- run as owner
-- Puts guard_last_ceo and follow_status on users.
CREATE TRIGGER guard_last_ceo BEFORE UPDATE ON public.users
    FOR EACH ROW WHEN (OLD.status = 'active' AND OLD.db_role IS NOT NULL AND (NEW.status IS DISTINCT FROM 'active' OR NEW.db_role IS NULL))
    EXECUTE FUNCTION atalaya.guard_last_ceo();
CREATE TRIGGER follow_status AFTER UPDATE ON public.users
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.db_role IS DISTINCT FROM NEW.db_role)
    EXECUTE FUNCTION atalaya.follow_status();
