"""Analytics: what the movement has, wants and lacks, as panels of counts.

Doors and the wiring import from here. ``panels`` says which panels there are, the queries of ``queries/analytics/``
define their counts, ``bitmapcounter`` gives the same from the index, ``hiding`` decides which counts are shown.
"""

from capx_graph.analytics.counters import Counters
from capx_graph.analytics.health import Health, HealthLine, HealthReport
from capx_graph.analytics.naming import Names
from capx_graph.analytics.panels import PANELS, Panel, panel
from capx_graph.analytics.service import Analytics, Line, PanelAnswer, PanelRequest
from capx_graph.analytics.tables import Tables

__all__ = [
    "PANELS",
    "Analytics",
    "Counters",
    "Health",
    "HealthLine",
    "HealthReport",
    "Line",
    "Names",
    "Panel",
    "PanelAnswer",
    "PanelRequest",
    "Tables",
    "panel",
]
