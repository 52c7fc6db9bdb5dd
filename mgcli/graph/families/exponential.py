"""Exponentials and logarithms."""

from mgcli.graph.operation import ABOVE_0, ANY, ATOM, POSITIVE, POWER, PRODUCT, SUM, Form, Operation, latex_call

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "exp",
        lambda m, x: m.exp(x),
        (lambda m, z, x: z,),
        latex=Form(POWER, "e^{", ANY, "}"),
        range=POSITIVE,
        description="exponential, e to the power of x",
        example=(0.5,),
    ),
    Operation(
        "expm1",
        lambda m, x: m.expm1(x),
        (lambda m, z, x: m.exp(x),),
        latex=Form(SUM, "e^{", ANY, "} - 1"),
        description="exp(x) - 1, exact for small x",
        example=(0.5,),
    ),
    Operation(
        "exp2",
        lambda m, x: m.pow(2, x),
        (lambda m, z, x: z * m.log(2),),
        latex=Form(POWER, "2^{", ANY, "}"),
        range=POSITIVE,
        description="2 to the power of x",
        example=(0.5,),
    ),
    Operation(
        "log",
        lambda m, x: m.log(x),
        (lambda m, z, x: 1 / x,),
        latex=latex_call(r"\ln"),
        aliases=("ln",),
        domain=ABOVE_0,
        description="natural logarithm",
        example=(2.0,),
    ),
    Operation(
        "log1p",
        lambda m, x: m.log1p(x),
        (lambda m, z, x: 1 / (1 + x),),
        latex=Form(ATOM, r"\ln\left(1 + ", PRODUCT, r"\right)"),
        domain="x > -1",
        description="log(1 + x), exact for small x",
        example=(0.5,),
    ),
    Operation(
        "log2",
        lambda m, x: m.log2(x),
        (lambda m, z, x: 1 / (x * m.log(2)),),
        latex=latex_call(r"\log_{2}"),
        domain=ABOVE_0,
        description="logarithm to base 2",
        example=(2.0,),
    ),
    Operation(
        "log10",
        lambda m, x: m.log10(x),
        (lambda m, z, x: 1 / (x * m.log(10)),),
        latex=latex_call(r"\log_{10}"),
        domain=ABOVE_0,
        description="logarithm to base 10",
        example=(2.0,),
    ),
)
