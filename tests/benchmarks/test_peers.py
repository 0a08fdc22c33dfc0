"""Test the peers' configuration files, and the reason kept for a failure."""

from __future__ import annotations

import ast
import configparser
import json
from typing import Any

import pytest

from benchmarks import clock, configs, peers
from tests.support.performance import RELEASE


def test_the_nox_of_the_peers_is_python_and_says_version_and_python() -> None:
    text = configs.naive_nox(RELEASE, "/place")["noxfile.py"]
    constants = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    assert {"tensorflow==2.4.4", "3.8", "virtualenv", configs.script("/place")} <= constants


def test_the_tox_of_the_peers_is_read_by_its_format() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(configs.tox(RELEASE, "/place")["tox.ini"])
    release = parser["testenv:release"]
    assert release["base_python"] == "python3.8"
    assert release["deps"] == "tensorflow==2.4.4"
    assert release["commands"] == f'python -c "{configs.script("/place")}"'


def test_the_asv_of_the_peers_is_json_and_its_benchmark_python() -> None:
    files = configs.asv(RELEASE, "/place")
    settings = json.loads(files["asv.conf.json"])
    assert settings["pythons"] == ["3.8"]
    assert settings["matrix"] == {"req": {"tensorflow": ["2.4.4"]}}
    spaces: dict[str, Any] = {}
    exec(files["benchmarks/imports.py"], spaces)  # noqa: S102 - the text under test
    assert spaces["timeraw_import"]() == configs.script("/place")


def test_what_a_peer_runs_leaves_a_mark_only_after_the_import() -> None:
    first, second = ast.parse(configs.script("/place")).body
    assert ast.unparse(first) == "import tensorflow"
    assert f"/place/{configs.MARK}" in ast.unparse(second)


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("Traceback\n\x1b[31mImportError: no x in /a/b/c.py\x1b[0m\n", "ImportError: no x in …"),
        ("ERROR: none for tensorflow==2.4.4\nfailed", "ERROR: none for tensorflow==…"),
        ("nox > RuntimeError: too old\nnox > failed", "RuntimeError: too old"),
        ("ValueError: x\nProcessError: … returned non-zero exit status 1", "ValueError: x"),
        ("only words", "only words"),
        ("", "exit code 3"),
    ],
)
def test_a_reason_is_the_last_error_without_place_and_version(output: str, expected: str) -> None:
    run = clock.Run(seconds=1, cpu=1, code=3, output=output)
    assert peers.reason(run, RELEASE) == expected


def test_reasons_are_counted_the_most_frequent_first() -> None:
    texts = ["b", "too old for 3.6", None, "too old for 3.7", "a"]
    found = [peers.Attempt(seconds=1, reason=text) for text in texts]
    assert peers.reasons(found)[0] == ("too old for 3.6", 2)
