"""Members and their profiles: what each says of themselves, who may see it, and how it comes into the graph.

Doors and the wiring import from here. Only ``own`` writes, through the same writer as every single edit, as the member.
"""

from capx_graph.membership.asking import asker_of
from capx_graph.membership.changes import (
    ConsentMissing,
    Fault,
    FieldsChanged,
    FieldsRefused,
    Problematic,
    ProfileConflict,
    fault,
    really_changed,
)
from capx_graph.membership.checking import ProfileCheck
from capx_graph.membership.contact import (
    Channel,
    Common,
    Contact,
    channel_of,
    common,
    contact_of,
    contact_of_organization,
    name_there,
)
from capx_graph.membership.dumped import DumpedPeople
from capx_graph.membership.fields import (
    CHOSEN_FROM,
    LONGEST_TEXT,
    MOST_LINES,
    PROPERTIES,
    SKILLS,
    Change,
    Field,
    Line,
    Part,
    Profile,
    State,
    from_kept,
    kept,
)
from capx_graph.membership.health import Gain, Health
from capx_graph.membership.offers import Offer, OfferedValue, Offers
from capx_graph.membership.own import OwnProfiles
from capx_graph.membership.ownitem import PeopleThere, holder_of
from capx_graph.membership.statements import Statements
from capx_graph.membership.work import Membership, Surroundings

__all__ = [
    "CHOSEN_FROM",
    "LONGEST_TEXT",
    "MOST_LINES",
    "PROPERTIES",
    "SKILLS",
    "Change",
    "Channel",
    "Common",
    "ConsentMissing",
    "Contact",
    "DumpedPeople",
    "Fault",
    "Field",
    "FieldsChanged",
    "FieldsRefused",
    "Gain",
    "Health",
    "Line",
    "Membership",
    "Offer",
    "OfferedValue",
    "Offers",
    "OwnProfiles",
    "Part",
    "PeopleThere",
    "Problematic",
    "Profile",
    "ProfileCheck",
    "ProfileConflict",
    "State",
    "Statements",
    "Surroundings",
    "asker_of",
    "channel_of",
    "common",
    "contact_of",
    "contact_of_organization",
    "fault",
    "from_kept",
    "holder_of",
    "kept",
    "name_there",
    "really_changed",
]
