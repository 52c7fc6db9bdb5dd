"""Plots that several tests draw."""

from typing import Any

from mgcli.analysis.curves import Curve
from mgcli.render.plot import CurvePlot


def curve_plot(text: str = "x**2", **extra: Any) -> CurvePlot:
    points = [float(point) for point in range(-3, 4)]
    value = Curve(points, [point * point for point in points], {})
    return CurvePlot(text, {}, "x", "f", value, **extra)
