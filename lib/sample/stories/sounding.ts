import type { Story } from "../story.ts";
import { soundingPart2 } from "./sounding_part2.ts";
import { soundingPart3 } from "./sounding_part3.ts";

/** A pipeline from echo soundings and weather to depths and surge. */
export const sounding: Story = {
  name: "sounding",
  check: "pytest -q",
  release: { path: "pyproject.toml", before: 'version = "', after: '"' },
  dependencies: {
    path: "pyproject.toml",
    lines: ['"numpy==2.1.', '"xarray==2024.9.', '"pytest==8.3.'],
  },
  first: {
    "README.md": `# sounding

Turns soundings into a depth grid, and the weather into a surge forecast.
`,
    "pyproject.toml": `[project]
name = "sounding"
version = "0.1.0"
dependencies = [
  "numpy==2.1.0",
  "xarray==2024.9.0",
  "pytest==8.3.0",
]
`,
    "sounding/__init__.py": `"""Depths and surge for the western ports."""
`,
  },
  steps: [
    {
      subject: "feat(read): soundings from NMEA logs",
      ask:
        "Parse DBT and GGA sentences from the boats' logs into (time, lat, lon, depth). Verify the checksum, skip what fails and count it.",
      edits: [{
        path: "sounding/nmea.py",
        text: `from dataclasses import dataclass


@dataclass(frozen=True)
class Sounding:
    seconds: float
    latitude: float
    longitude: float
    depth: float


def checksum_ok(sentence: str) -> bool:
    """Whether the two hex digits after the star match the sentence."""
    body, _, digits = sentence.strip().removeprefix("$").partition("*")
    total = 0
    for character in body:
        total ^= ord(character)
    return digits.upper() == f"{total:02X}"


def degrees(value: str, hemisphere: str) -> float:
    """Converts ddmm.mmmm to degrees."""
    point = value.index(".")
    whole, minutes = value[: point - 2], value[point - 2 :]
    result = int(whole) + float(minutes) / 60
    return -result if hemisphere in "SW" else result
`,
      }],
    },
    {
      subject: "feat(read): join depth with position",
      ask:
        "Pair every DBT with the position interpolated between the GGA before and after, drop it if they're more than 3 s apart.",
      edits: [{
        path: "sounding/join.py",
        text: `from bisect import bisect_left

from sounding.nmea import Sounding

MAX_GAP_SECONDS = 3.0


def join(depths: list[tuple[float, float]], positions: list[tuple[float, float, float]]) -> list[Sounding]:
    """Gives each depth a position between the two fixes around it."""
    times = [it[0] for it in positions]
    joined = []
    for seconds, depth in depths:
        after = bisect_left(times, seconds)
        if after == 0 or after == len(times):
            continue
        (t0, lat0, lon0), (t1, lat1, lon1) = positions[after - 1], positions[after]
        if t1 - t0 > MAX_GAP_SECONDS:
            continue
        share = (seconds - t0) / (t1 - t0)
        joined.append(Sounding(seconds, lat0 + share * (lat1 - lat0), lon0 + share * (lon1 - lon0), depth))
    return joined
`,
      }],
    },
    {
      subject: "test(read): checksums and hemispheres",
      ask: "Tests for nmea.py: a good checksum, a bad one, a southern and a western position.",
      edits: [{
        path: "tests/test_nmea.py",
        text: `from pytest import approx

from sounding.nmea import checksum_ok, degrees


def test_a_checksum_covers_the_body():
    assert checksum_ok("$SDDBT,036.4,f,011.1,M,006.0,F*04") is False
    assert checksum_ok("$GPGLL,5057.970,N,00146.110,E,142451,A*27")


def test_south_and_west_are_negative():
    assert degrees("4838.460", "N") == approx(48.641)
    assert degrees("00201.680", "W") == approx(-2.028)
`,
      }],
    },
    {
      subject: "feat(tide): reduce soundings to datum",
      ask:
        "A depth is only comparable after subtracting the tide at its time. Fetch heights from tidemark and reduce. Refuse to extrapolate.",
      edits: [{
        path: "sounding/reduce.py",
        text: `import numpy as np

from sounding.nmea import Sounding


class OutsidePrediction(ValueError):
    """The soundings lie outside the times that heights are known for."""


def reduce(soundings: list[Sounding], times: np.ndarray, heights: np.ndarray) -> np.ndarray:
    """Depths below datum in metres, one per sounding."""
    seconds = np.array([it.seconds for it in soundings])
    if seconds.min() < times[0] or seconds.max() > times[-1]:
        raise OutsidePrediction(f"heights cover {times[0]} to {times[-1]}")
    depths = np.array([it.depth for it in soundings])
    return depths - np.interp(seconds, times, heights)
`,
      }],
    },
    {
      subject: "feat(grid): median depth per cell",
      ask:
        "Grid the soundings on 25 m cells (local metres are fine at this scale), median per cell, and the count.",
      edits: [{
        path: "sounding/grid.py",
        text: `import numpy as np

METRES_PER_DEGREE = 111_320.0


def cells(latitudes: np.ndarray, longitudes: np.ndarray, size: float = 25.0) -> np.ndarray:
    """Row and column of the cell of each position."""
    rows = np.floor(latitudes * METRES_PER_DEGREE / size)
    scale = np.cos(np.radians(latitudes))
    columns = np.floor(longitudes * METRES_PER_DEGREE * scale / size)
    return np.stack([rows, columns], axis=1).astype(np.int64)


def median_by_cell(keys: np.ndarray, depths: np.ndarray) -> dict[tuple[int, int], tuple[float, int]]:
    found: dict[tuple[int, int], list[float]] = {}
    for (row, column), depth in zip(keys.tolist(), depths.tolist()):
        found.setdefault((row, column), []).append(depth)
    return {key: (float(np.median(values)), len(values)) for key, values in found.items()}
`,
      }],
    },
    {
      subject: "fix(grid): one scale for a whole grid",
      ask:
        "Cells shift sideways along a track since the cosine is taken per position. Use the cosine of the area's middle latitude.",
      edits: [{
        path: "sounding/grid.py",
        instead: `    scale = np.cos(np.radians(latitudes))
`,
        text: `    middle = (latitudes.min() + latitudes.max()) / 2
    scale = np.cos(np.radians(middle))
`,
      }],
    },
    {
      subject: "feat(outliers): drop fish and bubbles",
      ask:
        "Echoes off fish give 2 m in 18 m of water. Drop soundings that differ from the running median of 21 by more than 3 scaled MADs.",
      edits: [{
        path: "sounding/outliers.py",
        text: `import numpy as np

WINDOW = 21
LIMIT = 3.0
TO_SIGMA = 1.4826


def keep(depths: np.ndarray) -> np.ndarray:
    """True for each depth that its neighbours agree with."""
    half = WINDOW // 2
    padded = np.pad(depths, half, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)
    median = np.median(windows, axis=1)
    spread = np.median(np.abs(windows - median[:, None]), axis=1) * TO_SIGMA
    return np.abs(depths - median) <= LIMIT * np.maximum(spread, 0.05)
`,
      }],
    },
    {
      subject: "test(outliers): a fish goes, a slope stays",
      ask: "Test keep(): a single 2 m echo in 18 m is dropped, a steady slope is untouched.",
      edits: [{
        path: "tests/test_outliers.py",
        text: `import numpy as np

from sounding.outliers import keep


def test_a_fish_goes():
    depths = np.full(60, 18.0)
    depths[30] = 2.0
    assert np.flatnonzero(~keep(depths)).tolist() == [30]


def test_a_slope_stays():
    assert keep(np.linspace(3.0, 30.0, 200)).all()
`,
      }],
    },
    ...soundingPart2,
    ...soundingPart3,
  ],
};
