"""Derivatives that no formula of other functions gives to full precision; only stable forms call them."""

from mgcli.graph.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "sinc_slope",
        lambda m, x: m.sinc_slope(x),
        (lambda m, z, x: -m.sinc(x) - 2 * z / x,),
        function=False,
        description="derivative of sinc",
        example=(0.5,),
        # The spherical Bessel function of order 1.
        mpmath=lambda c, x: -c.sign(x) * c.sqrt(c.pi / 2 / abs(x)) * c.besselj(1.5, abs(x)) if x else x,
    ),
)
