"""Every job there is, when it is due, and what its stages and figures are called."""

from django.conf import settings

from alerts.watch import WATCH
from config.choosing import CHOOSE
from config.forgetting import FORGET_VISITS
from config.job_words import FIGURES, STEP_TITLES
from config.ledger_job import CHECK_LEDGER
from config.night import NIGHT
from config.replanning import REPLAN
from config.scoring import SCORE
from demo.till_job import TILLS
from imports.work import FORGET_FILES, IMPORT_FILE
from inventory.expiry_work import HOLD_EXPIRED
from inventory.work import COUNT_CLASSES, EXPIRE_RESERVATIONS
from jobs.registry import Job
from orders.replay_work import REPLAY
from orders.work import EXPIRE_UNDECIDED, MARK_SENT
from outbox.work import DELIVER, FORGET

__all__ = ["FIGURES", "JOBS", "STEP_TITLES"]

JOBS: tuple[Job, ...] = (
    NIGHT,
    CHOOSE,
    REPLAN,
    SCORE,
    WATCH,
    DELIVER,
    MARK_SENT,
    EXPIRE_UNDECIDED,
    REPLAY,
    CHECK_LEDGER,
    COUNT_CLASSES,
    HOLD_EXPIRED,
    EXPIRE_RESERVATIONS,
    FORGET,
    FORGET_FILES,
    FORGET_VISITS,
    IMPORT_FILE,
    *((TILLS,) if settings.DEMO else ()),
)
