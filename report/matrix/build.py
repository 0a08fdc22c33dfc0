"""Build the matrix from the table of releases and the observations."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from report.evidence import (
    Answer,
    Confirmations,
    Entry,
    Observation,
    Release,
    State,
    Status,
    Stored,
    Symbol,
    confirmed,
    platforms,
    reader,
    release_table,
)
from report.matrix import epochs, history
from report.matrix.records import Cell, Matrix, Row
from report.verdict import Agreement, Verdict, agreement_of, verdict_of


def build_matrix(
    root: Path,
    platform: str,
    measured: Collection[str] = (),
    accepted: reader.Accepted | None = None,
) -> Matrix:
    """Return the matrix of one platform.

    ``measured`` names the releases whose stored observation was made on this machine. Matrices
    built with one dictionary as ``accepted`` share the observations of equal files. Raise
    TableError if the table can't be read; problems with observations go to ``Matrix.problems``.
    """
    entries = release_table.read(root / "probes" / "releases.toml", platform)
    folder = root / "observations" / platform
    stored = reader.observations(folder, entries, accepted)
    found = matrix_of(root, folder, entries, stored)
    releases = (replace(each, recorded=each.version not in measured) for each in found.releases)
    return replace(found, releases=tuple(releases)) if measured else found


def matrix_of(root: Path, folder: Path, entries: tuple[Entry, ...], stored: Stored) -> Matrix:
    """Return the matrix of a folder's observations, which is named after its platform.

    ``root`` has the lock files. See ``build_matrix``.
    """
    confirmations = confirmed.read(folder, stored.files, {e.version: e for e in entries})
    releases = tuple(_release(entry, stored, confirmations, root) for entry in entries)
    rows = tuple(_rows(releases, stored))
    return Matrix(
        platform=folder.name,
        protocol=reader.PROTOCOL,
        releases=releases,
        rows=rows,
        changes=tuple(change for row in rows for change in history.changes(row)),
        problems=(*stored.problems.values(), *_outdated(releases, root)),
        confirmation_problem=confirmations.problem,
        networks={
            release.version: stored.observations[release.version].networks
            for release in releases
            if release.status is Status.OBSERVED
        },
        files=stored.files,
    )


def _release(entry: Entry, stored: Stored, confirmations: Confirmations, root: Path) -> Release:
    observed = stored.observations.get(entry.version)
    status, reason = _status(entry, stored, observed)
    return Release(
        version=entry.version,
        series=entry.series,
        distribution=entry.distribution,
        python=entry.python,
        cutoff=entry.cutoff,
        lock=observed.lock if observed else None,
        tags=entry.tags,
        status=status,
        reason=reason,
        packages=observed.packages if observed else {},
        stale=observed is not None and observed.older,
        old_lock=observed is not None and observed.lock != _lock(root, entry, observed),
        confirmed=confirmations.known.get(entry.version),
        port=entry.port,
    )


def _lock(root: Path, entry: Entry, observed: Observation) -> str | None:
    """Return the digest of a release's lock file, or None; the recorded one if locks are absent."""
    if not (root / "probes" / "locks").is_dir():
        return observed.lock
    path = root / platforms.lock_file(entry.version, entry.port)
    if not path.is_file():
        return None
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _outdated(releases: tuple[Release, ...], root: Path) -> Iterator[str]:
    """Yield a sentence for each observation with an older protocol, or without its lock."""
    for release in releases:
        if release.stale and release.reason and release.status is Status.NOT_OBSERVED:
            yield release.reason
        elif release.old_lock and release.status is not Status.UNAVAILABLE:
            why = f"older lock: not measured under {release.lock_file}; {_measuring(release)}"
            if not (root / release.lock_file).is_file():
                why = f"{release.lock_file} is missing; nox -s lock -- {release.version}"
            yield f"{release.version}.json: {why}"


def _measuring(one: Entry | Release) -> str:
    """Return the command that measures a release."""
    return platforms.measuring(one.version, one.port or platforms.COMMITTED)


def _status(
    entry: Entry, stored: Stored, observed: Observation | None
) -> tuple[Status, str | None]:
    if entry.unavailable:
        return Status.UNAVAILABLE, entry.unavailable
    if entry.version in stored.problems:
        return Status.NOT_OBSERVED, stored.problems[entry.version]
    if observed is None:
        return Status.NOT_OBSERVED, f"not run yet: {_measuring(entry)}"
    if observed.older:
        stale = f"stale: protocol {observed.protocol} is older than {reader.PROTOCOL}"
        return Status.NOT_OBSERVED, f"{entry.version}.json: {stale}; {_measuring(entry)}"
    if observed.failure:
        return Status.FAILED, observed.failure
    return Status.OBSERVED, None


def _rows(releases: tuple[Release, ...], stored: Stored) -> Iterator[Row]:
    found: dict[str, dict[str, Answer]] = {}
    for release in reversed(releases):  # symbols are in the order of the newest release
        if release.status is Status.OBSERVED:
            for answer in stored.observations[release.version].answers:
                found.setdefault(answer.symbol.name, {})[release.version] = answer
    judged: Judged = {}
    for answers in found.values():
        symbol = next(iter(answers.values())).symbol
        # the newest release's roles come first, then those that only others have
        for role in dict.fromkeys(role for each in answers.values() for role in each.symbol.roles):
            cells = [
                _cell(symbol, role, each, answers.get(each.version), judged) for each in releases
            ]
            yield history.row(symbol, role, epochs.labelled(cells))


# The verdict on evidence that several symbols may share, and its agreement, by the object's id.
Judged = dict[int, tuple[Verdict | None, Agreement]]


def _cell(
    symbol: Symbol, role: str, release: Release, answer: Answer | None, judged: Judged
) -> Cell:
    cell = partial(Cell, symbol=symbol.name, role=role, release=release.version)
    if release.status is not Status.OBSERVED:
        failed = release.status is Status.FAILED
        return cell(state=State.FAILED if failed else State.UNREACHED, reason=release.reason)
    if answer is None or role not in answer.symbol.roles:
        asked = "symbol" if answer is None else "role"
        return cell(state=State.UNREACHED, reason=f"this {asked} was not asked for")
    if answer.state is not State.OBSERVED:
        return cell(state=answer.state, reason=answer.reason)
    evidence = answer.evidence[role]
    if id(evidence) not in judged:
        verdict = verdict_of(evidence.measured)
        judged[id(evidence)] = verdict, agreement_of(verdict, evidence, release.version)
    verdict, agreement = judged[id(evidence)]
    return cell(state=State.OBSERVED, verdict=verdict, agreement=agreement, evidence=evidence)
