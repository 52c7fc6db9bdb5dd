"""The shares of an uncertainty as bars, in the terminal and in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mgcli.analysis.uncertainty import Propagated
from mgcli.render.budget import ordered_shares, percent
from mgcli.render.plot_file import BLUE, ORANGE, empty_figure, written
from mgcli.render.visible import visible


def bars(result: Propagated, width: int, *, plain: bool = False) -> Iterator[str]:
    """Yield the lines of bars as long as the shares, `width` columns wide; with `plain`, of ASCII characters.

    A negative share has a bar of another kind.
    """
    rows = [(visible(share.name), share.share, percent(share.share)) for share in ordered_shares(result)]
    widest = max((len(name) for name, _, _ in rows), default=0)
    longest = max((len(text) for _, _, text in rows), default=0)
    room = max(1, width - widest - longest - 4)
    largest = max((abs(share) for _, share, _ in rows if share == share), default=0.0) or 1.0
    whole, negative = ("#", "-") if plain else ("█", "░")
    for name, share, text in rows:
        length = 0 if share != share else round(room * abs(share) / max(1.0, largest))
        bar = (whole if share > 0 else negative) * length
        yield f"{name.ljust(widest)}  {bar.ljust(room)}  {text.rjust(longest)}".rstrip()


def bars_picture(result: Propagated, title: str, form: str) -> bytes:
    """Return the picture of the bars in `form`. Raises RenderError without matplotlib."""
    shares = ordered_shares(result)[::-1]
    with empty_figure(title + "".join(share.name for share in shares)) as figure:
        figure.set_size_inches(9.6, 1.6 + 0.5 * len(shares))
        axes = figure.add_subplot()
        lengths = [100 * share.share if share.share == share.share else 0.0 for share in shares]
        places: Sequence[int] = range(len(shares))
        axes.barh(places, lengths, color=[BLUE if length >= 0 else ORANGE for length in lengths], height=0.6)
        axes.set_yticks(places, [visible(share.name) for share in shares], parse_math=False)
        axes.bar_label(axes.containers[0], [percent(share.share) for share in shares], padding=4)  # type: ignore[arg-type]
        axes.set_xlabel("share of the variance, %")
        axes.grid(visible=False, axis="y")
        axes.margins(x=0.12)
        axes.set_title(visible(title), fontsize=15, pad=14, parse_math=False)
        return written(figure, form, title)
