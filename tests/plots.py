"""Plots that several tests draw."""

from collections.abc import Sequence
from typing import Any

from mgcli.analysis.curves import Curve
from mgcli.render.plot import CurvePlot, Line


def line_plot(points: Sequence[float], values: Sequence[float], text: str = "x", **extra: Any) -> CurvePlot:
    return CurvePlot([text], [None], {}, "x", [Line(Curve(points, values, {}), "f(x)", None)], **extra)


def curve_plot(text: str = "x**2", derivative: Curve | None = None, **extra: Any) -> CurvePlot:
    points = [float(point) for point in range(-3, 4)]
    lines = [Line(Curve(points, [point * point for point in points], {}), "f(x)", None)]
    if derivative:
        lines.append(Line(derivative, "df/dx", None, derivative=True))
    return CurvePlot([text], [None], {}, "x", lines, **extra)
