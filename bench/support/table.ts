import { type Figure, keeps, printed } from "./bench.ts";

/** Prints figures as one table. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what,
    printed(figure.value, figure.unit),
    figure.bound === null ? "" : printed(figure.bound, figure.unit),
    figure.bound === null ? "" : keeps(figure) ? "kept" : "OVER",
    figure.beside ?? "",
  ]);
  const all = [["what", "measured", "bound", "", "beside"], ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) =>
    row.map((cell, column) =>
      column === 1 || column === 2 ? cell.padStart(widths[column]) : cell.padEnd(widths[column])
    ).join("  ").trimEnd()
  ).join("\n");
}
