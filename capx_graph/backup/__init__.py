"""Back-up and restore of a data directory: whole files with checksums, one moment of everything, beside a service.

The wiring and the commands import it. A back-up is a directory that counts from the moment its manifest is there, which
is written last; a restore looks at every byte before it touches anything.
"""

from capx_graph.backup.making import BackupMade, BackupMaker
from capx_graph.backup.manifest import MANIFEST, BackupFile, Manifest, read_manifest
from capx_graph.backup.restoring import Restoration, check_whole, restore_files

__all__ = [
    "MANIFEST",
    "BackupFile",
    "BackupMade",
    "BackupMaker",
    "Manifest",
    "Restoration",
    "check_whole",
    "read_manifest",
    "restore_files",
]
