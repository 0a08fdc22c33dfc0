"""Test how typed names are matched: by path, end, start or part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.matrix import lookup

XAVIER = "tf.contrib.layers.xavier_initializer"
BOTH = (f"{XAVIER}(uniform=True)", f"{XAVIER}(uniform=False)")
CUT = "tf.truncated_normal_initializer"
KNOWN = (
    *("tf.layers.conv2d", "tf.layers.dense", "tf.layers.Conv2D", "tf.layers.Dense"),
    *("tf.keras.layers.Conv2D", "tf.keras.layers.Dense", "tf.get_variable", "keras.layers.Dense"),
    *(CUT, f"{CUT}(stddev=0.1)", "tf.glorot_uniform_initializer", "tf.initializers.glorot_uniform"),
    *("tf.keras.initializers.GlorotUniform", *BOTH),
    "tf.get_variable(initializer=tf.uniform_unit_scaling_initializer())",
)
SPELLINGS = (
    "tf.keras.initializers.GlorotUniform",
    "tf.glorot_uniform_initializer",
    "tf.initializers.glorot_uniform",
)
# the typed name, the names found, and whether their path is the typed one
FOUND = (
    ("tf.keras.layers.Dense", ("tf.keras.layers.Dense",), True),
    ("tf.keras.layers.Dense()", ("tf.keras.layers.Dense",), True),
    ("tf.keras.layers.Dense(10, activation='relu')", ("tf.keras.layers.Dense",), True),
    ("  `tf.keras.layers.Dense`, ", ("tf.keras.layers.Dense",), True),
    ("tensorflow.keras.layers.Dense", ("tf.keras.layers.Dense",), True),
    (XAVIER, BOTH, True),
    (f"{XAVIER}()", BOTH, True),
    (BOTH[1], BOTH[1:], True),
    (CUT, (CUT,), True),
    (f"{CUT}(stddev=0.1)", (f"{CUT}(stddev=0.1)",), True),
    (f"{CUT}(stddev=0.7)", (CUT,), True),
    ("TF.Keras.Layers.DENSE", ("tf.keras.layers.Dense",), True),
    (
        "layers.Dense",
        ("tf.layers.Dense", "tf.keras.layers.Dense", "keras.layers.Dense", "tf.layers.dense"),
        False,
    ),
    ("get_variable", ("tf.get_variable", KNOWN[-1]), False),
    ("tf.contrib", BOTH, False),
    ("tf.contrib.layers.xav", BOTH, False),
    (f"{XAVIER}_conv2d", BOTH, False),
    ("tf.get_variable.initializer", ("tf.get_variable", KNOWN[-1]), False),
    ("xavier", BOTH, False),
    ("Xavier", BOTH, False),
    ("tf.initializers.GlorotUniform", SPELLINGS, False),
    ("keras.initializers.glorot_uniform_initializer", (SPELLINGS[1], *SPELLINGS), False),
)
MISSED = (
    ("tf.layers.conv3d", "tf.layers.conv2d"),
    ("tf.keras.layers.Dnese", "tf.keras.layers.Dense"),
    ("tf.get_varaible", "tf.get_variable"),
    ("tf.layres.dense", "tf.layers.dense"),  # not every path that ends in dense
    ("tf.kears.layers.Dense()", "tf.keras.layers.Dense"),
    ("tf.initializer.glorot_uniform", "tf.initializers.glorot_uniform"),
    ("Glorot_Unifrom", "tf.glorot_uniform_initializer"),
)


@pytest.mark.parametrize(("typed", "names", "exact"), FOUND)
def test_what_is_typed_is_found(typed: str, names: tuple[str, ...], exact: bool) -> None:  # noqa: FBT001
    found = lookup.find(typed, KNOWN)
    assert found.names[0] == names[0]
    assert set(found.names) == set(names)
    assert found.exact is exact
    assert found.why


@pytest.mark.parametrize(("typed", "nearest"), MISSED)
def test_what_is_misspelt_is_suggested(typed: str, nearest: str) -> None:
    found = lookup.find(typed, KNOWN)
    assert found.names == ()
    assert nearest in found.nearest


@pytest.mark.parametrize("typed", ["", "()", " . ", "zzzzqq"])
def test_what_is_like_nothing_suggests_nothing(typed: str) -> None:
    assert lookup.find(typed, KNOWN) == lookup.Found()


@given(name=st.sampled_from(KNOWN), brackets=st.sampled_from(("", "()", "(a=1)", "(")))
def test_every_name_finds_itself_and_every_path_its_own(name: str, brackets: str) -> None:
    assert lookup.find(name, KNOWN).names == (name,)
    path = name.partition("(")[0]
    found = lookup.find(path + brackets, KNOWN)
    assert found.exact
    assert {each.partition("(")[0] for each in found.names} == {path}


@given(typed=st.text())
def test_whatever_is_typed_something_known_is_answered(typed: str) -> None:
    found = lookup.find(typed, KNOWN)
    assert {*found.names, *found.nearest} <= set(KNOWN)
