import type { Step } from "../story.ts";

/** What happens to sounding after the steps before it, part 2 of 3. */
export const soundingPart2: Step[] = [{
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}, {
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
}];
