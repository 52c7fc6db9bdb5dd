"""Plots that several tests draw."""

from mgcli.analysis.curves import Curve
from mgcli.render.plot import CurvePlot


def curve_plot(text="x**2", **extra):
    points = [float(point) for point in range(-3, 4)]
    value = Curve(points, [point * point for point in points], {})
    return CurvePlot(text, {}, "x", "f", value, **extra)
