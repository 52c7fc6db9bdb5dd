"""The cells of the classroom notebook, and of the lecture it comes from, run unchanged with our `Value`."""

import math
import random
import subprocess
import sys
from textwrap import dedent
from typing import Any

import graphviz
import pytest

from mgcli import Value, draw_dot

LEAVES = """
a = Value(2.0, label='a')
b = Value(-3.0, label='b')
c = Value(10.0, label='c')
"""

EXPRESSION = """
a = Value(2.0, label='a')
b = Value(-3.0, label='b')
c = Value(10.0, label='c')
e = a * b
e.label = 'e'
d = e + c
d.label = 'd'
f = Value(-2.0, label='f')
L = d * f
L.label = 'L'
"""

BACKWARD = """
# Passer d'un mode manuel à une automatisation de la back propagation
# Tri topologique du DAG de l'expression
def backward(self):
    topo = []
    visited = set()
    def build_topo(v):
        if v not in visited:
            visited.add(v)
            for child in v._prev:
                build_topo(child)
            topo.append(v)
    build_topo(self)
    self.grad = 1.0
    for node in reversed(topo):
        node._backward()

Value.backward = backward
"""

PENTE = """
def pente(fct, x, h):
    print(f"f(x) = {fct(x)}")
    print(f"f(x + h) = {fct(x + h)}")
    print(f"f(x + h) - f(x) = {fct(x + h) - fct(x)}")
    print(f"(f(x + h) - f(x)) / h= {(fct(x + h) - fct(x)) / h}")
    return (fct(x + h) - fct(x)) / h
f = lambda x: 3 * x**2 - 4*x + 5
"""

NEURON = """
# inputs x1,x2
x1 = Value(2.0, label='x1')
x2 = Value(0.0, label='x2')
# weights w1,w2
w1 = Value(-3.0, label='w1')
w2 = Value(1.0, label='w2')
# bias of the neuron
b = Value(6.8813735870195432, label='b')
# x1*w1 + x2*w2 + b
x1w1 = x1*w1; x1w1.label = 'x1*w1'
x2w2 = x2*w2; x2w2.label = 'x2*w2'
x1w1x2w2 = x1w1 + x2w2; x1w1x2w2.label = 'x1*w1 + x2*w2'
n = x1w1x2w2 + b; n.label = 'n'
"""

NETWORK = """
class Neuron:

  def __init__(self, nin):
    self.w = [Value(random.uniform(-1,1)) for _ in range(nin)]
    self.b = Value(random.uniform(-1,1))

  def __call__(self, x):
    # w * x + b
    act = sum((wi*xi for wi, xi in zip(self.w, x)), self.b)
    out = act.tanh()
    return out

  def parameters(self):
    return self.w + [self.b]

class Layer:

  def __init__(self, nin, nout):
    self.neurons = [Neuron(nin) for _ in range(nout)]

  def __call__(self, x):
    outs = [n(x) for n in self.neurons]
    return outs[0] if len(outs) == 1 else outs

  def parameters(self):
    return [p for neuron in self.neurons for p in neuron.parameters()]

class MLP:

  def __init__(self, nin, nouts):
    sz = [nin] + nouts
    self.layers = [Layer(sz[i], sz[i+1]) for i in range(len(nouts))]

  def __call__(self, x):
    for layer in self.layers:
      x = layer(x)
    return x

  def parameters(self):
    return [p for layer in self.layers for p in layer.parameters()]

x = [2.0, 3.0, -1.0]
n = MLP(3, [4, 4, 1])
n(x)
xs = [
  [2.0, 3.0, -1.0],
  [3.0, -1.0, 0.5],
  [0.5, 1.0, 1.0],
  [1.0, 1.0, -1.0],
]
ys = [1.0, -1.0, -1.0, 1.0] # desired targets
"""

TRAINING = """
for k in range(20):

  # forward pass
  ypred = [n(x) for x in xs]
  loss = sum((yout - ygt)**2 for ygt, yout in zip(ys, ypred))

  # backward pass
  for p in n.parameters():
    p.grad = 0.0
  loss.backward()

  # update
  for p in n.parameters():
    p.data += -0.05 * p.grad

  print(k, loss.data)
"""


