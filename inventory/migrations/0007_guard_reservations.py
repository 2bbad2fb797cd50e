"""The database itself refuses an illegal change of a reservation, a changed event, and a kit inside a kit."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

GUARD_RESERVATION = """
CREATE FUNCTION inventory_guard_reservation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A reservation is never deleted; release it.' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.state <> 'pending' THEN
        RAISE EXCEPTION 'Reservation % is closed (%) and cannot change any more.', OLD.id, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
    ELSIF (NEW.id, NEW.sku_id, NEW.quantity, NEW.line, NEW.created_at)
            IS DISTINCT FROM (OLD.id, OLD.sku_id, OLD.quantity, OLD.line, OLD.created_at)
            OR (NEW.kit_id, NEW.key, NEW.created_by_id) IS DISTINCT FROM (OLD.kit_id, OLD.key, OLD.created_by_id) THEN
        RAISE EXCEPTION 'What reservation % holds cannot change; release it and reserve anew.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    ELSIF NEW.issued < OLD.issued THEN
        RAISE EXCEPTION 'What was handed over of reservation % cannot be taken back.', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inventory_reservation_no_change BEFORE UPDATE OR DELETE ON inventory_reservation
    FOR EACH ROW EXECUTE FUNCTION inventory_guard_reservation();
CREATE TRIGGER inventory_reservation_no_truncate BEFORE TRUNCATE ON inventory_reservation
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_refuse_change();
CREATE TRIGGER inventory_reservationevent_no_change BEFORE UPDATE OR DELETE ON inventory_reservationevent
    FOR EACH ROW EXECUTE FUNCTION inventory_refuse_change();
CREATE TRIGGER inventory_reservationevent_no_truncate BEFORE TRUNCATE ON inventory_reservationevent
    FOR EACH STATEMENT EXECUTE FUNCTION inventory_refuse_change()
"""
UNGUARD_RESERVATION = """
DROP TRIGGER inventory_reservation_no_change ON inventory_reservation;
DROP TRIGGER inventory_reservation_no_truncate ON inventory_reservation;
DROP TRIGGER inventory_reservationevent_no_change ON inventory_reservationevent;
DROP TRIGGER inventory_reservationevent_no_truncate ON inventory_reservationevent;
DROP FUNCTION inventory_guard_reservation()
"""
# Both SKUs are locked first, so that two who write A holds B and B holds C at once see each other.
GUARD_KIT = """
CREATE FUNCTION inventory_guard_kit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM id FROM inventory_sku WHERE id IN (NEW.kit_id, NEW.part_id) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM inventory_kitpart WHERE kit_id = NEW.part_id OR part_id = NEW.kit_id) THEN
        RAISE EXCEPTION 'A kit cannot hold a kit.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER inventory_kitpart_no_kit_in_kit BEFORE INSERT OR UPDATE ON inventory_kitpart
    FOR EACH ROW EXECUTE FUNCTION inventory_guard_kit()
"""
UNGUARD_KIT = """
DROP TRIGGER inventory_kitpart_no_kit_in_kit ON inventory_kitpart;
DROP FUNCTION inventory_guard_kit()
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_reservations_and_kits")]

    operations = [
        migrations.RunSQL(GUARD_RESERVATION, UNGUARD_RESERVATION),
        migrations.RunSQL(GUARD_KIT, UNGUARD_KIT),
        ValidateConstraint(model_name="movement", name="inventory_movement_kind_known"),
    ]
