"""Plots that several tests draw."""

from mgcli.curves import Curve
from mgcli.plotting import CurvePlot


def curve_plot(text="x**2", **extra):
    points = [float(point) for point in range(-3, 4)]
    value = Curve(points, [point * point for point in points], {})
    return CurvePlot(text, {}, "x", "f", value, **extra)
