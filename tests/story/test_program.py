"""Test the programs that show numbers, by texts written by hand, and what they print."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from probes.kinds import numbers
from probes.release import trials
from report.evidence import Draw, Form, State
from report.matrix import Index
from report.story import program
from tests.support import drawn, whole

GRAPH = {"numbers": [drawn.numbers()]}
EAGER = {
    "numbers": [drawn.numbers(call="tf.keras.utils.set_random_seed", position=None, place=None)]
}
ABSENT, SET = State.ABSENT, "tf.set_random_seed"

FUNCTION = """\
import tensorflow as tf

with tf.Graph().as_default():
    tf.set_random_seed(20150206)
    inputs = tf.placeholder(tf.float32, [1, 240])
    tf.layers.dense(inputs, 480)
    kernel = tf.global_variables()[0]
    with tf.Session() as session:
        session.run(kernel.initializer)
        weights = session.run(kernel)
print(weights.ravel()[:4])"""
CLASS_IN_A_GRAPH = """\
import tensorflow as tf

with tf.Graph().as_default():
    tf.set_random_seed(20150206)
    inputs = tf.compat.v1.placeholder(tf.float32, [1, 240])
    layer = tf.compat.v1.layers.Dense(480)
    layer(inputs)
    kernel = layer.kernel
    with tf.compat.v1.Session() as session:
        session.run(kernel.initializer)
        weights = session.run(kernel)
print(weights.ravel()[:4])"""
CLASS = """\
import numpy as np
import tensorflow as tf

tf.keras.utils.set_random_seed(20150206)
inputs = np.zeros([1, 240], "float32")
layer = tf.keras.layers.Dense(480, kernel_initializer='uniform')
layer(inputs)
weights = layer.kernel.numpy()
print(weights.ravel()[:4])"""
VARIABLE = """\
import tensorflow as tf

with tf.Graph().as_default():
    tf.set_random_seed(20150206)
    kernel = tf.get_variable('kernel', (240, 480), initializer=tf.ones_initializer())
    with tf.Session() as session:
        session.run(kernel.initializer)
        weights = session.run(kernel)
print(weights.ravel()[:4])"""
INITIALIZER_IN_A_GRAPH = """\
import tensorflow as tf

with tf.Graph().as_default():
    tf.set_random_seed(20150206)
    weights = tf.initializers.random_normal(stddev=0.1)(shape=(240, 480))
    with tf.Session() as session:
        weights = session.run(weights)
print(weights.ravel()[:4])"""
INITIALIZER = """\
import tensorflow as tf
import keras

keras.utils.set_random_seed(20150206)
weights = tf.keras.initializers.HeNormal()(shape=(240, 480)).numpy()
print(weights.ravel()[:4])"""
EVERY = """\
import random
import numpy as np
import tensorflow as tf

random.seed(20150206)
np.random.seed(20150206)
tf.random.set_seed(20150206)
inputs = np.zeros([1, 240], "float32")
layer = tf.keras.layers.Dense(480)
layer(inputs)
weights = layer.kernel.numpy()
print(weights.ravel()[:4])"""


def source(path: str, form: Form, release: str, evidence: object, **arguments: str | float) -> str:
    """Return the source of a symbol's program in one release."""
    called = drawn.symbol(path, form, **arguments)
    cells = [evidence if one.version == release else ABSENT for one in drawn.RELEASES]
    row = drawn.row(called, *cells)  # type: ignore[arg-type]
    index = drawn.index(row)
    (numbers,) = index.cell(row, release).evidence.numbers
    found = program.program(index, row, release, numbers.call)
    assert found is not None
    return found.source


def eager(call: str) -> dict[str, object]:
    """Return evidence of a draw without a graph after a seed call."""
    return {"numbers": [drawn.numbers(call=call, position=None, place=None)]}


def test_a_function_of_1_x_is_called_in_a_graph() -> None:
    assert source("tf.layers.dense", Form.FUNCTION, "1.15.5", GRAPH) == FUNCTION


def test_a_class_of_compat_v1_has_its_session_and_placeholder() -> None:
    text = source("tf.compat.v1.layers.Dense", Form.CLASS, "1.15.5", GRAPH)
    assert text == CLASS_IN_A_GRAPH


def test_a_graph_of_2_x_has_the_session_of_compat_v1() -> None:
    text = source("tf.layers.Dense", Form.CLASS, "2.2.3", GRAPH)
    assert text == CLASS_IN_A_GRAPH.replace("tf.compat.v1.layers", "tf.layers")


