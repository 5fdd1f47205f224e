"""Finds the reports of a site without touching the network: it answers every page with what to fetch next."""

from scraper.discovery.limits import Limits
from scraper.discovery.walk import Discovery

__all__ = ["Discovery", "Limits"]
