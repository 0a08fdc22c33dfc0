"""The network of the question about NaN: what each initializer does to signal and loss.

28x28x1 input; conv 5x5 32 relu, pool 2; conv 5x5 64 relu, pool 2; dense 1024 relu;
logits 10. Biases are zero. The batch is fixed and standardised, and independent of
TensorFlow. Two losses are compared: TensorFlow's stable softmax cross entropy, and
``-sum(y * log(softmax(z)))`` written by hand.
"""

import numpy as np

from probes.kinds import numbers
from probes.release.call import ReleaseError
from probes.release.lookup import Absent, Lookup
from probes.release.trials import SEED
from probes.run.record import rounded

BATCH = 4
CLASSES = 10
# (name, weight shape): a convolution is followed by relu and a pool of 2, the first
# dense layer by relu, the last gives the logits.
NETWORK = (
    ("conv1", (5, 5, 1, 32)),
    ("conv2", (5, 5, 32, 64)),
    ("dense", (7 * 7 * 64, 1024)),
    ("logits", (1024, CLASSES)),
)
LEARNING_RATES = (0.01, 0.1)
STEPS = 4
# Three digits: what is behind them is the processor's summation order.
DIGITS = 3
# The initializers of the question are also trained with; the others only feed forward.
TRAINED = ("default", "truncated_normal(stddev=0.1)", "glorot_normal", "he_normal")
# Each initializer under the paths where releases have it, the plain one first. The
# default is that of a variable, which is what None stands for in tf.layers.
INITIALIZERS = (
    ("default", (), {}),
    (
        "truncated_normal(stddev=0.1)",
        ("tf.truncated_normal_initializer", "tf.compat.v1.truncated_normal_initializer"),
        {"stddev": 0.1},
    ),
    (
        "glorot_uniform",
        (
            "tf.glorot_uniform_initializer",
            "tf.compat.v1.glorot_uniform_initializer",
            "tf.contrib.layers.xavier_initializer",
        ),
        {},
    ),
    (
        "glorot_normal",
        ("tf.glorot_normal_initializer", "tf.compat.v1.glorot_normal_initializer"),
        {},
    ),
    (
        "he_normal",
        ("tf.keras.initializers.he_normal", "tf.contrib.layers.variance_scaling_initializer"),
        {},
    ),
    (
        "xavier_initializer(uniform=False)",
        ("tf.contrib.layers.xavier_initializer",),
        {"uniform": False},
    ),
)


def observe(world):
    """Return one record for each initializer that the release has."""
    lookup = Lookup()
    network = Network(world)
    with network.session() as session:
        return [
            rounded(
                dict(
                    _record(network, session, _draw(world, draw), name in TRAINED),
                    initializer=name,
                    symbol=symbol,
                ),
                DIGITS,
            )
            for name, paths, arguments in INITIALIZERS
            for symbol, draw in _available(world, lookup, name, paths, arguments)
        ]


def _available(world, lookup, name, paths, arguments):
    """Yield the first path that the release has, with its initializer; at most one.

    Keras from 2.10 on takes the seed of an unseeded initializer from a generator of its
    own when it is made.
    """
    _, seed = numbers.keras_seed_call("tf") or ("", numbers.every_seed(world.seed_call()[1]))
    seed(SEED)
    if name == "default":
        yield None, None
        return
    for path in paths:
        try:
            target, _ = lookup.find(path)
        except Absent:
            continue
        yield path, target(**arguments)
        return


def _record(network, session, weights, trained):
    network.load(session, weights)
    inputs, outputs, losses = session.run([network.inputs, network.outputs, network.losses])
    logits = outputs[-1]
    layers = [
        {
            "name": layer,
            "shape": list(shape),
            "weights_std": float(weight.std()),
            "input_rms": float(np.sqrt(np.square(given).mean())),
            "output_std": float(output.std()),
        }
        for (layer, shape), weight, given, output in zip(NETWORK, weights, inputs, outputs)
    ]
    spread = float((logits.max(axis=1) - logits.min(axis=1)).mean())
    if not np.isfinite([spread] + [layer["weights_std"] for layer in layers]).all():
        raise ReleaseError("the weights, or what they make of the signal, are not finite numbers")
    return {
        "layers": layers,
        "logits_spread": spread,
        "loss": {loss: _number(value) for loss, value in losses.items()},
        "steps": _steps(network, session, weights) if trained else [],
    }


def _steps(network, session, weights):
    """Return, by learning rate, after how many steps either loss is not finite."""
    return [
        dict(
            {loss: network.diverges(session, weights, loss, rate) for loss in network.losses},
            learning_rate=rate,
        )
        for rate in LEARNING_RATES
    ]