class Session:
    """What a notebook is: cells run one after the other, names that stay."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"Value": Value, "draw_dot": draw_dot, "math": math, "random": random.Random(1337)}

    def run(self, *cells: Any) -> None:
        for cell in cells:
            exec(dedent(cell), self.names)

    def __getitem__(self, name: Any) -> Any:
        return self.names[name]

    def grads(self, names: Any) -> Any:
        return [self.names[name].grad for name in names.split()]


@pytest.fixture
def session() -> Any:
    return Session()


# Introduction


def test_the_parabola_takes_the_values_of_the_notebook() -> None:
    def f(x: Any) -> Any:
        return 3 * x**2 - 4*x + 5  # fmt: skip

    xs = [-5 + 0.25 * step for step in range(40)]
    assert f(Value(3.0)).data == 20.0
    assert [f(Value(x)).data for x in xs] == [
        *(100.0, 91.6875, 83.75, 76.1875, 69.0, 62.1875),
        *(55.75, 49.6875, 44.0, 38.6875, 33.75, 29.1875),
        *(25.0, 21.1875, 17.75, 14.6875, 12.0, 9.6875),
        *(7.75, 6.1875, 5.0, 4.1875, 3.75, 3.6875),
        *(4.0, 4.6875, 5.75, 7.1875, 9.0, 11.1875),
        *(13.75, 16.6875, 20.0, 23.6875, 27.75, 32.1875),
        *(37.0, 42.1875, 47.75, 53.6875),
    ]


@pytest.mark.parametrize(
    ("x", "printed", "slope"),
    [
        (
            3.0,
            """\
            f(x) = 20.0
            f(x + h) = 20.00000014
            f(x + h) - f(x) = 1.400000009255109e-07
            (f(x + h) - f(x)) / h= 14.00000009255109
            """,
            14.00000009255109,
        ),
        (
            -3.0,
            """\
            f(x) = 44.0
            f(x + h) = 43.999999779999996
            f(x + h) - f(x) = -2.200000039920269e-07
            (f(x + h) - f(x)) / h= -22.00000039920269
            """,
            -22.00000039920269,
        ),
        (
            2 / 3,
            """\
            f(x) = 3.666666666666667
            f(x + h) = 3.666666666666667
            f(x + h) - f(x) = 0.0
            (f(x + h) - f(x)) / h= 0.0
            """,
            0.0,
        ),
    ],
)
def test_the_slopes_of_the_notebook(
    session: Any, capsys: pytest.CaptureFixture[str], x: float, printed: str, slope: float
) -> None:
    session.run(PENTE)
    assert session["pente"](lambda number: session["f"](Value(number)).data, x, 0.00000001) == slope
    assert capsys.readouterr().out == dedent(printed)


def test_the_slope_takes_values_too(session: Any, capsys: pytest.CaptureFixture[str]) -> None:
    session.run(PENTE, "p = pente(f, Value(3.0), 0.00000001)")
    assert session["p"].data == 14.00000009255109
    assert capsys.readouterr().out.startswith("f(x) = Value(data=20.0, label=, grad=0.0)\n")


@pytest.mark.parametrize(("x", "gradient"), [(3.0, 14.0), (-3.0, -22.0), (2 / 3, 0.0)])
def test_backward_gives_what_the_slopes_approximate(session: Any, x: float, gradient: float) -> None:
    session.run(PENTE)
    leaf = Value(x)
    session["f"](leaf).backward()
    assert leaf.grad == gradient


@pytest.mark.parametrize(
    ("step", "second", "slope"),
    [
        ("f(a+h, b, c)", 3.999699999999999, -3.000000000010772),
        ("f(a, b+h, c)", 4.0002, 2.0000000000042206),
        ("f(a, b, c+h)", 4.0001, 0.9999999999976694),
    ],
)
def test_the_slopes_of_a_product_and_a_sum(session: Any, step: str, second: float, slope: float) -> None:
    session.run(
        LEAVES,
        f"""
        f = lambda x, y, z: x*y + z
        h = 0.0001
        f_1 = f(a, b, c)
        f_2 = {step}
        pente = (f_2-f_1)/h
        """,
    )
    assert [session[name].data for name in ("f_1", "f_2", "pente")] == [4.0, second, slope]


# The class and the graph


def test_the_first_values(session: Any) -> None:
    session.run(
        """
        a = Value(2.0)
        b = Value(-3.0)
        c = Value(10.0)
        d = a * b + c
        """
    )
    a, b, c, d = (session[name] for name in "abcd")
    assert [a.data, b.data, (a + b).data, (a * b).data, (a * b + c).data, d.data] == [2.0, -3.0, -1.0, -6.0, 4.0, 4.0]
    assert [node.data for node in d._prev] == [-6.0, 10.0]


def test_the_graph_is_drawn_without_labels(session: Any) -> None:
    session.run("a = Value(2.0)\nb = Value(-3.0)\nc = Value(10.0)\nd = a * b + c\ndrawing = draw_dot(d)")
    drawing = session["drawing"]
    assert isinstance(drawing, graphviz.Digraph)
    for number in ("2.0000", "-3.0000", "10.0000", "-6.0000", "4.0000"):
        assert f"data {number} " in drawing.source


def test_the_graph_is_drawn_with_labels(session: Any) -> None:
    session.run(
        LEAVES,
        """
        e = a * b
        e.label = 'e'
        d = e + c
        d.label = 'd'
        drawing = draw_dot(d)
        """,
    )
    for record in ("a | data 2.0000", "b | data -3.0000", "c | data 10.0000", "e | data -6.0000", "d | data 4.0000"):
        assert f"{{ {record} | grad 0.0000 }}" in session["drawing"].source


def test_the_loss_of_the_notebook(session: Any) -> None:
    session.run(EXPRESSION)
    assert repr(session["L"]) == "Value(data=-8.0, label=L, grad=0.0)"


def test_the_playground_of_the_notebook(capsys: pytest.CaptureFixture[str], session: Any) -> None:
    session.run(
        """
        def playground():
            h = 0.001
            a = Value(2.0, label='a')
            b = Value(-3.0, label='b')
            c = Value(10.0, label='c')
            e = a * b
            e.label = 'e'
            d = e + c
            d.label = 'd'
            f = Value(-2.0, label='f')
            L = d * f
            L.label = 'L'
            L1 = L.data
            a = Value(2.0, label='a')
            b = Value(-3.0, label='b')
            c = Value(10.0, label='c')
            e = a * b
            e.label = 'e'
            #e.data += h
            d = e + c
            d.label = 'd'
            #d.data += h
            f = Value(-2.0, label='f')
            #f.data += h
            L = d * f
            L.label = 'L'
            L2 = L.data
            L2 = L.data + h
            print((L2-L1)/h)

        playground()
        """
    )
    assert capsys.readouterr().out == "1.000000000000334\n"


# Gradients by hand


BY_HAND = """
L.grad = 1
draw_dot(L)
d.grad = -2.0 # dL/dd = d(d*f)/dd = f
f.grad = 4.0 # dL/df = d(d*f)/df = d
draw_dot(L)
c.grad = d.grad
e.grad = d.grad
draw_dot(L)
a.grad = d.grad * b.data
b.grad = d.grad * a.data
drawing = draw_dot(L)
"""


def test_gradients_can_be_set_by_hand(session: Any) -> None:
    session.run(EXPRESSION, BY_HAND)
    assert session.grads("a b c e d f L") == [6.0, -4.0, -2.0, -2.0, -2.0, 4.0, 1.0]
    for record in (
        "L | data -8.0000 | grad 1.0000",
        "a | data 2.0000 | grad 6.0000",
        "b | data -3.0000 | grad -4.0000",
    ):
        assert f"{{ {record} }}" in session["drawing"].source


def test_steps_along_the_gradient_print_what_the_notebook_prints(
    session: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    step = """
        a.data += 0.01 * a.grad
        b.data += 0.01 * b.grad
        c.data += 0.01 * c.grad
        f.data += 0.01 * f.grad
        d = a * b; d.label = 'd'
        e = d + c; e.label = 'e'
        L = e * f; L.label = 'L'
        print(L)
    """
    # The number in the notebook is that of its cell run a second time.
    session.run(EXPRESSION, BY_HAND, step, step)
    assert capsys.readouterr().out == (
        "Value(data=-7.286496, label=L, grad=0.0)\nValue(data=-6.586368000000001, label=L, grad=0.0)\n"
    )


# Gradients by the machine


def test_the_steps_backward_one_by_one(session: Any) -> None:
    session.run(EXPRESSION, "L.grad = 1.0\ndraw_dot(L)\nL._backward()\ndraw_dot(L)")
    assert session.grads("d f e c a b") == [-2.0, 4.0, 0.0, 0.0, 0.0, 0.0]
    session.run("d._backward()\ndraw_dot(L)")
    assert session.grads("e c a b") == [-2.0, -2.0, 0.0, 0.0]
    session.run("e._backward()\ndraw_dot(L)")
    assert session.grads("a b") == [6.0, -4.0]


def test_the_notebooks_own_backward_can_be_pasted_over_ours() -> None:
    report = "\nprint([node.grad for node in (a, b, c, e, d, f, L)], Value.backward is backward)\n"
    program = "\n".join(
        ["from mgcli import Value, draw_dot", BACKWARD, EXPRESSION, "L.backward()\ndraw_dot(L)", report]
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert run.stderr == ""
    assert run.stdout == "[6.0, -4.0, -2.0, -2.0, -2.0, 4.0, 1.0] True\n"


def test_our_own_backward_gives_the_same(session: Any) -> None:
    session.run(EXPRESSION, "L.backward()\ndrawing = draw_dot(L)")
    assert session.grads("a b c e d f L") == [6.0, -4.0, -2.0, -2.0, -2.0, 4.0, 1.0]
    assert "{ a | data 2.0000 | grad 6.0000 }" in session["drawing"].source


def test_tanh_does_not_overflow_where_that_of_the_notebook_does() -> None:
    assert Value(355.0).tanh().data == 1.0
    assert Value(0.5).tanh().data == pytest.approx((math.exp(1.0) - 1) / (math.exp(1.0) + 1), rel=1e-15)


# The lecture


def test_the_neuron_of_the_lecture(session: Any) -> None:
    session.run(NEURON, "o = n.tanh(); o.label = 'o'\no.backward()\ndrawing = draw_dot(o)")
    assert session["o"].data == pytest.approx(0.7071067811865476, rel=1e-15)
    assert session.grads("x1 w1 x2 w2 b n o") == pytest.approx([-1.5, 1.0, 0.5, 0.0, 0.5, 0.5, 1.0], rel=1e-14)
    assert "{ o | data 0.7071 | grad 1.0000 }" in session["drawing"].source


def test_the_neuron_step_by_step(session: Any) -> None:
    session.run(
        NEURON,
        """
        o = n.tanh(); o.label = 'o'
        o.grad = 1.0
        o._backward()
        n._backward()
        b._backward()
        x1w1x2w2._backward()
        x2w2._backward()
        x1w1._backward()
        """,
    )
    assert session.grads("x1 w1 x2 w2") == pytest.approx([-1.5, 1.0, 0.5, 0.0], rel=1e-14)


def test_the_neuron_in_the_order_the_lecture_finds(session: Any) -> None:
    session.run(
        NEURON,
        """
        o = n.tanh(); o.label = 'o'
        o.grad = 1.0

        topo = []
        visited = set()
        def build_topo(v):
          if v not in visited:
            visited.add(v)
            for child in v._prev:
              build_topo(child)
            topo.append(v)
        build_topo(o)

        for node in reversed(topo):
          node._backward()
        """,
    )
    assert len(session["topo"]) == 10
    assert session.grads("x1 w1 x2 w2") == pytest.approx([-1.5, 1.0, 0.5, 0.0], rel=1e-14)


def test_the_neuron_with_tanh_taken_apart(session: Any) -> None:
    session.run(
        NEURON,
        """
        e = (2*n).exp(); e.label = 'e'
        o = (e - 1) / (e + 1)
        o.label = 'o'
        o.backward()
        draw_dot(o)
        """,
    )
    assert session["o"].data == pytest.approx(0.7071067811865476, rel=1e-14)
    assert session.grads("x1 w1 x2 w2") == pytest.approx([-1.5, 1.0, 0.5, 0.0], rel=1e-13)


def test_the_bug_of_the_lecture_where_a_value_is_used_twice(session: Any) -> None:
    session.run(
        """
        a = Value(3.0, label='a')
        b = a + a   ; b.label = 'b'
        b.backward()
        """
    )
    assert session.grads("a b") == [2.0, 1.0]


def test_the_bug_of_the_lecture_where_two_values_are_used_twice(session: Any) -> None:
    session.run(
        """
        a = Value(-2.0, label='a')
        b = Value(3.0, label='b')
        d = a * b    ; d.label = 'd'
        e = a + b    ; e.label = 'e'
        f = d * e    ; f.label = 'f'

        f.backward()
        """
    )
    assert session.grads("a b d e f") == [-3.0, -8.0, 1.0, -6.0, 1.0]


def test_the_operators_of_the_lecture(session: Any) -> None:
    session.run(
        """
        a = Value(2.0)
        b = Value(4.0)
        results = [a + 1, 1 + a, 2 * a, a * 2, a - b, a / b, a.exp(), a**2, -a]
        """
    )
    assert [node.data for node in session["results"]] == [3.0, 3.0, 4.0, 4.0, -2.0, 0.5, math.exp(2.0), 4.0, -2.0]


def test_the_network_of_the_lecture_learns(session: Any, capsys: pytest.CaptureFixture[str]) -> None:
    session.run(NETWORK, TRAINING)
    losses = [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()]
    assert len(session["n"].parameters()) == 41
    assert len(losses) == 20
    assert losses[-1] < losses[0] / 4
    ypred = session["ypred"]
    assert [math.copysign(1.0, out.data) for out in ypred] == [1.0, -1.0, -1.0, 1.0]


def test_a_gradient_of_the_network_is_its_slope(session: Any) -> None:
    session.run(NETWORK)
    loss = "loss = sum((yout - ygt)**2 for ygt, yout in zip(ys, [n(x) for x in xs]))"
    session.run(loss, "loss.backward()")
    weight, h = session["n"].layers[0].neurons[0].w[0], 1e-6
    gradient, losses = weight.grad, []
    for number in (weight.data + h, weight.data - h):
        weight.data = number
        session.run(loss)
        losses.append(session["loss"].data)
    assert (losses[0] - losses[1]) / (2 * h) == pytest.approx(gradient, rel=1e-5)


def test_the_example_of_the_readme_of_micrograd(session: Any, capsys: pytest.CaptureFixture[str]) -> None:
    session.run(
        """
        a = Value(-4.0)
        b = Value(2.0)
        c = a + b
        d = a * b + b**3
        c += c + 1
        c += 1 + c + (-a)
        d += d * 2 + (b + a).relu()
        d += 3 * d + (b - a).relu()
        e = c - d
        f = e**2
        g = f / 2.0
        g += 10.0 / f
        print(f'{g.data:.4f}') # prints 24.7041, the outcome of this forward pass
        g.backward()
        print(f'{a.grad:.4f}') # prints 138.8338, i.e. the numerical value of dg/da
        print(f'{b.grad:.4f}') # prints 645.5773, i.e. the numerical value of dg/db
        """
    )
    assert capsys.readouterr().out == "24.7041\n138.8338\n645.5773\n"
