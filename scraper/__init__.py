"""Finds, fetches and archives the reports that sites publish; knows no tables."""

from scraper.accounting import Tally
from scraper.documents import Archived, SiteStatus, documents, status
from scraper.harvest import harvest
from scraper.messages import Site
from scraper.options import Options
from scraper.outcomes import Outcome
from scraper.sites import SiteList, known_sites, read_sites
from scraper.summary import Event, SiteResult, Summary

__all__ = [
    "Archived",
    "Event",
    "Options",
    "Outcome",
    "Site",
    "SiteList",
    "SiteResult",
    "SiteStatus",
    "Summary",
    "Tally",
    "documents",
    "harvest",
    "known_sites",
    "read_sites",
    "status",
]
