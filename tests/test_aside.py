"""Work in a copy of the process: its result, its errors and its end are those of the process."""

from __future__ import annotations

import os
import signal
from typing import NoReturn

import pytest

from report.aside import aside
from report.errors import SiteError
from report.weight import WeightError


def test_the_result_comes_from_another_process() -> None:
    with aside(os.getpid) as result:
        assert result() != os.getpid()


@pytest.mark.parametrize(
    "error", [WeightError("too heavy"), OSError(28, "No space left"), KeyboardInterrupt()]
)
def test_an_error_is_raised_by_who_waits_and_says_where_it_was(error: BaseException) -> None:
    def fail() -> NoReturn:
        raise error

    with aside(fail) as result, pytest.raises(type(error)) as caught:
        result()
    assert caught.value.args == error.args
    assert "in fail\n    raise error" in caught.value.__notes__[0]


def test_an_error_that_can_not_be_sent_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> NoReturn:
        raise type("Local", (Exception,), {})("odd")

    with aside(fail) as result, pytest.raises(SiteError, match="ended early"):
        result()
    assert "Local: odd" in capfd.readouterr().err


def test_a_copy_that_is_killed_is_told() -> None:
    with (
        aside(lambda: os.kill(os.getpid(), signal.SIGKILL)) as result,
        pytest.raises(SiteError, match="ended early"),
    ):
        result()


def test_a_copy_ends_with_the_context_though_its_work_does_not() -> None:
    with pytest.raises(RuntimeError, match="here"), aside(signal.pause):
        raise RuntimeError("here")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
