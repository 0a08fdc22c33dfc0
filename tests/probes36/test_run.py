"""Test stable text, and how a child process is run, read and killed."""

import os
import select
import sys
import tempfile
import time
import unittest

import numpy as np

from probes.run import child, files, record
from probes.run.messages import Receiver, Sender
from probes.run.watch import usage


class Record(unittest.TestCase):
    def test_floats_have_six_significant_digits(self):
        self.assertEqual(record.rounded({"a": [0.123456789, 3]}), {"a": [0.123457, 3]})

    def test_json_is_sorted_and_what_fits_on_a_line_is_on_one(self):
        values = [1.5, None] * 20
        text = record.dump({"b": values, "a": [{"c": "é"}], "empty": {}})
        shown = ", ".join(["1.5", "null"] * 20)
        self.assertEqual(text, '{\n "a": [{"c": "é"}],\n "b": [%s],\n "empty": {}\n}\n' % shown)

    def test_evidence_that_is_equal_is_stored_with_its_first_symbol(self):
        drawn, other = {"kernel": {"scope": True}}, {"kernel": {"scope": False}}
        absent = {"name": "d"}
        evidence = {"a": drawn, "b": other, "c": drawn}
        symbols = [{"name": name, "evidence": evidence[name]} for name in sorted(evidence)]
        found = record.shared([*symbols, absent])
        self.assertEqual(found, [*symbols[:2], {"name": "c", "same_as": "a"}, absent])

    def test_what_json_can_not_hold_is_refused(self):
        with self.assertRaises(ValueError):
            record.dump({"a": float("nan")})

    def test_a_message_loses_addresses_and_places(self):
        text = "bad <f at 0x7f12ab> in '/opt/x y/lib/site-packages/tensorflow/a.py' and %s/b" % (
            sys.prefix
        )
        self.assertEqual(record.clean(text), "bad <f> in '/opt/x tensorflow/a.py' and …/b")

    def test_a_place_inside_another_is_lost_whole(self):
        home = os.environ.get("HOME")
        os.environ["HOME"] = os.path.dirname(sys.prefix)
        try:
            shown = record.clean("in %s/lib/python3.6/site-packages/a b.py" % sys.prefix)
            self.assertEqual(record.clean(sys.prefix + "/b"), "…/b")
        finally:
            os.environ.pop("HOME")
            if home is not None:
                os.environ["HOME"] = home
        self.assertEqual(shown, "in a b.py")

    def test_config_values_become_json(self):
        class Dtype(object):
            name = "float32"

        value = {"seed": None, "dtype": Dtype(), "scale": np.float32(1.5), "x": (1, object())}
        self.assertEqual(
            record.as_json(value),
            {"seed": None, "dtype": "float32", "scale": 1.5, "x": [1, "<object>"]},
        )

    def test_what_is_no_number_becomes_a_text(self):
        value = [float("nan"), np.float32("inf"), np.array([[1.0, -np.inf]])]
        self.assertEqual(record.as_json(value), ["nan", "inf", [[1.0, "-inf"]]])


class Messages(unittest.TestCase):
    """Bytes that others write to the pipe neither damage a message nor form one."""

    def through(self, *writes):
        """Return the messages received after messages, and bytes of other writers, were sent."""
        read, write = os.pipe()
        sender, receiver = Sender(write, "secret"), Receiver("secret")
        try:
            for one in writes:
                os.write(write, one) if isinstance(one, bytes) else sender.send(one)
                for size in (100, 100000):  # in pieces
                    if select.select([read], [], [], 0)[0]:
                        receiver.feed(os.read(read, size))
        finally:
            os.close(read)
            os.close(write)
        return receiver.messages

    def test_a_message_of_any_length_arrives_whole(self):
        for length in (1, 500, 512, 1200, 7000):
            message = {"text": "é\n" * length}
            self.assertEqual(self.through(message), [message])

    def test_what_others_write_is_no_message(self):
        foreign = (b"begun", b'\n{"end": true}\n' * 9, b"\xff" * 9000, b"\nsecre", b"t.{}")
        sent = [{"step": number} for number in range(5)]
        mixed = [one for step in range(5) for one in (sent[step], foreign[step])]
        self.assertEqual(self.through(*mixed), sent)


