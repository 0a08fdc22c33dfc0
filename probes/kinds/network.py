"""The tutorial network of the NaN question: how each initializer affects signal and loss.

28x28x1 input; conv 5x5 32 relu, pool 2; conv 5x5 64 relu, pool 2; dense 1024 relu; logits 10.
Biases are zero. NumPy draws the batch, which is standardised. Two losses are compared:
TensorFlow's stable softmax cross entropy, and ``-sum(y * log(softmax(z)))`` written by hand.
"""

from contextlib import suppress

import numpy as np

from probes.release import seeds
from probes.release.call import ReleaseCall, ReleaseError
from probes.release.lookup import Absent, Lookup
from probes.release.trials import SEED
from probes.run.record import as_json, rounded

BATCH = 4
CLASSES = 10
# (name, weight shape): a convolution is followed by relu and a pool of 2, the first
# dense layer by relu, the last one gives the logits.
LAYERS = (
    ("conv1", (5, 5, 1, 32)),
    ("conv2", (5, 5, 32, 64)),
    ("dense", (7 * 7 * 64, 1024)),
    ("logits", (1024, CLASSES)),
)
LEARNING_RATES = (0.01, 0.1)
STEPS = 4
DIGITS = 3  # further digits depend on the processor's order of summation
# The initializers with which the network is also trained.
TRAINED = ("default", "truncated_normal(stddev=0.1)", "glorot_normal", "he_normal")
# Name, paths in order of preference, and arguments. "default" is the default of a variable, which
# tf.layers uses for None.
_V1 = ("tf.%s_initializer", "tf.compat.v1.%s_initializer")
_XAVIER = "tf.contrib.layers.xavier_initializer"
_HE = ("tf.keras.initializers.he_normal", "tf.contrib.layers.variance_scaling_initializer")
INITIALIZERS = (
    ("default", (), {}),
    (TRAINED[1], [path % "truncated_normal" for path in _V1], {"stddev": 0.1}),
    ("glorot_uniform", [*(path % "glorot_uniform" for path in _V1), _XAVIER], {}),
    ("glorot_normal", [path % "glorot_normal" for path in _V1], {}),
    ("he_normal", _HE, {}),
    ("xavier_initializer(uniform=False)", [_XAVIER], {"uniform": False}),
)


def observe(release):
    """Return {state, reason, networks}, with a record per initializer that the release has."""
    try:
        with ReleaseCall():
            return {"state": "observed", "reason": None, "networks": _networks(release)}
    except ReleaseError as error:
        return {"state": "failed", "reason": str(error), "networks": []}


def _networks(release):
    lookup, network, found = Lookup(), Network(release), []
    # Since 2.10 an unseeded Keras initializer takes its seed from Keras's own generator when it is
    # created.
    call = seeds.keras_call("tf") or seeds.every_call(release)
    with network.session:
        for name, paths, arguments in INITIALIZERS:
            call.function(SEED)
            symbol, target = _first(lookup, paths)
            if target or name == "default":
                weights = _draw(release, target and target(**arguments))
                record = _record(network, weights, name in TRAINED)
                found.append(rounded(dict(record, initializer=name, symbol=symbol), DIGITS))
    return found


def _first(lookup, paths):
    """Return the first path that the release has, and its object; (None, None) if it has none."""
    for path in paths:
        with suppress(Absent):
            return path, lookup.find(path)[0]
    return None, None


def _draw(release, initializer):
    """Return the weights of all layers, drawn after a fixed seed."""
    v1 = release.v1
    with release.trial("graph", v1.set_random_seed) as trial:
        weights = {
            name: v1.get_variable(name, shape, initializer=initializer) for name, shape in LAYERS
        }
        (drawn,) = trial.values([weights])
    return [drawn[name] for name, _ in LAYERS]


def _record(network, weights, trained):
    network.load(weights)
    inputs, outputs, losses = network.session.run([network.inputs, network.outputs, network.losses])
    logits = outputs[-1]
    layers = [
        {
            "name": layer,
            "shape": list(shape),
            "weights_std": float(weight.std()),
            "input_rms": float(np.sqrt(np.square(given).mean())),
            "output_std": float(output.std()),
        }
        for (layer, shape), weight, given, output in zip(LAYERS, weights, inputs, outputs)
    ]
    spread = float((logits.max(axis=1) - logits.min(axis=1)).mean())
    if not np.isfinite([spread] + [layer["weights_std"] for layer in layers]).all():
        raise ReleaseError("the weights, or what they make of the signal, are not finite numbers")
    return {
        "layers": layers,
        "logits_spread": spread,
        "loss": {loss: as_json(float(value)) for loss, value in losses.items()},
        "steps": _steps(network, weights) if trained else [],
    }