def test_a_class_is_built_eagerly_on_an_array() -> None:
    text = source("tf.keras.layers.Dense", Form.CLASS, "2.2.3", EAGER, kernel_initializer="uniform")
    assert text == CLASS


def test_a_variable_is_given_what_a_public_path_makes() -> None:
    text = source(
        "tf.get_variable", Form.VARIABLE, "1.15.5", GRAPH, initializer="tf.ones_initializer"
    )
    assert text == VARIABLE


def test_an_initializer_is_called_alone() -> None:
    path = "tf.initializers.random_normal"
    text = source(path, Form.INITIALIZER, "1.15.5", GRAPH, stddev=0.1)
    assert text == INITIALIZER_IN_A_GRAPH
    path = "tf.keras.initializers.HeNormal"
    text = source(path, Form.INITIALIZER, "2.2.3", eager("keras.utils.set_random_seed"))
    assert text == INITIALIZER


def test_weights_that_numpy_drew_are_an_array() -> None:
    made = [drawn.numbers(operation="numpy.random", position=None, place=None)]
    path = "tf.contrib.keras.initializers.Orthogonal"
    text = source(path, Form.INITIALIZER, "1.15.5", {"numbers": made})
    assert text.endswith(f"weights = {path}()(shape=(240, 480))\nprint(weights.ravel()[:4])")


def test_a_call_for_every_generator_is_three_calls() -> None:
    call = "random.seed, numpy.random.seed, tf.random.set_seed"
    assert source("tf.keras.layers.Dense", Form.CLASS, "2.2.3", eager(call)) == EVERY


def test_a_convolution_takes_filters_and_the_size_of_its_kernel() -> None:
    after = drawn.numbers()
    after["draws"] = whole.draws("a", drawn.STREAM, ((5, 3, 9, 256), (3, 3, 100, 64)))
    text = source("tf.layers.conv2d", Form.FUNCTION, "1.15.5", {"numbers": [after]})
    assert "placeholder(tf.float32, [1, 5, 3, 9])" in text
    assert "tf.layers.conv2d(inputs, 256, (5, 3))" in text


@pytest.mark.parametrize("op", ["RandomUniform", None])
def test_without_a_stream_the_operation_tells_whether_there_is_a_graph(op: str | None) -> None:
    after = drawn.numbers()
    after["draws"] = [draw | {"stream": None} for draw in after["draws"]]
    resolved: dict[str, object] = {"class": "Zeros", "config": {}, "op": op}
    evidence = {"numbers": [after], "resolved": resolved}
    text = source("tf.keras.layers.Dense", Form.CLASS, "1.15.5", evidence)
    assert ("tf.Graph()" in text) is (op is not None)


def test_a_program_is_python_with_each_module_that_it_names() -> None:
    for text in (FUNCTION, CLASS_IN_A_GRAPH, CLASS, VARIABLE, INITIALIZER, EVERY):
        tree = ast.parse(text)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        imported = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert imported == names & {"random", "np", "tf", "keras", "tf_keras"}


def test_the_seed_is_that_of_the_probes() -> None:
    assert program.SEED == trials.SEED


def test_a_release_without_numbers_has_no_program() -> None:
    row = drawn.row(drawn.symbol("tf.layers.Dense"), GRAPH, {}, ABSENT, GRAPH)
    index = drawn.index(row)
    found = [program.program(index, row, release.version, SET) for release in drawn.RELEASES]
    assert [each is not None for each in found] == [True, False, False, True]
    assert program.program(index, row, drawn.FIRST, "keras.utils.set_random_seed") is None


def test_a_change_has_the_programs_of_the_call_that_both_releases_have() -> None:
    both = [drawn.numbers("a"), drawn.numbers("b", call="keras.utils.set_random_seed")]
    now = [drawn.numbers("c", 0.03, call="keras.utils.set_random_seed")]
    row = drawn.row(drawn.symbol("tf.layers.Dense"), {"numbers": both}, *[{"numbers": now}] * 3)
    (change,) = drawn.index(row).matrix.changes
    programs = program.of_change(drawn.index(row), change)
    assert [one.release for one in programs] == ["1.15.5", "2.0.4"]
    assert all("keras.utils.set_random_seed(" in one.source for one in programs)
    # 0.01 and 0.03, each downwards by 1/200
    assert programs[0].prints == "[ 0.01   0.005  0.    -0.005]"
    assert programs[1].prints == "[0.03  0.025 0.02  0.015]"


