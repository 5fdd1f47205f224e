"""What beside its name tells a division from its namesakes: the harvested site, the title, the name of the site."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.dataset.place_names import names_of_parent, stem
from nianbao.dataset.places import Place


@dataclass(frozen=True, slots=True)
class Hints:
    """The division of the harvested site, and texts around the publisher's name such as title and site name."""

    site: Place | None = None
    context: str | None = None

    def decide(self, namesakes: Sequence[Place]) -> Place | None:
        """Return the one namesake for which every hint speaks that says anything, None if there is none."""
        verdicts = [said for said in (self._by_site(namesakes), self._by_context(namesakes)) if said is not None]
        agreed = set(namesakes).intersection(*verdicts) if verdicts else set()
        return agreed.pop() if len(agreed) == 1 else None

    def _by_site(self, namesakes: Sequence[Place]) -> set[Place] | None:
        """Return the site's own division, else those in its prefecture or province; None without a site."""
        site = self.site
        if site is None:
            return None
        own = {place for place in namesakes if place.code == site.code}
        return own or {place for place in namesakes if _within(place, site)}

    def _by_context(self, namesakes: Sequence[Place]) -> set[Place] | None:
        """Return those whose nearest parent the context names, else those whose province it names, else None."""
        context = re.sub(r"\s+", "", self.context or "")
        near = {place for place in namesakes if _named(context, place.prefecture or place.province, place)}
        far = {place for place in namesakes if _named(context, place.province, place)}
        return near or far or None


def _within(place: Place, site: Place) -> bool:
    """Say whether a division is in the site's province, or in the same prefecture as a site below a province."""
    if site.level == "province":
        return place.province == site.name
    prefecture = site.name if site.level == "prefecture" else site.prefecture
    return (place.province, place.prefecture) == (site.province, prefecture)


def _named(context: str, parent: str, place: Place) -> bool:
    """Say whether the context names the parent in full, or by its bare name right before the division's name."""
    full, bare = names_of_parent(parent)
    return any(name in context for name in full) or f"{bare}{stem(place)}" in context
