"""How many connections this machine lets a run hold."""

import resource
from dataclasses import dataclass

WANTED = 16384
OTHER_FILES = 64  # archive, state, standard streams, the resolver


@dataclass(frozen=True, slots=True)
class Sockets:
    """Requests that can be under way at once, and connections that can be kept open between two of them."""

    in_flight: int
    idle: int


def claim_sockets(in_flight: int | None) -> Sockets:
    """Raise the limit of open files as far as it may be raised, and share it out; `in_flight` is a further bound."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < WANTED:
        allowed = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        soft = allowed
    room = max(2, (WANTED if soft == resource.RLIM_INFINITY else min(soft, WANTED)) - OTHER_FILES)
    most = max(1, room * 2 // 3)
    return Sockets(most if in_flight is None else max(1, min(in_flight, most)), room // 3)
