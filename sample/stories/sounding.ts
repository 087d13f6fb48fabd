import type { Story } from "../story.ts";

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
    {
      subject: "feat(publish): depths as JSON tiles",
      ask:
        "harbor-web wants tiles of 1 km: {cell, depth, count, surveyed}. Write to a temporary folder and rename, so nobody reads half a tile.",
      edits: [{
        path: "sounding/publish.py",
        text: `import json
import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, value: object) -> None:
    """Puts a JSON file in place at once, so that no reader sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        json.dump(value, file, separators=(",", ":"), sort_keys=True)
    os.replace(temporary, path)
`,
      }],
    },
    {
      subject: "feat(surge): inverse barometer",
      ask:
        "First version of the surge forecast: 1 cm per hPa below 1013, from the hourly pressure file. Wind comes later.",
      edits: [{
        path: "sounding/surge.py",
        text: `STANDARD_HPA = 1013.25
METRES_PER_HPA = 0.01


def from_pressure(hpa: float) -> float:
    """What the air pressure adds to the tide, in metres."""
    return (STANDARD_HPA - hpa) * METRES_PER_HPA
`,
      }],
    },
    {
      subject: "feat(surge): wind set-up along the fetch",
      ask:
        "Add the wind part: tau = rho * cd * u^2, set-up = tau * fetch / (rho_w * g * depth). Cd after Smith & Banke.",
      edits: [{
        path: "sounding/surge.py",
        text: `
AIR_DENSITY = 1.25
WATER_DENSITY = 1027.0
GRAVITY = 9.81


def drag(speed: float) -> float:
    """Drag coefficient at a wind speed in m/s, after Smith and Banke."""
    return (0.63 + 0.066 * speed) / 1000


def from_wind(speed: float, fetch_metres: float, depth_metres: float) -> float:
    """What an onshore wind adds to the tide, in metres."""
    stress = AIR_DENSITY * drag(speed) * speed**2
    return stress * fetch_metres / (WATER_DENSITY * GRAVITY * depth_metres)
`,
      }],
    },
    {
      subject: "test(surge): the storm of 15 October",
      ask:
        "Use the numbers of 15 October (958 hPa, 32 m/s, fetch 60 km, 40 m) as a test: observed surge 1.1 m, accept 15%.",
      edits: [{
        path: "tests/test_surge.py",
        text: `from pytest import approx

from sounding.surge import from_pressure, from_wind


def test_the_storm_of_15_october():
    surge = from_pressure(958.0) + from_wind(32.0, 60_000, 40.0)
    assert surge == approx(1.1, rel=0.15)


def test_high_pressure_lowers_the_sea():
    assert from_pressure(1033.25) == approx(-0.2)
`,
      }],
    },
    {
      subject: "feat(job): run hourly, publish surge.json",
      ask:
        "An hourly job: read the latest weather, compute 48 h of surge per station, publish. Log one line per run.",
      edits: [{
        path: "sounding/job.py",
        text: `import logging
from pathlib import Path

from sounding.publish import write_atomically
from sounding.surge import from_pressure, from_wind

log = logging.getLogger("sounding")


def run(stations: list[dict], weather: list[dict], out: Path) -> int:
    """Publishes the surge of every station, and returns how many values it wrote."""
    values = [
        {
            "station": station["id"],
            "time": hour["time"],
            "metres": round(from_pressure(hour["hpa"]) + from_wind(hour["wind"], station["fetch"], station["depth"]), 2),
        }
        for station in stations
        for hour in weather
    ]
    write_atomically(out / "surge.json", values)
    log.info("published %d surge values", len(values))
    return len(values)
`,
      }],
    },
    {
      subject: "fix(job): keep the last forecast when the weather is late",
      ask:
        "At 04:00 the weather file was empty and we published an empty forecast; tidemark then dropped the surge. Keep the old file and exit 1.",
      edits: [{
        path: "sounding/job.py",
        instead: `    values = [
`,
        text: `    if not weather:
        raise WeatherMissing("no weather: the last forecast stays")
    values = [
`,
      }, {
        path: "sounding/late.py",
        text: `class WeatherMissing(RuntimeError):
    """The weather of this hour has not arrived."""
`,
      }],
    },
    {
      subject: "fix(job): import what it raises",
      ask: "NameError in production, WeatherMissing isn't imported in job.py.",
      edits: [{
        path: "sounding/job.py",
        instead: `from sounding.surge import from_pressure, from_wind
`,
        text: `from sounding.late import WeatherMissing
from sounding.surge import from_pressure, from_wind
`,
      }],
    },
    {
      subject: "perf(grid): group cells with numpy",
      ask:
        "median_by_cell takes 40 s for the August survey (6 M soundings). Sort by key and split, no Python loop over soundings.",
      edits: [{
        path: "sounding/fast_grid.py",
        text: `import numpy as np


def medians(keys: np.ndarray, depths: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells, their median depths and their counts."""
    order = np.lexsort((depths, keys[:, 1], keys[:, 0]))
    keys, depths = keys[order], depths[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(keys, axis=0) != 0).any(axis=1)])
    counts = np.diff(np.r_[starts, len(depths)])
    low = depths[starts + (counts - 1) // 2]
    high = depths[starts + counts // 2]
    return keys[starts], (low + high) / 2, counts
`,
      }],
    },
    {
      subject: "feat(quality): how far neighbours disagree",
      ask:
        "For each cell, the largest difference to its eight neighbours, so harbor-web can hatch doubtful cells.",
      edits: [{
        path: "sounding/quality.py",
        text: `def roughness(depths: dict[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    """The largest difference between a cell and its neighbours, in metres."""
    result = {}
    for (row, column), depth in depths.items():
        differences = [
            abs(depth - depths[row + i, column + j])
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
            if (i, j) != (0, 0) and (row + i, column + j) in depths
        ]
        result[row, column] = max(differences, default=0.0)
    return result
`,
      }],
    },
    {
      subject: "docs: survey day from log to map",
      ask:
        "Write the steps of a survey day into the README: log, join, reduce, clean, grid, publish. One line each.",
      edits: [{
        path: "README.md",
        text: `
## From log to map

1. \`nmea\` reads the boat's log and drops sentences whose checksum is wrong.
2. \`join\` gives each depth a position.
3. \`reduce\` takes the tide away.
4. \`outliers\` drops fish and bubbles.
5. \`grid\` makes cells of 25 m, and \`publish\` puts them where the map finds them.
`,
      }],
    },
    {
      subject: "fix(nmea): positions on the equator have two digits too",
      ask:
        "degrees() fails on \"0001.2\" because there's no leading zero pair in one boat's log. Pad it.",
      edits: [{
        path: "sounding/nmea.py",
        instead: `    point = value.index(".")
`,
        text: `    value = value.rjust(9, "0")
    point = value.index(".")
`,
      }],
    },
    {
      subject: "test(grid): an even count takes the middle of two",
      ask: "fast_grid with two soundings in one cell must give their mean. Add the test.",
      edits: [{
        path: "tests/test_fast_grid.py",
        text: `import numpy as np

from sounding.fast_grid import medians


def test_an_even_count_takes_the_middle_of_two():
    keys = np.array([[1, 1], [1, 1], [2, 5]])
    cells, depths, counts = medians(keys, np.array([4.0, 6.0, 9.0]))
    assert cells.tolist() == [[1, 1], [2, 5]]
    assert depths.tolist() == [5.0, 9.0]
    assert counts.tolist() == [2, 1]
`,
      }],
    },
    {
      subject: "feat(surge): never below what the pressure alone gives",
      ask:
        "Offshore wind makes from_wind negative in the model but we don't trust it. Clip the wind part at zero.",
      edits: [{
        path: "sounding/surge.py",
        text: `
def surge(hpa: float, wind: float, fetch_metres: float, depth_metres: float) -> float:
    """What the weather adds to the tide, in metres; offshore winds count as none."""
    return from_pressure(hpa) + max(0.0, from_wind(wind, fetch_metres, depth_metres))
`,
      }],
    },
    {
      subject: "feat(job): use the clipped surge",
      ask: "Let the job use surge() instead of the two parts.",
      edits: [{
        path: "sounding/job.py",
        instead:
          `            "metres": round(from_pressure(hour["hpa"]) + from_wind(hour["wind"], station["fetch"], station["depth"]), 2),
`,
        text:
          `            "metres": round(surge(hour["hpa"], hour["wind"], station["fetch"], station["depth"]), 2),
`,
      }, {
        path: "sounding/job.py",
        instead: `from sounding.surge import from_pressure, from_wind
`,
        text: `from sounding.surge import surge
`,
      }],
    },
    {
      subject: "feat(survey): which cells are older than five years",
      ask: "Add stale_cells(surveyed, today) so the map can grey out old surveys.",
      edits: [{
        path: "sounding/survey.py",
        text: `from datetime import date, timedelta

FIVE_YEARS = timedelta(days=5 * 365)


def stale_cells(surveyed: dict[tuple[int, int], date], today: date) -> list[tuple[int, int]]:
    """Cells whose last survey is more than five years old, in order."""
    return sorted(cell for cell, day in surveyed.items() if today - day > FIVE_YEARS)
`,
      }],
    },
    {
      subject: "fix(publish): readable by the web server",
      ask: "mkstemp makes 0600 files and nginx answers 403. chmod 0644 before the rename.",
      edits: [{
        path: "sounding/publish.py",
        instead: `    os.replace(temporary, path)
`,
        text: `    os.chmod(temporary, 0o644)
    os.replace(temporary, path)
`,
      }],
    },
  ],
};
