"""The records of what a seed leads to: draws, their streams, and objects that are used twice."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Seeds(StrEnum):
    """Which generators a seed call seeds: TensorFlow's, its Keras's too, or every one."""

    TENSORFLOW = "tensorflow"
    KERAS = "keras"
    EVERY = "every"


class Stream(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What decided the numbers of a draw: the random operation, its seeds and its place.

    ``seeds`` is None if they are not known. In a graph, ``position`` is the number of operations
    before it, and ``place`` the number of random operations; both are None in eager mode.
    ``python`` and ``numpy`` are true if the draw moved Python's or NumPy's generator.
    """

    operation: str
    seeds: tuple[int, ...] | None
    position: int | None = None
    place: int | None = None
    python: bool
    numpy: bool


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """The first draw of a program at one shape: the SHA-256 of its bytes, and 16 of its weights.

    ``values`` are the weights at places 0 to 3 and at twelve places spread over all n of them:
    (k + 1) * (n - 1) // 12 for k = 0 to 11, in C order. ``stream`` is None if it is not known.
    """

    shape: tuple[int, ...]
    digest: str
    values: tuple[float, ...]
    stream: Stream | None


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """The draws, at two shapes, after a seed call that repeats them; ``call`` is its name."""

    call: str
    seeds: Seeds
    draws: tuple[Draw, ...]


class Repeat(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a second draw after the same seed call is equal; None if there is no such call."""

    tf: bool | None
    keras: bool | None


class Decides(StrEnum):
    """What decides the draw of ``initializer(seed=…)``: its own seed alone, both, or neither."""

    OWN = "own"
    BOTH = "both"
    NEITHER = "neither"


class OwnSeed(msgspec.Struct, frozen=True, kw_only=True):
    """What decides an initializer's first draw, and the draws; none if neither seed repeats it."""

    decides: Decides
    draws: tuple[Draw, ...]


# How much two draws are alike: "same" (byte for byte), their correlation, or None if they
# can't be made.
Likeness = float | str | None


class Unseeded(msgspec.Struct, frozen=True, kw_only=True):
    """How much the first draw of an initializer without a seed is like another draw.

    The other draw is of the same object again, of it at another shape, of another object, or of
    a copy of the object by ``from_config(get_config())``.
    """

    again: Likeness
    shape: Likeness
    object: Likeness
    copy: Likeness


class Seeded(msgspec.Struct, frozen=True, kw_only=True):
    """How much the first draw of an initializer with a seed is like another draw.

    The other draw is of the same object again, of it at another shape, of another object with
    that seed, of such an object at another shape, or of an object with another seed.
    """

    again: Likeness
    shape: Likeness
    object: Likeness
    object_shape: Likeness
    seed: Likeness


class Reuse(msgspec.Struct, frozen=True, kw_only=True):
    """Draws of one initializer object that is used twice, and of two objects.

    ``seeded`` is None if the initializer takes no seed. ``warns`` has the warnings about the reuse.
    """

    unseeded: Unseeded
    seeded: Seeded | None
    warns: tuple[str, ...] = ()
