import { resolvePath } from "./paths.ts";

/** A file that a shell command writes from a heredoc. */
export interface HeredocWrite {
  path: string;
  content: string;
}

const START = /<<(-?)\s*(["']?)([\w.-]+)\2/;
const WORD = String.raw`("[^"\n]+"|'[^'\n]+'|[^\s;&|<>()"']+)`;
const TARGET = new RegExp(String.raw`>>?\s*${WORD}`);
const TEE = new RegExp(String.raw`\btee\s+(?:-a\s+|--append\s+)?${WORD}`);
const CD = new RegExp(String.raw`^\s*cd\s+${WORD}\s*(?:&&|;|\n)`);

/**
 * Finds the files that `cat > file <<'EOF'` and `tee file <<EOF` write.
 *
 * @param options.cwd The folder that relative paths start from, unless the command changes it first.
 */
export function readHeredocs(command: string, options: { cwd: string | null }): HeredocWrite[] {
  if (!command.includes("<<")) return [];
  const cd = CD.exec(command)?.[1];
  const cwd = cd === undefined ? options.cwd : resolvePath(unquote(cd), options.cwd);
  const lines = command.split("\n");
  const writes: HeredocWrite[] = [];
  for (let i = 0; i < lines.length; i++) {
    const start = START.exec(lines[i]);
    if (start === null) continue;
    const [marker, dash, , delimiter] = start;
    const around = lines[i].replace(marker, " ");
    const target = /\b(?:cat|tee)\b/.test(around)
      ? (TARGET.exec(around) ?? TEE.exec(around))?.[1]
      : undefined;
    const body: string[] = [];
    let closed = false;
    let end = i + 1;
    for (; end < lines.length && !closed; end++) {
      const line = dash === "-" ? lines[end].replace(/^\t+/, "") : lines[end];
      if (line === delimiter) closed = true;
      else body.push(line);
    }
    i = end - 1;
    if (target === undefined || !closed) continue;
    const path = unquote(target);
    if (path.startsWith("/dev/") || path.includes("$")) continue;
    writes.push({ path: resolvePath(path, cwd), content: body.join("\n") });
  }
  return writes;
}

function unquote(word: string): string {
  return /^["']/.test(word) ? word.slice(1, -1) : word;
}
