"""A process that answers strangers' queries on a snapshot, one at a time; started and killed by ``store.worker``.

It reads frames (4 bytes of length, JSON) from standard input and answers each with one on standard output; small
results follow their frame, large ones go into files. Only here may an untrusted query run: the engine has no timeout
and no cancellation, so what runs over its limits is ended from outside, by the kernel (memory) or by the pool
(deadline), and nothing else notices.
"""

from __future__ import annotations

import io
import json
import signal
import struct
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
)

from capx_graph.store.confinement import confine
from capx_graph.store.functions import FUNCTIONS

LENGTH = struct.Struct(">I")
INLINE = 128 << 10
"""Bytes of a result that travel through the pipe; making and removing a file costs half a millisecond."""

GRACE = 5.0
"""Seconds behind the deadline after which the process ends itself: the pool that would kill it may be gone."""


class TooLarge(Exception):
    """The result has more bytes than the cap."""


class Spool(io.BytesIO):
    """A result on its way: in memory while it is small, then in a file; refuses to grow beyond ``most`` bytes."""

    def __init__(self, path: str, most: int) -> None:
        super().__init__()
        self._path = path
        self._left = most
        self._file: IO[bytes] | None = None

    def write(self, data: Any, /) -> int:
        size = len(data)
        self._left -= size
        if self._left < 0:
            raise TooLarge
        if self._file is None and self.tell() + size > INLINE:
            self._file = open(self._path, "wb")  # noqa: SIM115 ``close`` closes it
            self._file.write(self.getbuffer())
        return super().write(data) if self._file is None else self._file.write(data)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()

    def result(self) -> dict[str, Any]:
        """The bytes, where they are few."""
        return {"filed": True} if self._file is not None else {"body": self.getvalue()}


def main(stdin: IO[bytes], stdout: IO[bytes]) -> None:
    """Answer frames until standard input ends; the first one confines the process."""
    options = read_frame(stdin)
    if options is None:
        return
    write_frame(stdout, {"ok": True, "confined": confine(int(options["memory"]))})
    store: Store | None = None
    opened = ""
    while (request := read_frame(stdin)) is not None:
        signal.setitimer(signal.ITIMER_REAL, float(request["seconds"]) + GRACE)
        try:
            if request["snapshot"] != opened:
                store = None  # closed before the next one opens: two at once would share the memory cap
                store, opened = Store.read_only(request["snapshot"]), request["snapshot"]
            assert store is not None, "the first request opens a snapshot"
            answer = _answer(store, request)
        except OSError as error:
            answer = {"ok": False, "reason": "failed", "text": str(error)}
        signal.setitimer(signal.ITIMER_REAL, 0)
        body = answer.pop("body", b"")
        write_frame(stdout, answer | {"bytes": len(body)}, body)


def read_frame(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next frame; None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    body = stream.read(LENGTH.unpack(head)[0])
    frame: dict[str, Any] = json.loads(body)
    return frame


def write_frame(stream: IO[bytes], frame: Mapping[str, Any], body: bytes = b"") -> None:
    """Send a frame at once, and bytes that it announces behind it."""
    data = json.dumps(frame).encode()
    stream.write(LENGTH.pack(len(data)) + data + body)
    stream.flush()


def _answer(store: Store, request: Mapping[str, Any]) -> dict[str, Any]:
    if request["task"] == "open":
        return {"ok": True}
    if request["task"] == "check":
        return {"ok": True} | _complaint(request["texts"], request["base"], request["prefixes"])
    try:
        with Spool(request["output"], int(request["most_bytes"])) as spool:
            _evaluate(store, request, spool)
            return {"ok": True} | spool.result()
    except TooLarge:
        return {"ok": False, "reason": "too-large"}
    except MemoryError:
        return {"ok": False, "reason": "memory"}
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        return {"ok": False, "reason": "failed", "text": str(error)}


def _complaint(texts: Sequence[str], base: str, prefixes: dict[str, str]) -> dict[str, Any]:
    """The first text that does not parse, and what is wrong with it; an empty store has nothing to evaluate."""
    nothing = Store()
    for number, text in enumerate(texts):
        try:
            nothing.query(text, base_iri=base, prefixes=prefixes)
        except SyntaxError as error:
            return {"number": number, "text": str(error)}
        except (ValueError, RuntimeError, OSError):
            continue
    return {}


def _evaluate(store: Store, request: Mapping[str, Any], spool: Spool) -> None:
    """Write the result."""
    default: list[NamedNode | BlankNode | DefaultGraph] = [NamedNode(graph) for graph in request["default_graphs"]]
    named: list[NamedNode | BlankNode] = [NamedNode(graph) for graph in request["named_graphs"]]
    answer = store.query(
        request["query"],
        base_iri=request["base"],
        prefixes=request["prefixes"],
        default_graph=default if default or named else None,
        custom_functions=dict(FUNCTIONS),
        named_graphs=named,  # the store's own named graph, with its cursor, is nobody's business
    )
    if isinstance(answer, QueryTriples):
        graph_format = RdfFormat.from_media_type(request["graph_type"])
        assert graph_format is not None, "the endpoint offers formats that the engine has"
        answer.serialize(spool, format=graph_format)
        return
    assert isinstance(answer, QuerySolutions | QueryBoolean)
    result_format = QueryResultsFormat.from_media_type(request["result_type"])
    assert result_format is not None, "the endpoint offers formats that the engine has"
    answer.serialize(spool, format=result_format)


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
