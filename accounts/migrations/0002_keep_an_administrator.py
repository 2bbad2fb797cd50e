"""The database itself refuses to take the last administrator of the whole firm away, whatever SQL is written."""

from django.db import migrations

# Whoever takes an administrator away waits for everybody else who does, so that two who demote each other at once see
# each other's work. 7741 is people.locks.PEOPLE_LOCK.
GUARD = """
CREATE FUNCTION accounts_keep_an_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7741, 0);
    PERFORM 1 FROM accounts_user WHERE role = 'administrator' AND is_active AND sees_all_locations;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Nobody would be left who administers the whole firm.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_keep_an_administrator';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER accounts_user_keeps_an_administrator AFTER UPDATE OF role, is_active, sees_all_locations ON accounts_user
    FOR EACH ROW WHEN (
        OLD.role = 'administrator' AND OLD.is_active AND OLD.sees_all_locations
        AND NOT (NEW.role = 'administrator' AND NEW.is_active AND NEW.sees_all_locations)
    ) EXECUTE FUNCTION accounts_keep_an_administrator();
CREATE TRIGGER accounts_user_keeps_one_when_deleted AFTER DELETE ON accounts_user
    FOR EACH ROW WHEN (OLD.role = 'administrator' AND OLD.is_active AND OLD.sees_all_locations)
    EXECUTE FUNCTION accounts_keep_an_administrator()
"""
UNGUARD = """
DROP TRIGGER accounts_user_keeps_one_when_deleted ON accounts_user;
DROP TRIGGER accounts_user_keeps_an_administrator ON accounts_user;
DROP FUNCTION accounts_keep_an_administrator()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
    ]
