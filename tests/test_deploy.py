"""What deploy/ and Procfile name is there, and the service answers below a path."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest
from flask import Flask, request
from hatchling.builders.wheel import WheelBuilder

from capx_graph import settings as setting_list
from capx_graph.errors import InvalidSetting
from capx_graph.serve import bound
from capx_graph.settings import SETTINGS
from tests import CHECKOUT
from tests.houses.engines import free_port
from tests.houses.loopback import running

FILES = [CHECKOUT / "Procfile", *sorted((CHECKOUT / "deploy").iterdir())]
VARIABLES = {setting.variable for setting in SETTINGS} | {"CAPX_PUBLIC_HOST"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_is_one(path: Path) -> None:
    assert set(re.findall(r"\bCAPX_[A-Z0-9_]*[A-Z0-9]", path.read_text(encoding="utf-8"))) <= VARIABLES


def test_the_image_gets_everything_that_the_program_reads() -> None:
    lines = (CHECKOUT / "deploy" / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]
    assert {"capx_graph", "webapp", "ontology", "shapes", "queries", "requirements.txt"} <= set(copied)
    assert all((CHECKOUT / name).exists() for name in copied)
    kept = (CHECKOUT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in kept if line.startswith("!")} == set(copied)


def test_how_foreign_scripts_are_packed_goes_neither_into_the_wheel_nor_into_the_image() -> None:
    recipes = "webapp/static/vendor/build"
    assert (CHECKOUT / recipes).is_dir()
    taken = {file.distribution_path for file in WheelBuilder(str(CHECKOUT)).recurse_included_files()}
    assert "webapp/static/vendor/d3/d3.js" in taken
    assert not [path for path in taken if path.startswith(recipes)]
    kept = (CHECKOUT / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert kept.index("!webapp") < kept.index(recipes)


def test_systemd_reads_its_unit(tmp_path: Path) -> None:
    """It warns of what it does not know and goes on: a silent verifier is a unit that means what it says."""
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("needs systemd-analyze")
    unit = (CHECKOUT / "deploy" / "capx-graph.service").read_text(encoding="utf-8")
    here = tmp_path / "capx-graph.service"
    here.write_text(unit.replace("/opt/capx-graph/.venv/bin/capx", "/bin/true"), encoding="utf-8")
    done = subprocess.run([program, "verify", "--man=no", here], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_nginx_reads_its_file(tmp_path: Path) -> None:
    program = shutil.which("nginx")
    if program is None:
        pytest.skip("needs nginx")
    site = (
        (CHECKOUT / "deploy" / "nginx.conf").read_text(encoding="utf-8").replace("listen 80;", f"listen {free_port()};")
    )
    paths = "".join(
        f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {paths} {site} }}"
    (tmp_path / "nginx.conf").write_text(text, encoding="utf-8")
    done = subprocess.run([program, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert "syntax is ok" in done.stderr, done.stderr


def test_the_prefix_is_cut_off_and_kept_in_mind() -> None:
    app = Flask("told")
    app.add_url_rule("/<path:rest>", view_func=lambda rest: f"{request.script_root} {rest}", endpoint="told")
    server = bound(app, host="127.0.0.1", port=0, threads=1, prefix="/on/capx")
    with running(server) as address, urlopen(f"{address}/on/capx/search/x", timeout=10) as answer:
        assert answer.read() == b"/on/capx search/x"


@pytest.mark.parametrize("prefix", ["capx", "/a//b", "/a b", "/ä", "/a?b", "/a/../b\n"])
def test_a_prefix_is_a_path(prefix: str) -> None:
    with pytest.raises(InvalidSetting, match="CAPX_PREFIX"):
        setting_list.load({"CAPX_PREFIX": prefix})
    assert setting_list.load({"CAPX_PREFIX": "/capx/"}).prefix == "/capx"
