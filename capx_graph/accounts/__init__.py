"""The private store: accounts and how they sign in, and what is kept of members and never published.

Each room keeps a table or two of the private file, and is reached from ``Accounts``: what profiles hold back
(``privatevalues``), ``consents``, ``affiliations``, ``proposals``, ``saved`` lists ... Rooms above import from here.
"""

from __future__ import annotations

from capx_graph.accounts.accounts import FILE_NAME, GROUPS, SHORTEST_PASSWORD, Accounts
from capx_graph.accounts.affiliations import Affiliation, Affiliations
from capx_graph.accounts.attempts import SECONDS as ATTEMPT_SECONDS
from capx_graph.accounts.attempts import Attempts
from capx_graph.accounts.consents import Consent
from capx_graph.accounts.consumers import Consumer, Consumers
from capx_graph.accounts.contacts import Contacts
from capx_graph.accounts.database import PrivateDatabase
from capx_graph.accounts.drafts import DraftOutcome, DraftRecord, Drafts, Keeping, ProfileDraft, Said
from capx_graph.accounts.grants import GRANTS, rights_of
from capx_graph.accounts.managers import Manager, Managers, Standing
from capx_graph.accounts.members import LOCAL, Arrival, Member, Members
from capx_graph.accounts.names import canonical_name, chosen_name
from capx_graph.accounts.privatevalues import Kept, PrivateValues
from capx_graph.accounts.proposals import Proposal, Proposals
from capx_graph.accounts.reconfirmations import Reconfirmations, Reconfirming
from capx_graph.accounts.reports import KINDS as KINDS_OF_REPORT
from capx_graph.accounts.reports import Report, Reports
from capx_graph.accounts.saved import LONGEST_NOTE, RELATIONS, Saved, SavedLists, holder_without_item
from capx_graph.accounts.searches import SavedSearch, SavedSearches
from capx_graph.accounts.sessions import SESSION_LIFETIME, StoredSession
from capx_graph.accounts.visits import Visit, Visits
from capx_graph.accounts.wikigrants import WikiGrant, WikiGrants

__all__ = [
    "ATTEMPT_SECONDS",
    "FILE_NAME",
    "GRANTS",
    "GROUPS",
    "KINDS_OF_REPORT",
    "LOCAL",
    "LONGEST_NOTE",
    "RELATIONS",
    "SESSION_LIFETIME",
    "SHORTEST_PASSWORD",
    "Accounts",
    "Affiliation",
    "Affiliations",
    "Arrival",
    "Attempts",
    "Consent",
    "Consumer",
    "Consumers",
    "Contacts",
    "DraftOutcome",
    "DraftRecord",
    "Drafts",
    "Keeping",
    "Kept",
    "Manager",
    "Managers",
    "Member",
    "Members",
    "PrivateDatabase",
    "PrivateValues",
    "ProfileDraft",
    "Proposal",
    "Proposals",
    "Reconfirmations",
    "Reconfirming",
    "Report",
    "Reports",
    "Said",
    "Saved",
    "SavedLists",
    "SavedSearch",
    "SavedSearches",
    "Standing",
    "StoredSession",
    "Visit",
    "Visits",
    "WikiGrant",
    "WikiGrants",
    "canonical_name",
    "chosen_name",
    "holder_without_item",
    "rights_of",
]
