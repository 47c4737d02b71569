"""Cells, packets and times, without a video."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.media.sampling import CellSampler, PacketPlanner, cell_of
from indexer.media.timeline import Timeline


@dataclass
class Packet:
    pts: int | None
    is_keyframe: bool = False
    is_discard: bool = False
    size: int = 1000


def plan(packets, *, restarts=True):
    planner = PacketPlanner(lambda pts: pts / 1000, lambda packet: restarts)
    return list(planner.plan(packets))


def groups(*sizes, step=100):
    """Key packets every so many, in display order."""
    packets = []
    for size in sizes:
        for i in range(size):
            packets.append(Packet(len(packets) * step, is_keyframe=i == 0))
    return packets


def sample(times, end_s):
    sampler = CellSampler()
    given_out = [pair for i, t in enumerate(times) for pair in sampler.add(t, i)]
    return given_out + list(sampler.finish(end_s))


@pytest.mark.parametrize(
    ("time_s", "cell"), [(0, 0), (0.49, 0), (0.5, 1), (0.4999999, 1), (-0.1, -1), (7.75, 15)]
)
def test_cells(time_s, cell):
    assert cell_of(time_s) == cell


def test_sampler():
    assert sample([0, 0.2, 0.5, 0.9, 1.0], 1.1) == [(0, 0), (0.5, 2), (1.0, 4)]
    assert sample([0, 0.3, 5.0], 5.1) == [(0, 0), (0.5, 1), (5.0, 2)]
    assert sample([0, 0.3], 9) == [(0, 0), (0.5, 1)]
    assert sample([0, 0.3], 0.6) == [(0, 0)]
    assert sample([0, 3], 9) == [(0, 0), (3, 1)]
    assert sample([-0.2, 0.1], 1) == [(0.1, 1)]
    assert sample([-9, -0.2, 0.7], 1) == [(0, 1), (0.7, 2)]
    assert sample([-9, -8], -7) == [(0, 1)]
    assert sample([], 0) == []


@given(st.lists(st.floats(0.001, 3), min_size=1, max_size=60))
def test_sampler_keeps_whoever_fills_forward_right(steps):
    times = [0.0]
    for step in steps:
        times.append(times[-1] + step)
    given_out = sample(times, times[-1] + 1)
    moments = [t for t, _ in given_out]
    assert moments == sorted(set(moments))
    assert len({cell_of(t) for t in moments}) == len(moments)
    for moment, index in given_out:  # what is given at t is on screen at t
        assert index == max(i for i, t in enumerate(times) if t <= moment + 1e-6)
    for cell in range(cell_of(times[-1])):  # and the last before a cell's end is from that cell
        filled = [i for t, i in given_out if cell_of(t) <= cell][-1]
        assert filled >= max(i for i, t in enumerate(times) if t <= cell / 2 + 1e-6)


def test_tail_of_a_closed_group_is_dropped():
    planned = plan(groups(10, 10))
    assert [(p.pts, wanted) for p, wanted in planned if wanted] == [
        (0, True), (500, True), (1000, True), (1500, True), (1900, True),
    ]  # fmt: skip
    assert [p.pts for p, _ in planned] == [*range(0, 600, 100), *range(1000, 2000, 100)]


def test_nothing_is_dropped_before_a_key_that_refers_back():
    packets = groups(10, 10)
    assert [p for p, _ in plan(packets, restarts=False)] == packets


def test_nothing_is_dropped_before_leading_pictures():
    key = Packet(1000, is_keyframe=True)
    packets = [*groups(9), key, Packet(900), Packet(950), Packet(1100), Packet(1200)]
    assert [p.pts for p, _ in plan(packets)][:9] == [p.pts for p in packets[:9]]


def test_pictures_of_key_codecs_are_dropped_whole():
    packets = [Packet(i * 40, is_keyframe=True) for i in range(50)]
    planned = plan(packets)
    assert [p.pts for p, _ in planned] == [0, 520, 1000, 1520, 1960]


def test_without_time_all_is_decoded():
    packets = [Packet(None, is_keyframe=i == 0) for i in range(5)]
    assert plan(packets) == [(p, True) for p in packets]


def test_pictures_outside_the_edit_list_open_no_cell():
    packets = [Packet(0, True, is_discard=True), Packet(100), Packet(200), Packet(600)]
    assert [wanted for _, wanted in plan(packets)] == [False, True, False, True]


def test_damage_ends_the_economy():
    planner = PacketPlanner(lambda pts: pts / 1000, lambda packet: True)
    packets = groups(10, 10, 10)
    got = []
    for packet, wanted in planner.plan(packets):
        got.append((packet, wanted))
        planner.cautious = True
    assert [p for p, _ in got[-20:]] == packets[10:]
    assert all(wanted for _, wanted in got[-20:])


def test_what_is_held_is_bounded():
    seen = []

    def packets():
        for i in range(3000):
            seen.append(i)
            yield Packet(i * 10, is_keyframe=i == 0, size=10)

    planner = PacketPlanner(lambda pts: pts / 1000, lambda packet: True)
    next(planner.plan(packets()))
    assert len(seen) <= 700
    seen.clear()
    large = (Packet(i, is_keyframe=i == 0, size=8 << 20) for i in range(100))
    next(planner.plan(seen.append(p) or p for p in large))
    assert len(seen) <= 6


@given(
    st.lists(st.tuples(st.integers(1, 900), st.booleans()), min_size=1, max_size=80),
    st.randoms(use_true_random=False),
)
def test_wanted_pictures_survive_any_order(steps, random):
    """Within a group any decoding order: each cell's first picture is wanted and kept."""
    packets, now = [], 0
    for step, is_key in steps:
        now += step
        packets.append(Packet(now, is_keyframe=is_key or not packets))
    shuffled, group = [], []
    for packet in [*packets, None]:
        if group and (packet is None or packet.is_keyframe):
            tail = group[1:]
            random.shuffle(tail)
            shuffled += [group[0], *tail]
            group = []
        if packet is not None:
            group.append(packet)
    first = {}
    for packet in packets:
        first.setdefault(cell_of(packet.pts / 1000), packet.pts)
    wanted = {packet.pts for packet, is_wanted in plan(shuffled) if is_wanted}
    assert set(first.values()) <= wanted


BASE = Fraction(1, 100)


def test_timeline_starts_at_its_origin():
    timeline = Timeline(BASE, origin_s=2.0, fps=10)
    assert timeline.place(250, 10) == 0.5
    assert timeline.end_s == pytest.approx(0.6)
    assert timeline.place(190, 10) == pytest.approx(-0.1)


def test_timeline_without_an_origin_takes_the_first_frame():
    timeline = Timeline(BASE, origin_s=None, fps=10)
    assert [timeline.place(pts, None) for pts in (700, 710)] == pytest.approx([0, 0.1])
    assert timeline.end_s == pytest.approx(0.2)


def test_timeline_invents_missing_times():
    timeline = Timeline(BASE, origin_s=0.0, fps=4)
    placed = [timeline.place(pts, None) for pts in (None, None, 50, None)]
    assert placed == pytest.approx([0, 0.25, 0.5, 0.75])


def test_timeline_closes_jumps():
    joined = Timeline(BASE, origin_s=0.0, fps=10, broken=True)
    placed = [joined.place(pts, 10) for pts in (0, 10, 900_000, 900_010, 0, 10)]
    assert placed == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert joined.end_s == pytest.approx(0.6)
    slides = Timeline(BASE, origin_s=0.0, fps=10)
    assert [slides.place(pts, 10) for pts in (0, 6000)] == [0, 60]
