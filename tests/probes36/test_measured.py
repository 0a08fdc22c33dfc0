"""Test the statistics of weights with known values."""

import unittest

import numpy as np

from probes.kinds.measured import measure


def measured(weights):
    """Return the statistics of weights that are the same after another seed."""
    return measure(weights, weights)


class Measured(unittest.TestCase):
    def test_two_values_half_and_half(self):
        found = measured(np.array([[-1.0, 1.0], [1.0, -1.0]], dtype="float32"))
        self.assertEqual(
            (found["mean"], found["std"], found["min"], found["max"], found["kurtosis"]),
            (0.0, 1.0, -1.0, 1.0, 1.0),
        )
        self.assertEqual((found["histogram"][0], found["histogram"][-1]), (2, 2))
        self.assertEqual((found["zeros"], found["equal_columns"]), (0.0, 0.0))

    def test_all_equal_has_one_bin_and_no_kurtosis(self):
        found = measured(np.zeros((3, 4), dtype="float32"))
        self.assertEqual(found["histogram"], [12])
        self.assertNotIn("kurtosis", found)
        self.assertEqual((found["zeros"], found["equal_columns"]), (1.0, 0.75))

    def test_equal_weights_have_no_spread_whatever_their_mean_rounds_to(self):
        for value in (0.1, 0.05, 1e-3, 1e30):
            found = measured(np.full((180, 320), value))
            self.assertEqual((found["std"], found["min"]), (0.0, found["max"]))
            self.assertEqual(found["lag"], [None, None])
            for name in ("kurtosis", "column_mean", "column_cosine", "diagonal", "redraw"):
                self.assertNotIn(name, found)

    def test_columns_without_spread_have_no_cosine(self):
        weights = np.zeros((4, 400), dtype="float32")
        weights[:, 399] = 1, -1, 1, -1
        self.assertNotIn("column_cosine", measured(weights))

    def test_the_histogram_is_numpys(self):
        for seed in range(20):
            weights = np.random.RandomState(seed).normal(size=(60, 40)).astype("float32")
            low, high = float(weights.min()), float(weights.max())
            counts, _ = np.histogram(weights.astype(float), bins=32, range=(low, high))
            self.assertEqual(measured(weights)["histogram"], counts.tolist())

    def test_the_identity_is_orthogonal_and_a_vector_has_no_gram_matrix(self):
        self.assertEqual(measured(np.eye(5))["gram_error"], 0.0)
        self.assertEqual(measured(2 * np.eye(5))["gram_error"], 3.0)
        self.assertNotIn("gram_error", measured(np.arange(5.0)))

    def test_rows_are_compared_where_they_are_fewer(self):
        self.assertEqual(measured(np.eye(5)[:2])["gram_error"], 0.0)

    def test_what_is_no_number_leaves_a_share_alone(self):
        weights = np.ones((4, 5), dtype="float32")
        weights[1, 1], weights[2, 3] = np.nan, np.inf
        found = measured(weights)
        self.assertEqual((found["finite"], found["count"], found["shape"]), (0.9, 20, [4, 5]))
        self.assertEqual(set(found), {"finite", "count", "shape"})

    def test_rows_that_repeat_are_a_share(self):
        half = np.random.RandomState(1).normal(size=(30, 8))
        found = measured(np.concatenate([half, half]))
        self.assertEqual((found["equal_rows"], found["equal_columns"]), (0.5, 0.0))
        self.assertEqual(found["distinct"], 0.5)

    def test_sorted_weights_are_like_their_neighbours(self):
        weights = np.sort(np.random.RandomState(1).uniform(size=3000)).reshape(60, 50)
        self.assertGreater(min(measured(weights)["lag"]), 0.9)
        self.assertEqual(measured(np.ones((3, 4)))["lag"], [None, None])

    def test_the_same_draw_after_another_seed_has_cosine_1(self):
        draw = np.random.RandomState
        weights = draw(1).normal(size=(60, 40))
        self.assertEqual(measured(weights)["redraw"], 1.0)
        self.assertLess(measure(weights, draw(2).normal(size=(60, 40)))["redraw"], 0.6)


if __name__ == "__main__":
    unittest.main()
