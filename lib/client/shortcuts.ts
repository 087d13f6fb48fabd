/** What keys do, in groups, for the overlay and the help page. */
export const KEY_GROUPS: { name: string; keys: [keys: string[], does: string][] }[] = [
  {
    name: "Everywhere",
    keys: [
      [["Ctrl K", "/"], "Search"],
      [["?"], "Show these keys"],
      [["g", "o"], "Go to the overview"],
      [["g", "p"], "Go to projects"],
      [["g", "s"], "Go to sessions"],
      [["g", "c"], "Go to commits"],
      [["g", "e"], "Go to edits"],
      [["g", "r"], "Go to repositories"],
      [["g", "t"], "Go to settings"],
      [["Esc"], "Close"],
    ],
  },
  {
    name: "In the loom",
    keys: [
      [["←", "→"], "Step through commits or sessions"],
      [["↑", "↓"], "Follow a thread to its session or its commit"],
      [["Enter"], "Open what is traced"],
      [["+", "−"], "Zoom"],
      [["Shift ←", "Shift →"], "Move"],
      [["0"], "Show everything"],
      [["Esc"], "Clear selection"],
    ],
  },
];

/** Where `g` and a letter lead. */
export const GO_TO: Record<string, string> = {
  o: "/",
  p: "/projects",
  s: "/sessions",
  c: "/commits",
  e: "/edits",
  r: "/repositories",
  t: "/settings",
};
