"""Read models for pages: a capacity, the directory, a person, an organization, a territory.

Doors import from here. Reads only through ``queries/profile/``.
"""

from capx_graph.profiles.model import (
    CapacityNode,
    CapacityProfile,
    CapacityStatement,
    Count,
    EventLine,
    EventProfile,
    Evidence,
    LanguageSkill,
    Manager,
    OrganizationLine,
    OrganizationProfile,
    PeoplePage,
    PersonLine,
    PersonProfile,
    ProjectProfile,
    RoleTallies,
    Tally,
    TerritoryNode,
    TerritoryProfile,
    Text,
)
from capx_graph.profiles.service import Profiles

__all__ = [
    "CapacityNode",
    "CapacityProfile",
    "CapacityStatement",
    "Count",
    "EventLine",
    "EventProfile",
    "Evidence",
    "LanguageSkill",
    "Manager",
    "OrganizationLine",
    "OrganizationProfile",
    "PeoplePage",
    "PersonLine",
    "PersonProfile",
    "Profiles",
    "ProjectProfile",
    "RoleTallies",
    "Tally",
    "TerritoryNode",
    "TerritoryProfile",
    "Text",
]