def test_numbers_that_are_not_comparable_have_no_program() -> None:
    now = [drawn.numbers("c", 0.03, call="keras.utils.set_random_seed")]
    row = drawn.row(drawn.symbol("tf.layers.Dense"), GRAPH, *[{"numbers": now}] * 3)
    (change,) = drawn.index(row).matrix.changes
    assert program.of_change(drawn.index(row), change) == ()


# As NumPy 1.12.1 printed each of them, which 0.12 to 1.1 came with; 1.2 to 1.4 came with 1.13.
@pytest.mark.parametrize(
    ("weights", "text"),
    [
        (
            (0.52938819, 0.89459157, 0.438278794, 0.36928582),
            "[ 0.52938819  0.89459157  0.43827879  0.36928582]",
        ),
        (
            (-0.693557799, 0.889406681, 0.940256417, -0.875052989),
            "[-0.6935578   0.88940668  0.94025642 -0.87505299]",
        ),
        ((0.5, 0.25, 0.0, 1.0), "[ 0.5   0.25  0.    1.  ]"),
        ((0.0, 0.0, 0.0, 0.0), "[ 0.  0.  0.  0.]"),
        ((12.5, -0.0625, 3.0, 1.0), "[ 12.5     -0.0625   3.       1.    ]"),
        (
            (0.00005, 0.5, -1.0, 2.0),
            "[  4.99999987e-05   5.00000000e-01  -1.00000000e+00   2.00000000e+00]",
        ),
    ],
)
def test_an_early_numpy_prints_more_digits_and_pads(weights: tuple[float, ...], text: str) -> None:
    draw = Draw(shape=(4,), digest="a", values=weights, stream=None)
    assert program.printed(draw, (1, 13)) == text
    assert program.printed(draw) == str(np.array(weights, np.float32))


@pytest.mark.parametrize(
    ("numpy", "text"),
    [
        ((1, 12), "[  0.00000000e+00   0.00000000e+00   0.00000000e+00   9.99999975e-05]"),
        ((1, 14), "[0.e+00 0.e+00 0.e+00 1.e-04]"),
        ((1, 26), "[0.e+00 0.e+00 0.e+00 1.e-04]"),
        ((2, 0), "[0.     0.     0.     0.0001]"),
    ],
)
def test_exponents_begin_where_they_do_in_each_numpy(numpy: tuple[int, int], text: str) -> None:
    draw = Draw(shape=(4,), digest="a", values=(0.0, 0.0, 0.0, 1e-4), stream=None)
    assert program.printed(draw, numpy) == text


@pytest.mark.parametrize(
    ("numpy", "text"),
    [
        ("1.13.3", "[ 0.02   0.015  0.01   0.005]"),
        ("1.14.0rc1", "[0.02  0.015 0.01  0.005]"),
        ("2.4.4", "[0.02  0.015 0.01  0.005]"),
        (None, "[0.02  0.015 0.01  0.005]"),
        ("unknown", "[0.02  0.015 0.01  0.005]"),
    ],
)
def test_a_program_prints_as_the_numpy_of_its_release_does(numpy: str | None, text: str) -> None:
    row = drawn.row(drawn.symbol("tf.layers.Dense"), *[{"numbers": [drawn.numbers("a", 0.02)]}] * 4)
    index = drawn.index(row)
    releases = [replace(each, packages={"numpy": numpy}) for each in index.matrix.releases]
    index = Index(matrix=replace(index.matrix, releases=tuple(releases)))
    found = program.program(index, row, drawn.FIRST, SET)
    assert found is not None
    assert found.prints == text


WEIGHTS = st.floats(-1e4, 1e4, width=32).filter(lambda value: value == 0 or abs(value) > 1e-9)


@given(st.lists(WEIGHTS, min_size=4, max_size=4))
def test_weights_are_printed_as_numpy_prints_them(weights: list[float]) -> None:
    kept = tuple(float(f"{value:.9g}") for value in weights)
    digest = numbers.digest(np.array(weights, np.float32))
    draw = Draw(shape=(4,), digest=digest, values=kept, stream=None)
    assert program.printed(draw) == str(np.array(weights, np.float32))
