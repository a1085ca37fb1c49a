"""The model of a disk reads what a traced program did as it was, also where its threads met."""

from pathlib import Path

from tests.crash.disk import Call, calls


def test_a_file_that_takes_the_number_of_one_being_closed_is_written_to(tmp_path: Path) -> None:
    """The system gives the number away before the call that frees it has ended."""
    root = tmp_path / "news"

    def named(name: str) -> str:
        return "".join(f"\\x{byte:02x}" for byte in f"{root}/{name}".encode())

    trace = tmp_path / "trace"
    trace.write_text(
        f"""11 openat(AT_FDCWD, "{named("first")}", O_WRONLY|O_CREAT, 0666) = 9
11 close(9 <unfinished ...>
12 openat(AT_FDCWD, "{named("second")}", O_WRONLY|O_CREAT, 0666) = 9
11 <... close resumed>)              = 0
12 write(9, "\\x68\\x69", 2)            = 2
12 fsync(9)                          = 0
""",
        "ascii",
    )

    done = [(call.name, call.path) for call in calls(trace, root) if isinstance(call, Call)]

    assert done == [("open", "first"), ("open", "second"), ("write", "second"), ("sync", "second")]
