"""What a process that runs strangers' queries gives up for good: the network, memory beyond a limit, core dumps.

Used by ``store.workermain`` alone, before it opens anything. The guard finds every SERVICE by reading; this is for
the one it might miss: the kernel refuses new sockets (a seccomp filter, which needs no privilege and lasts until the
process ends). Where the kernel has no such filter, ``confine`` says so and the guard stands alone.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import sys

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_REFUSE = 0x00050000 | 1  # SECCOMP_RET_ERRNO with EPERM
_ALLOW = 0x7FFF0000
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in the kernel's struct seccomp_data

_SOCKET = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Machine to its audit architecture and the number of its system call ``socket``."""
_IO_URING_SETUP = 425
_FOREIGN_CALLS = 0x40000000
"""From here on the numbers of another calling convention of the same machine (x32), refused as a whole."""


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(_Instruction)))


def confine(memory: int) -> bool:
    """Give all that up; whether the network is closed too. ``memory`` is in bytes."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return _close_network()


def _close_network() -> bool:
    found = _SOCKET.get(platform.machine())
    if found is None or not sys.platform.startswith("linux"):
        return False
    architecture, socket = found
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 2, 0, _FOREIGN_CALLS),
        (_EQUAL, 1, 0, socket),
        (_EQUAL, 0, 1, _IO_URING_SETUP),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    instructions = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    program = _Program(len(steps), instructions)
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(kernel.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
