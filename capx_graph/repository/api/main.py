"""The door of the API: finds the module, checks token, assertions and method, writes the answer.

Only the repository's wsgi.py imports it. Every error is an answer with status 200 and the header
``MediaWiki-API-Error``; nothing that a client sends may end in a status of the 500s, which some libraries would
retry for hours.
"""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from capx_graph import languages
from capx_graph.errors import Forbidden, Unavailable
from capx_graph.instants import stamp, utc_now
from capx_graph.repository.api.call import Call, Json, Modules, Reply, Wiki, denied_to_others
from capx_graph.repository.api.errors import ApiError, ErrorFormat, Warnings
from capx_graph.repository.api.mainparams import MAIN
from capx_graph.repository.api.parameters import Param, ParameterReader, Values
from capx_graph.repository.identity import Identity
from capx_graph.repository.refusals import Message, Refused
from capx_graph.spelling import capital

Log = Callable[[str], None]
_NAME = re.compile(r"[^#<>\[\]|{}/@:=\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """A request to the API, whatever it came through. ``posted`` names the parameters of its body."""

    params: Mapping[str, str]
    posted: frozenset[str]
    method: str
    identity: Identity
    client: str = ""


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What goes back: the body, headers, and what is to happen to the session."""

    body: bytes
    headers: Mapping[str, str]
    reply: Reply


class Api:
    """Serves requests to a set of modules."""

    def __init__(self, wiki: Wiki, modules: Modules, log: Log) -> None:
        self._wiki = wiki
        self._modules = modules
        self._log = log

    def serve(self, request: ApiRequest) -> ApiAnswer:
        """Answers a request; never raises."""
        return _Service(self._wiki, self._modules, self._log, request).answer()

    def refuse(self, request: ApiRequest, error: ApiError) -> ApiAnswer:
        """Answers a request that did not get as far as a module."""
        return _Service(self._wiki, self._modules, self._log, request).answer(error)


class _Service:
    """One request on its way."""

    def __init__(self, wiki: Wiki, modules: Modules, log: Log, request: ApiRequest) -> None:
        self._wiki = wiki
        self._modules = modules
        self._log = log
        self._request = request
        self._warnings = Warnings()
        self._reader = ParameterReader(
            request.params, self._warnings, high_limits=request.identity.may("apihighlimits")
        )
        self._reply = Reply()
        self._version = 2 if request.params.get("formatversion") in ("2", "latest") else 1
        address = f"{wiki.repository.base}/w/api.php"
        self._errors = ErrorFormat(request.params.get("errorformat", "bc"), version=self._version, address=address)

    def answer(self, refusal: ApiError | None = None) -> ApiAnswer:
        """The answer, whatever happens."""
        headers: dict[str, str] = {}
        try:
            result = self._run() if refusal is None else self._failed(refusal, headers)
        except (ApiError, Refused) as error:
            result = self._failed(error, headers)
        except Forbidden as error:
            result = self._failed(denied_to_others(error), headers)
        except Unavailable as error:
            headers["Retry-After"] = "5"
            result = self._failed(ApiError("readonly", str(error)), headers)
        except Exception as error:  # the last stop before the transport: a client never gets a traceback
            self._log("".join(traceback.format_exception(error)))
            result = self._failed(ApiError("internal_api_error", "The server made a mistake; it was noted."), headers)
        headers |= self._reply.headers
        body = json.dumps(self._errors.warnings(self._warnings) | result, separators=(",", ":"))
        return ApiAnswer(body.encode(), headers, self._reply)

    def _failed(self, error: ApiError | Refused, headers: dict[str, str]) -> Json:
        codes = [error.code, *(error.codes if isinstance(error, Refused) else ())]
        headers["MediaWiki-API-Error"] = ", ".join(codes)
        return self._errors.error(error)

    def _run(self) -> Json:
        main = self._reader.values("main", MAIN)
        action = main.text("action")
        module = self._modules.get(action)
        if module is None:
            raise ApiError("badvalue", f'Unrecognized value for parameter "action": {action}.', module="main")
        self._check_assertions(main.optional("assert"), main.optional("assertuser"))
        values = self._reader.values(action, module.params, prefix=module.prefix)
        if module.edits:
            self._check_token(action)
        if module.posted and self._request.method != "POST":
            raise ApiError("mustbeposted", f"The {action} module requires a POST request.", module="main")
        language = main.text("uselang")
        language = language if languages.is_known(language) else "en"
        call = Call(
            wiki=self._wiki,
            identity=self._request.identity,
            module=action,
            values=values,
            reader=self._reader,
            warnings=self._warnings,
            errors=self._errors,
            reply=self._reply,
            language=language,
            version=self._version,
            posted=self._request.posted,
            client=self._request.client,
        )
        result = self._requested(main.optional("requestid"), with_time=main.on("curtimestamp"))
        result |= self._languages(main, language) | module.run(call)
        self._report_unused()
        return result | ({"limits": self._reader.limits} if self._reader.limits else {})

    def _requested(self, request_id: str | None, *, with_time: bool) -> Json:
        extra: Json = {} if request_id is None else {"requestid": request_id}
        if with_time:
            extra["curtimestamp"] = stamp(utc_now())
        return extra

    def _languages(self, main: Values, language: str) -> Json:
        """Which languages the answer and its errors are in, when the client asks for that."""
        if not main.on("responselanginfo"):
            return {}
        errors = main.text("errorlang")
        return {"uselang": language, "errorlang": errors if languages.is_known(errors) else "en"}

    def _check_assertions(self, asserted: str | None, name: str | None) -> None:
        identity = self._request.identity
        if asserted == "anon" and identity.account is not None:
            raise ApiError("assertanonfailed", "You are logged in.", module="main")
        if asserted == "user" and identity.account is None:
            raise ApiError("assertuserfailed", "You are not logged in.", module="main")
        if asserted == "bot" and not identity.may("bot"):
            raise ApiError("assertbotfailed", "You do not have the right bot.", module="main")
        if name is not None and not _NAME.fullmatch(name):
            raise ApiError("baduser", f'Invalid value "{name}" for user parameter "assertuser".', module="main")
        if name is not None and (identity.account is None or identity.account.name != _canonical(name)):
            raise ApiError("assertnameduserfailed", f'You are not "{name}".', module="main")

    def _check_token(self, action: str) -> None:
        given = self._reader.values(action, (Param("token", required=True),)).text("token")
        if "token" not in self._request.posted:
            text = "The parameter token was found in the query string, but must be in the POST body."
            raise ApiError("mustpostparams", text, module=action)
        if not self._wiki.tokens.matches(given, "csrf", self._request.identity):
            raise ApiError("badtoken", "Invalid CSRF token.", module=action, message=Message("apierror-badtoken"))

    def _report_unused(self) -> None:
        unused = self._reader.unused()
        if unused:
            noun = "parameter" if len(unused) == 1 else "parameters"
            self._warnings.add("main", "unrecognizedparams", f"Unrecognized {noun}: {', '.join(unused)}.")


def _canonical(name: str) -> str:
    name = name.strip().replace("_", " ")
    return capital(name)