def _draw(world, initializer):
    """Return the weights of all layers as the release draws them for a fixed seed."""
    v1 = world.v1
    with world.trial("graph", v1.set_random_seed) as trial:
        weights = {
            name: v1.get_variable(name, shape, initializer=initializer) for name, shape in NETWORK
        }
        (drawn,) = trial.values([weights])
    return [drawn[name] for name, _ in NETWORK]


class Network:
    """One graph of the network, whose weights are loaded; descent is TensorFlow's own."""

    def __init__(self, world):
        self.world, self.tf, self.v1 = world, world.tf, world.v1
        self.graph = world.tf.Graph()
        with self.graph.as_default():
            images, labels = _batch()
            self.label = self.v1.constant(labels, "float32")
            self.given = [self.v1.placeholder("float32", shape) for _, shape in NETWORK]
            self.weights = [self.v1.Variable(world.zeros(shape)) for _, shape in NETWORK]
            self._load = [self.v1.assign(w, given) for w, given in zip(self.weights, self.given)]
            self.rate = self.v1.placeholder("float32", [])
            self.inputs, self.outputs = [], []
            signal = self.v1.constant(images, "float32")
            for weight in self.weights:
                signal = self._layer(weight, signal)
            self.losses = self._losses(self.outputs[-1])
            self.chosen = self.v1.placeholder("int32", [])
            self._step = self._descent(self.outputs[-1])

    def _descent(self, logits):
        """Return a step by the gradient of the chosen loss; behind the logits there is one way."""
        found = [self.v1.gradients(loss, logits)[0] for loss in self.losses.values()]
        descent = self.v1.train.GradientDescentOptimizer(self.rate)
        gradients = descent.compute_gradients(
            logits, grad_loss=self.v1.stack(found)[self.chosen], gate_gradients=descent.GATE_GRAPH
        )
        return descent.apply_gradients(gradients)

    def _layer(self, weight, signal):
        """Return the signal after one layer; note what went in, and what its weights made."""
        shape = weight.get_shape().as_list()
        convolution = len(shape) > len(("rows", "columns"))
        if convolution:
            output = self.v1.nn.conv2d(signal, weight, strides=[1, 1, 1, 1], padding="SAME")
        else:
            signal = self.v1.reshape(signal, [BATCH, shape[0]])
            output = self.v1.matmul(signal, weight)
        self.inputs.append(signal)
        self.outputs.append(output)
        active = self.v1.nn.relu(output)
        if not convolution:
            return active
        pool = [1, 2, 2, 1]
        return self.v1.nn.max_pool(active, ksize=pool, strides=pool, padding="SAME")

    def _losses(self, logits):
        stable = self.v1.nn.softmax_cross_entropy_with_logits(labels=self.label, logits=logits)
        by_hand = -self.v1.reduce_sum(self.label * self.v1.log(self.v1.nn.softmax(logits)), 1)
        return {
            "stable": self.v1.reduce_mean(stable),
            "by_hand": self.v1.reduce_mean(by_hand),
        }

    def session(self):
        """Return a session on one thread.

        On several, as users have it, sums have another order on each machine and each run;
        figures of training with 0.1 would move in their third digit.
        """
        config = self.v1.ConfigProto()
        config.intra_op_parallelism_threads = config.inter_op_parallelism_threads = 1
        return self.v1.Session(graph=self.graph, config=config)

    def load(self, session, weights):
        """Give every layer its weights."""
        session.run([load.op for load in self._load], dict(zip(self.given, weights)))

    def diverges(self, session, weights, loss, rate):
        """Return after how many steps of gradient descent the loss is not finite, or None."""
        self.load(session, weights)
        given = {self.rate: rate, self.chosen: list(self.losses).index(loss)}
        for step in range(STEPS):
            value, _ = session.run([self.losses[loss], self._step], given)
            if not np.isfinite(value):
                return step
        return None if np.isfinite(session.run(self.losses[loss])) else STEPS


def _batch():
    """Return images of mean 0 and standard deviation 1, and one-hot labels."""
    draw = np.random.RandomState(SEED % 2**32)
    images = draw.standard_normal((BATCH, 28, 28, 1))
    images = (images - images.mean()) / images.std()
    return images, np.eye(CLASSES)[draw.randint(CLASSES, size=BATCH)]


def _number(value):
    """Return a float, or its name where JSON has no number for it."""
    value = float(value)
    return value if np.isfinite(value) else str(value)
