"""--csv of `mg eval`, `mg grad` and `mg uncertainty`: names, then a row for each point, with all digits."""

from pathlib import Path

import pytest
from running import Run


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("eval a/b -a 2 -b 3 --csv", "a,b,value\n2.0,3.0,0.6666666666666666\n"),
        ("eval 'y = x*x' -x 0:2:1 --csv", "x,y\n0.0,0.0\n1.0,1.0\n"),
        ("eval 's=a+b; p=a*b' -a 2 -b 3 --of p --of s --csv", "a,b,p,s\n2.0,3.0,6.0,5.0\n"),
        ("eval 2 --csv", "value\n2.0\n"),
        ("grad 'x*sin(x)' -x 0.1 --csv", "x,value,dvalue_dx\n0.1,0.009983341664682815,0.19933383317463074\n"),
        (
            "grad k*x -x 0:2:1 -k 3 --csv",
            "k,x,value,dvalue_dk,dvalue_dx\n3.0,0.0,0.0,0.0,3.0\n3.0,1.0,3.0,1.0,3.0\n",
        ),
        ("grad k*x -x 2 -k 3 --wrt x --csv", "k,x,value,dvalue_dx\n3.0,2.0,6.0,3.0\n"),
        (
            "grad x*y -x 1:3:1 -y 5:9:2 --wrt y --csv",
            "x,y,value,dvalue_dy\n1.0,5.0,5.0,1.0\n1.0,7.0,7.0,1.0\n2.0,5.0,10.0,2.0\n2.0,7.0,14.0,2.0\n",
        ),
        (
            "grad 's=a+b; p=a*b' -a 2 -b 3 --of s --of p --csv",
            "a,b,s,p,ds_da,ds_db,dp_da,dp_db\n2.0,3.0,5.0,6.0,1.0,1.0,3.0,2.0\n",
        ),
        (
            "uncertainty V/I -V 12+-0.1 -I 2 --csv",
            "V,I,V_u,value,value_u,value_expanded\n12.0,2.0,0.1,6.0,0.05,0.0979981992270027\n",
        ),
        (
            "uncertainty V -V 1:3:1+-10% --factor 2 --csv",
            "V,V_u,value,value_u,value_expanded\n1.0,0.1,1.0,0.1,0.2\n2.0,0.2,2.0,0.2,0.4\n",
        ),
    ],
)
def test_the_answer_as_csv(line: str, expected: str, mg: Run) -> None:
    assert mg(line) == (0, expected, "")


def test_an_undefined_point_is_an_empty_cell(mg: Run) -> None:
    assert mg("grad 1/x -x -1:1:1 --csv") == (
        1,
        "x,value,dvalue_dx\n-1.0,-1.0,-1.0\n0.0,,\n",
        "error: undefined at 1 of 2 points (nan)\n",
    )
    assert mg("grad 1/x -x 0 --csv")[:2] == (1, "")


def test_the_notes_are_those_of_the_text(mg: Run) -> None:
    assert mg("grad abs(x) -x 0 --csv").stderr == mg("grad abs(x) -x 0").stderr != ""


@pytest.mark.parametrize(
    "line",
    [
        "grad x -x 1 --csv --json",
        "grad x -x 1 --csv --digits 3",
        "grad x -x 1 --csv --relative",
        "grad x -x 1 --csv --along x=1",
        "eval x -x 1 --csv --exact 30",
        "uncertainty x -x 1+-1 --csv --plot",
        "uncertainty x -x 1+-1 --csv --digits 2",
    ],
)
def test_options_that_shape_text_do_not_go_with_csv(line: str, mg: Run) -> None:
    status, stdout, stderr = mg(line)
    assert (status, stdout) == (2, "")
    assert "cannot be combined\nhint: leave out one of them\n" in stderr


def test_a_table_reads_what_they_write(mg: Run, tmp_path: Path) -> None:
    pytest.importorskip("polars", reason="mg table needs polars")
    written = mg("uncertainty V/I -V 1:4:1+-5% -I 2+-0.05 --csv").stdout
    (tmp_path / "in.csv").write_text(written)
    words = ["--uncertainty", "--prefix", "again_", "--no-gradient", "--only"]
    again = mg("table", "V/I", str(tmp_path / "in.csv"), *words).stdout
    assert [line.split(",") for line in again.splitlines()[1:]] == [
        line.split(",")[4:6] for line in written.splitlines()[1:]
    ]
