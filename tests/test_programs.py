"""Every command ends with a result or one of mg's errors, whatever the program."""

from hypothesis import given, settings
from hypothesis import strategies as st
from programs import COMMANDS, Case, cases, failure


@settings(max_examples=settings().max_examples // 8)
@given(cases(), st.sampled_from(list(COMMANDS)))
def test_every_command_has_an_answer_for_any_program(case: Case, command: str) -> None:
    assert failure(command, case) is None, (command, *case)
