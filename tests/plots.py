"""Plots that several tests draw."""

from mgcli.analysis.curves import Curve, Tangent
from mgcli.render.plot import CurvePlot


def curve_plot(text: str = "x**2", **extra: Curve | Tangent) -> CurvePlot:
    points = [float(point) for point in range(-3, 4)]
    value = Curve(points, [point * point for point in points], {})
    return CurvePlot(text, {}, "x", "f", value, **extra)