class Processor(unittest.TestCase):
    def test_the_time_of_a_session_is_that_of_its_processes(self):
        if not os.path.exists("/proc/self/stat"):
            self.skipTest("no /proc here")
        session = str(os.getsid(0))
        before, awake = usage(session)
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
        self.assertGreater(usage(session)[0] - before, 0.2)
        self.assertTrue(awake)
        self.assertEqual(usage("0x"), (0.0, False))


class Supervisor(unittest.TestCase):
    def run_child(self, body, deadline=30.0):
        """Run ``body`` in the child process; return what the supervisor receives."""
        start = child._START
        child._START = "import os, sys; sys.path.append(sys.argv[1]); "
        child._START += "from probes.run.messages import Sender\n"
        child._START += "send = Sender(int(sys.argv[2]), sys.argv[3]).send\n" + body
        try:
            return child.run_child("a lock", "3.6", [], deadline)
        finally:
            child._START = start

    def test_an_abort_is_named_and_belongs_to_the_symbol_begun(self):
        found = self.run_child("send({'begin': 'tf.a'}); os.abort()")
        self.assertEqual(found.unanswered, "tf.a")
        self.assertTrue(found.failure.startswith("killed by SIGABRT"))

    def test_a_hang_ends_at_the_deadline_with_the_children(self):
        body = "import subprocess, time\np = subprocess.Popen(['sleep', '300'])\n"
        body += "send({'begin': str(p.pid)}); time.sleep(300)"
        found = self.run_child(body, deadline=1.0)
        self.assertTrue(found.failure.startswith("deadline: no processor time for 1 s"))
        self.assertFalse(_runs(int(found.unanswered)))

    def test_the_last_lines_are_kept_and_the_home_is_not(self):
        body = "print('A' * 10); sys.stderr.write(os.environ['HOME'] + ' broke'); sys.exit(3)"
        found = self.run_child(body)
        self.assertIn("exit code 3", found.failure)
        self.assertIn("… broke", found.failure)

    def test_the_environment_is_an_allow_list(self):
        os.environ["KERAS_BACKEND"] = "jax"
        body = "send({'begin': 'tf.a'}); send({'answer': dict(os.environ)}); sys.exit(1)"
        try:
            found = self.run_child(body)
        finally:
            del os.environ["KERAS_BACKEND"]
        self.assertNotIn("KERAS_BACKEND", found.answers["tf.a"])
        self.assertEqual(found.answers["tf.a"]["CUDA_VISIBLE_DEVICES"], "-1")
        self.assertIsNone(found.unanswered)

    def test_a_signal_from_outside_is_no_evidence(self):
        for name, evidence in (("SIGKILL", False), ("SIGTERM", False), ("SIGBUS", True)):
            found = self.run_child("import signal; os.kill(os.getpid(), signal.%s)" % name)
            self.assertEqual((found.failure, found.evidence), ("killed by " + name, evidence))

    def test_a_process_that_computes_or_waits_for_a_processor_does_not_hang(self):
        body = "import time\nsend({'begin': 'a'})\n"
        body += "while time.process_time() < 2.5: pass\nsend({'end': True})"
        self.assertIsNone(self.run_child(body, deadline=1.0).failure)

    def test_a_pipe_that_the_release_closed_is_no_end(self):
        found = self.run_child("os.close(int(sys.argv[2])); sys.exit(3)")
        self.assertEqual(found.failure, "exit code 3")

    def test_a_file_is_written_whole_or_not_at_all(self):
        folder = tempfile.mkdtemp()
        path = os.path.join(folder, "x", "a.json")
        files.write(path, "old\n")
        with self.assertRaises(UnicodeEncodeError):
            files.write(path, "new \ud800")
        with open(path) as kept:
            self.assertEqual(kept.read(), "old\n")
        self.assertEqual(os.listdir(os.path.dirname(path)), ["a.json"])


def _runs(pid):
    """Return whether a process still runs some time after it was killed."""
    for _ in range(100):
        try:
            with open("/proc/%d/stat" % pid) as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return False
        except (FileNotFoundError, ProcessLookupError):
            return False
        time.sleep(0.05)
    return True


if __name__ == "__main__":
    unittest.main()
