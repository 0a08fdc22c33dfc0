"""What the noxfile does beside its sessions: flags, and what environments leave behind."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.checkout import copied, nox

if TYPE_CHECKING:
    from pathlib import Path

# Retires an environment whose files are large, small, and shared with the packages kept.
RETIRE = """
import noxfile
environment = noxfile.ROOT / ".nox" / "probe-1-2-1"
environment.mkdir(parents=True)
noxfile.SHARED.mkdir(exist_ok=True)
(noxfile.SHARED / "shared").write_bytes(bytes(noxfile.SMALL + 1))
(environment / "large").write_bytes(bytes(noxfile.SMALL + 1))
(environment / "small").write_bytes(bytes(noxfile.SMALL))
(environment / "shared").hardlink_to(noxfile.SHARED / "shared")
noxfile._retire(environment)
"""


def test_a_retired_environment_gives_back_its_space_and_goes_with_the_report(
    tmp_path: Path,
) -> None:
    copy = copied(tmp_path / "checkout")

    def run(code: str) -> dict[str, int]:
        subprocess.run([sys.executable, "-c", code], cwd=copy, check=True)
        files = (copy / ".nox").rglob("*")
        return {
            f"{path.parent.name.split('-')[0]}/{path.name}": path.stat().st_size
            for path in files
            if path.is_file()
        }

    kept = {"shared/shared": 16_385}
    retired = {"probe/small": 16_384, "probe/shared": 16_385}
    assert run(RETIRE) == kept | retired | {"probe/large": 16_385}
    drained = kept | retired | {"probe/large": 0}
    assert run("import noxfile; noxfile._drain()") == drained
    assert run("import noxfile; noxfile._drain()") == drained
    assert run("import noxfile; noxfile._bury()") == kept
    assert run(RETIRE) != kept
    assert run("import noxfile; noxfile._bury()") == kept  # of a run that was killed


def test_what_is_meant_for_the_probes_does_not_stop_the_report(tmp_path: Path) -> None:
    done = nox(copied(tmp_path / "checkout"), "-s", "report", "--", "--force", "--keep")
    assert done.returncode == 0, done.stdout
