"""What beside its name tells a publisher from its namesakes: the harvested site, the host, the title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.dataset.place_names import full_names, stem
from nianbao.dataset.places import Place, of_code, places


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known around a publisher's name: the harvested site's code, and texts such as the title."""

    site_code: str | None = None
    context: str | None = None

    def decide(self, namesakes: Sequence[Place]) -> Place | None:
        """Return the one namesake that every hint which says anything speaks for, None if there is none."""
        verdicts = [
            spoken
            for spoken in (self._by_site(namesakes), self._by_context(namesakes))
            if spoken is not None
        ]
        agreed = set(namesakes).intersection(*verdicts) if verdicts else set()
        return agreed.pop() if len(agreed) == 1 else None

    def _by_site(self, namesakes: Sequence[Place]) -> set[Place] | None:
        """The site's own division, else those that lie in the site's prefecture or province; None without a site."""
        site = of_code(self.site_code) if self.site_code else None
        if site is None:
            return None
        own = {place for place in namesakes if place.code == site.code}
        return own or {place for place in namesakes if _within(place, site)}

    def _by_context(self, namesakes: Sequence[Place]) -> set[Place] | None:
        """Those whose prefecture or province the context names; None where it names neither."""
        context = re.sub(r"\s+", "", self.context or "")
        named = {place for place in namesakes if _names_parent(context, place)}
        return named or None


def _within(place: Place, site: Place) -> bool:
    if site.level == "province":
        return place.province == site.name
    prefecture = site.name if site.level == "prefecture" else site.prefecture
    if not prefecture:  # a county of a municipality, or directly under a province
        return (place.province, place.prefecture) == (site.province, "")
    return (place.province, place.prefecture) == (site.province, prefecture)


def _names_parent(context: str, place: Place) -> bool:
    """Say whether a parent stands there in full, or by its bare name right before the division's name."""
    ...
