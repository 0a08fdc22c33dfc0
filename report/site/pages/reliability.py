"""The page Reliability: every fault that is injected, what happens, and the tests that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from report.site.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.matrix.index import Edition


class Fault(NamedTuple):
    """A fault, what happens then, and the tests that inject it: ``module::test``."""

    fault: str
    outcome: str
    tests: tuple[str, ...]


FAULTS = (
    Fault(
        "An interpreter is missing",
        "The session is skipped with the reason and how to get it (in CI it fails); the column "
        "says recorded or not observed. With no interpreter at all, nox fails.",
        (
            "test_interpreters::test_off_ci_a_release_without_its_interpreter_is_skipped",
            "test_interpreters::test_in_ci_a_release_without_its_interpreter_fails",
            "test_interpreters::test_without_any_interpreter_nothing_is_called_a_success",
        ),
    ),
    Fault(
        "No wheel for this platform; a hash that does not match; the registry is unreachable",
        "That release fails with the installer's last lines and keeps the observation it had. The "
        "others go on, the report renders, the exit code is not 0.",
        (
            "test_nox::test_what_can_not_be_installed_fails_alone_and_the_report_renders",
            "test_nox::test_an_unreachable_registry_fails_that_release_alone",
            "test_real::test_a_release_without_its_lock_says_what_to_do",
        ),
    ),
    Fault(
        "import tensorflow raises an exception; NumPy is missing",
        "Recorded as failed with its own words; other releases are unharmed. Where the same lock "
        "was observed before it is a fault of this run: the file is kept, the session fails.",
        (
            "test_fault_release::test_a_release_that_can_not_be_imported_is_failed_with_its_own_words",
            "test_fault_release::test_without_numpy_it_is_tensorflow_that_can_not_be_imported",
            "test_fault_release::test_a_failed_release_harms_no_other",
            "test_fault_evidence::test_an_import_that_worked_before_is_a_fault_of_this_run",
        ),
    ),
    Fault(
        "import tensorflow exits, aborts, hangs, meets an illegal instruction (SIGILL) or a "
        "segmentation fault; another release, other packages or another Python than named runs",
        "A fault of this run, no evidence: the file is kept, and the session fails with the "
        "signal's name and the last lines of stderr.",
        (
            "test_fault_release::test_an_import_that_does_not_come_back_is_a_fault_of_this_run",
            "test_fault_release::test_another_release_than_promised_is_a_fault_of_this_run",
            "test_whole::test_packages_that_are_not_the_locks_are_not_measured",
            "test_whole::test_a_python_that_is_not_the_rows_is_not_measured",
            "test_whole::test_a_python_of_no_environment_is_not_measured",
            "test_fault_release::test_an_environment_without_tensorflow_is_a_fault_of_this_run",
            "test_nox::test_an_environment_without_its_release_is_no_evidence",
        ),
    ),
    Fault(
        "One symbol crashes, exits or hangs the interpreter",
        "It is asked again by a fresh process. Seen twice, only its cell is failed, and the "
        "symbols after it are observed as if nothing had been; not so where it was observed before "
        "with the same lock: then the file is kept, and the session fails.",
        (
            "test_fault_release::test_only_the_symbol_that_crashes_or_hangs_is_failed",
            "test_fault_evidence::test_what_is_seen_once_is_no_evidence",
            "test_fault_evidence::test_a_symbol_that_was_observed_before_does_not_become_failed",
            "test_fault_evidence::test_what_another_protocol_or_lock_observed_is_no_promise",
        ),
    ),
    Fault(
        "This machine lacks what a release takes: a module of its Python, a processor with AVX, "
        "memory, threads, a library of the system",
        "It is asked before TensorFlow is imported, and recognised in what a release raises or "
        "prints before it crashes. The file is kept, and one sentence says what is lacking.",
        (
            "test_shortage::test_a_python_without_a_module_that_every_release_imports_measures_none",
            "test_shortage::test_a_limit_of_memory_is_seen_before_a_release_is_imported",
            "test_shortage::test_a_limit_of_threads_is_seen_before_a_release_is_imported",
            "test_shortage::test_it_is_the_emulated_processor_that_answers",
            "test_shortage::test_a_lack_while_a_symbol_is_asked_ends_the_run",
            "test_shortage::test_a_lack_while_tensorflow_is_imported_ends_the_run",
            "test_shortage::test_a_crash_for_what_the_machine_lacks_is_no_evidence",
        ),
    ),
    Fault(
        "A crash prints a long stack with addresses",
        "The reason keeps the line that says why, and is the same in every run.",
        (
            "test_crash_reason::test_the_line_that_says_why_is_kept_behind_a_long_stack",
            "test_crash_reason::test_a_crash_recorded_twice_gives_the_same_bytes",
        ),
    ),
    Fault(
        "The system has no memory left and kills the probe; somebody ends it; the machine is slow",
        "No evidence: the file is kept, and the session fails and says so. What computes does not "
        "hang, however slowly: only processor time counts.",
        (
            "test_fault_evidence::test_what_the_machine_or_somebody_did_is_no_evidence",
            "test_fault_evidence::test_a_slow_symbol_is_not_a_hang",
            "probes36.test_supervision::test_a_signal_from_outside_is_no_evidence",
            "probes36.test_supervision::test_whoever_waits_for_a_processor_or_computes_does_not_hang",
        ),
    ),
    Fault(
        "A probe hangs",
        "Killed with all its children after 120 s without processor time.",
        (
            "test_fault_release::test_a_hang_is_killed_with_all_its_children",
            "probes36.test_supervision::test_a_hang_ends_at_the_deadline_with_the_children",
        ),
    ),
    Fault(
        "A release raises; a package that it should have is broken or missing; its weights are "
        "no numbers",
        "Failed with its own words; absent is only what isn't there; a package that isn't "
        "installed is a state of its own; weights that are no numbers are measured as that.",
        (
            "test_fault_evidence::test_what_a_release_raises_is_its_answer",
            "test_fault_evidence::test_a_package_that_is_there_and_broken_is_failed",
            "test_fault_evidence::test_what_is_not_installed_is_neither_absent_nor_failed",
            "test_fault_evidence::test_weights_that_are_no_numbers_are_measured_by_the_same_child",
            "test_fault_weights::test_what_is_not_the_weights_asked_for_is_no_measurement",
            "test_fault_weights::test_weights_of_any_real_type_are_measured",
            "test_fault_weights::test_a_text_that_no_file_can_hold_is_written_without_it",
            "probes36.test_answers::test_what_is_there_and_can_not_be_imported_is_failed",
        ),
    ),
    Fault(
        "A probe makes a mistake of its own",
        "It is never evidence: it ends the run, which names the symbol and the line.",
        (
            "test_fault_evidence::test_our_own_mistake_ends_the_run",
            "probes36.test_answers::test_what_our_hook_raises_inside_a_release_is_our_mistake",
        ),
    ),
    Fault(
        "The run is killed at any moment, or Ctrl-C",
        "The observation is the old or the new one, whole; no process is left behind; a rerun "
        "removes what was half written, and takes no environment that was left for whole.",
        (
            "test_interrupt::test_a_real_release_that_was_interrupted_is_measured_whole",
            "test_interrupt::test_a_small_release_that_was_interrupted_is_measured_whole",
            "test_environments::test_what_is_left_of_an_environment_is_not_taken_for_whole",
            "test_environments::test_sigterm_to_nox_alone_ends_the_probe",
            "test_environments::test_the_lock_is_held_until_the_last_process_has_ended",
            "test_fault_run::test_killed_at_any_moment_the_observation_is_old_or_new",
            "test_fault_run::test_killed_before_any_line_of_the_writing_the_file_is_whole",
            "test_fault_run::test_no_child_survives_its_supervisor",
            "test_fault_run::test_no_probe_survives_the_nox_that_started_it",
            "test_fault_run::test_no_probe_goes_on_where_nobody_reads_what_it_prints",
            "test_real::test_ctrl_c_leaves_the_observation_and_no_process",
            "test_fault_run::test_what_a_killed_writer_left_is_removed_and_a_living_ones_is_not",
        ),
    ),
    Fault(
        "The disk is full",
        "One clear line, no traceback; the observation before is untouched, and a probe that ran "
        "out of room is not taken for evidence.",
        ("test_fault_run::test_a_full_disk_is_told_and_the_observation_before_is_untouched",),
    ),
    Fault(
        "Two runs at once on one checkout",
        "The second says that it waits, and touches nothing before the first has ended.",
        (
            "test_environments::test_a_second_nox_waits_and_touches_nothing",
            "test_fault_run::test_two_supervisors_at_once_leave_one_whole_file",
        ),
    ),
    Fault(
        "An observation is truncated, not JSON, of another release, with an unknown key, NaN or "
        "infinity, of another schema or protocol, twice there, huge, or a link",
        "Each has a message of its own with file and field; the page renders without it and says "
        "so; python -m report --check exits with an error.",
        (
            "test_load::test_a_refusal_names_file_field_and_what_to_do",
            "test_load::test_what_is_newer_is_not_measured_again",
            "test_load::test_a_link_is_not_followed",
            "test_load::test_a_file_larger_than_memory_is_not_read_to_its_end",
            "test_load::test_a_mutated_observation_is_accepted_or_refused",
            "test_matrix::test_a_release_without_evidence_says_why",
            "test_matrix::test_a_gap_is_neither_change_nor_sameness",
            "test_matrix::test_check_tells_of_every_file_that_is_to_blame",
        ),
    ),
    Fault(
        "Hostile text in an observation",
        "Escaped in HTML, in Markdown, in data and in the terminal; nothing runs, and the tables "
        "keep their shape.",
        (
            "test_page::test_hostile_text_stays_text",
            "test_page::test_hostile_text_keeps_the_shape_of_markdown",
            "test_exports::test_a_field_that_looks_like_a_formula_is_defused",
            "test_fault_report::test_hostile_text_does_not_move_the_terminals_cursor",
        ),
    ),
    Fault(
        "A user's variables, flags, locale, keras.json and packages; a path with spaces and other "
        "letters; a read-only home; a visible GPU",
        "The observation is byte-identical, and names no path of the machine.",
        (
            "test_fault_run::test_a_users_environment_changes_no_byte",
            "test_fault_run::test_a_reason_names_no_place_whatever_its_letters",
            "test_inherited::test_umask_and_limits_are_those_of_every_run",
            "test_inherited::test_what_customises_a_users_python_does_not_reach_a_release",
            "test_inherited::test_how_a_release_ended_is_known_where_that_was_to_be_ignored",
            "test_real::test_a_users_environment_changes_no_byte_of_a_real_release",
            "test_real::test_a_release_measured_again_gives_the_same_bytes",
            "probes36.test_supervision::test_the_environment_is_an_allow_list",
        ),
    ),
    Fault(
        "TensorFlow writes to every descriptor, starts threads, or crashes at exit",
        "Nothing of it reaches a result.",
        (
            "test_fault_release::test_what_a_release_writes_to_any_descriptor_or_does_at_exit_reaches_no_result",
            "test_fault_weights::test_a_pipe_that_was_closed_is_no_answer_of_the_release",
            "test_fault_weights::test_a_copy_of_the_process_says_nothing",
            "probes36.test_supervision::test_what_others_write_is_no_message",
        ),
    ),
    Fault(
        "site/ can't be replaced, is on a full or read-only disk; the build is killed",
        "The pages before stay whole, and one line says why; or there are none.",
        (
            "test_fault_report::test_a_site_that_can_not_be_replaced_is_told_and_stays_whole",
            "test_fault_report::test_a_read_only_disk_is_told",
            "test_fault_report::test_a_full_disk_leaves_the_pages_before",
            "test_fault_report::test_a_build_killed_at_any_moment_leaves_whole_pages_or_none",
            "test_page::test_a_build_that_fails_leaves_the_old_site_and_nothing_else",
        ),
    ),
    Fault(
        "site/ can't be renamed: it is in a container's image, or a disk is mounted on it",
        "Its content is replaced. Whatever fails or is killed meanwhile, the next run finds the "
        "pages before or the new ones, whole; until then a reader may see a part of them.",
        (
            "test_staging::test_a_site_is_replaced_wherever_it_is",
            "test_staging::test_killed_at_any_step_the_next_run_finds_the_old_site_or_the_new_one",
            "test_staging::test_what_fails_while_the_content_is_replaced_leaves_the_old_site",
            "test_staging::test_a_site_that_can_not_be_restored_is_kept_and_the_sentence_says_where",
        ),
    ),
    Fault(
        "A package or a page that wants more than it should",
        "Installed is only what has a known hash; a probe gets no secret; the report opens no "
        "connection; a page runs no inline script and asks nobody else for anything.",
        (
            "test_releases::test_a_row_has_a_lock_of_its_release_with_hashes_and_no_address",
            "test_fault_run::test_a_probe_gets_no_secret",
            "test_fault_report::test_the_report_opens_no_connection",
            "test_page::test_no_page_asks_for_anything_outside_and_none_has_inline_code",
            "test_browser::test_it_works_in_a_subfolder_under_its_policy",
        ),
    ),
)


def page(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the page."""
    html = render(edition, "reliability.jinja", root="", faults=FAULTS, page="reliability.html")
    yield "reliability.html", html
