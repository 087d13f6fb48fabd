/** What a process holds, as far as the system tells. */
export interface Footprint {
  /** Resident memory, in MB. */
  memory: number;
  /** Open file descriptors. */
  handles: number;
  /** Its child processes. */
  children: number[];
}

/** Looks at a process; null where the system has no `/proc`. */
export function footprintOf(pid: number): Footprint | null {
  if (Deno.build.os !== "linux") return null;
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return {
    memory: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024,
    handles: [...Deno.readDirSync(`/proc/${pid}/fd`)].length,
    children: childrenOf(pid),
  };
}

/** The children of a process, whichever of its threads started them. */
export function childrenOf(pid: number): number[] {
  if (Deno.build.os !== "linux") return [];
  return [...Deno.readDirSync(`/proc/${pid}/task`)].flatMap(({ name }) => {
    try {
      const text = Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`);
      return text.trim().split(/\s+/).filter((it) => it !== "").map(Number);
    } catch {
      // The thread has ended meanwhile.
      return [];
    }
  });
}

/** Whether a process is there, a zombie too. */
export function isAlive(pid: number): boolean {
  try {
    Deno.statSync(`/proc/${pid}`);
    return true;
  } catch {
    return false;
  }
}