def _steps(network, weights):
    """Return, for each learning rate, the number of steps until each loss is not finite."""
    return [
        dict(
            {loss: network.diverges(weights, loss, rate) for loss in network.losses},
            learning_rate=rate,
        )
        for rate in LEARNING_RATES
    ]


class Network:
    """The network as a graph, into which weights can be loaded."""

    def __init__(self, release):
        self._v1 = v1 = release.v1
        graph = release.tf.Graph()
        with graph.as_default():
            images, labels = _batch()
            self._labels = v1.constant(labels, "float32")
            self._given = [v1.placeholder("float32", shape) for _, shape in LAYERS]
            weights = [v1.Variable(v1.zeros(shape)) for _, shape in LAYERS]
            self._load = [v1.assign(w, given) for w, given in zip(weights, self._given)]
            self._rate = v1.placeholder("float32", [])
            self.inputs, self.outputs = [], []
            signal = v1.constant(images, "float32")
            for weight in weights:
                signal = self._layer(weight, signal)
            self.losses = self._losses(self.outputs[-1])
            self._chosen = v1.placeholder("int32", [])
            self._step = self._descent(self.outputs[-1])
        config = v1.ConfigProto()
        # With several threads the order of summation varies between runs, which changes the third
        # digit when training at rate 0.1.
        config.intra_op_parallelism_threads = config.inter_op_parallelism_threads = 1
        self.session = v1.Session(graph=graph, config=config)

    def _layer(self, weight, signal):
        """Return the signal after one layer; store the layer's input and its output before relu."""
        shape = weight.get_shape().as_list()
        convolution = len(shape) > len(("rows", "columns"))
        if convolution:
            output = self._v1.nn.conv2d(signal, weight, strides=[1, 1, 1, 1], padding="SAME")
        else:
            signal = self._v1.reshape(signal, [BATCH, shape[0]])
            output = self._v1.matmul(signal, weight)
        self.inputs.append(signal)
        self.outputs.append(output)
        active = self._v1.nn.relu(output)
        if not convolution:
            return active
        pool = [1, 2, 2, 1]
        return self._v1.nn.max_pool(active, ksize=pool, strides=pool, padding="SAME")

    def _losses(self, logits):
        v1, labels = self._v1, self._labels
        stable = v1.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        by_hand = -v1.reduce_sum(labels * v1.log(v1.nn.softmax(logits)), 1)
        return {"stable": v1.reduce_mean(stable), "by_hand": v1.reduce_mean(by_hand)}

    def _descent(self, logits):
        """Return a training step on the chosen loss; both share the gradients below the logits."""
        found = [self._v1.gradients(loss, logits)[0] for loss in self.losses.values()]
        descent = self._v1.train.GradientDescentOptimizer(self._rate)
        gradients = descent.compute_gradients(
            logits, grad_loss=self._v1.stack(found)[self._chosen], gate_gradients=descent.GATE_GRAPH
        )
        return descent.apply_gradients(gradients)

    def load(self, weights):
        """Set the weights of every layer."""
        self.session.run([load.op for load in self._load], dict(zip(self._given, weights)))

    def diverges(self, weights, loss, rate):
        """Return the number of training steps until the loss is not finite, or None."""
        self.load(weights)
        given = {self._rate: rate, self._chosen: list(self.losses).index(loss)}
        for step in range(STEPS):
            value, _ = self.session.run([self.losses[loss], self._step], given)
            if not np.isfinite(value):
                return step
        return None if np.isfinite(self.session.run(self.losses[loss])) else STEPS


def _batch():
    """Return images of mean 0 and standard deviation 1, and one-hot labels."""
    draw = np.random.RandomState(SEED % 2**32)
    images = draw.standard_normal((BATCH, 28, 28, 1))
    images = (images - images.mean()) / images.std()
    return images, np.eye(CLASSES)[draw.randint(CLASSES, size=BATCH)]
