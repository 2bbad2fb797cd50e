"""The database itself refuses an order above its maker's limit that no second person has approved, and sets careful
limits to begin with."""

from decimal import Decimal

from django.db import migrations

# What one person may buy alone within the window is summed under a lock of that person, so that two orders at once see
# each other. 7702 is orders.locks.MAKER_LOCK.
GUARD = """
CREATE FUNCTION orders_guard_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    most numeric;
    counted numeric;
    days integer;
    is_new boolean := TG_OP = 'INSERT' OR OLD.state IN ('draft', 'awaiting_approval');
BEGIN
    IF NEW.created_by_id IS NULL OR NEW.state IN ('draft', 'cancelled') THEN
        RETURN NEW;
    END IF;
    IF NOT is_new AND (NEW.home_total, NEW.needs_second, NEW.created_by_id, NEW.approved_by_id)
            IS NOT DISTINCT FROM (OLD.home_total, OLD.needs_second, OLD.created_by_id, OLD.approved_by_id) THEN
        RETURN NEW;
    END IF;
    IF NOT NEW.needs_second THEN
        SELECT alone_up_to INTO most FROM accounts_user person
          JOIN orders_approvallimit USING (role) WHERE person.id = NEW.created_by_id;
        IF most IS NULL THEN
            RETURN NEW;
        END IF;
        PERFORM pg_advisory_xact_lock(7702, NEW.created_by_id::integer);
        SELECT COALESCE((SELECT window_days FROM orders_buyingsettings), 7) INTO days;
        SELECT NEW.home_total + COALESCE(sum(home_total), 0) INTO counted FROM orders_purchaseorder
         WHERE created_by_id = NEW.created_by_id AND supplier_id = NEW.supplier_id AND id <> NEW.id
           AND submitted_at > NEW.submitted_at - make_interval(days => days)
           AND NOT needs_second AND state NOT IN ('draft', 'cancelled');
        IF counted IS NULL OR counted > most THEN
            RAISE EXCEPTION 'Order % is above the limit of who made it: a second person has to approve it.', NEW.number
                USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_purchase_order_above_limit';
        END IF;
    ELSIF is_new AND NEW.state <> 'awaiting_approval' THEN
        PERFORM 1 FROM accounts_user WHERE id = NEW.approved_by_id AND is_active AND role <> 'staff';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'Order % needs the approval of somebody who may give it.', NEW.number
                USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_purchase_order_approver';
        END IF;
        IF NEW.approved_for_id IS NOT NULL AND (NEW.approved_for_id = NEW.created_by_id OR NOT EXISTS (
                SELECT FROM orders_delegation WHERE giver_id = NEW.approved_for_id AND taker_id = NEW.approved_by_id)) THEN
            RAISE EXCEPTION 'Nobody may approve order % in that name.', NEW.number
                USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_purchase_order_delegation';
        END IF;
        SELECT release_up_to INTO most FROM accounts_user person JOIN orders_approvallimit USING (role)
         WHERE person.id = COALESCE(NEW.approved_for_id, NEW.approved_by_id);
        IF most IS NOT NULL AND (NEW.counted_total IS NULL OR GREATEST(NEW.counted_total, NEW.home_total) > most) THEN
            RAISE EXCEPTION 'Order % is above the limit of who approves it.', NEW.number
                USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_purchase_order_above_release';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER orders_purchaseorder_approval BEFORE INSERT
    OR UPDATE OF state, home_total, needs_second, created_by_id, approved_by_id ON orders_purchaseorder
    FOR EACH ROW EXECUTE FUNCTION orders_guard_approval()
"""
UNGUARD = """
DROP TRIGGER orders_purchaseorder_approval ON orders_purchaseorder;
DROP FUNCTION orders_guard_approval()
"""
# Who administers a firm of one person can always buy; a purchaser is watched from the first large order on.
LIMITS = {"purchaser": ("10000", "10000"), "manager": ("0", "50000")}


def add_limits(apps, schema_editor):
    limit = apps.get_model("orders", "ApprovalLimit")
    for role, (alone, release) in LIMITS.items():
        limit.objects.get_or_create(
            role=role, defaults={"alone_up_to": Decimal(alone), "release_up_to": Decimal(release)}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("orders", "0007_approval_limits"),
    ]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunPython(add_limits, migrations.RunPython.noop),
    ]
