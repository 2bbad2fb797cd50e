"""The daily clearing of what only calls and visits needed; `accounts` stands below the jobs and cannot declare one."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.services.forgetting import forget_answers, forget_password_links, forget_sessions
from jobs.domain.slots import each_night
from jobs.registry import Job, ShardContext, Step, one_shard

AT_HOUR = 3


def _forget(context: ShardContext) -> dict[str, int]:
    return {
        "answers": forget_answers(now=context.now),
        "sessions": forget_sessions(now=context.now),
        "links": forget_password_links(now=context.now),
    }


FORGET_VISITS = Job(
    name="forget_visits",
    title=_("Forget answers to old calls, and sessions and links that ended"),
    steps=(Step("forget", one_shard, _forget),),
    due_slots=each_night(AT_HOUR),
    expected_every=timedelta(hours=50),
)
