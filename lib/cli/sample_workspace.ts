import { join } from "node:path";
import { SAMPLE_FOLDER } from "../erase.ts";
import type { GitRunner } from "../git/runner.ts";

/** The sample workspace that is shown while there is no real one. */
export interface SampleWorkspace {
  /** Where its database is, apart from the real one. */
  dataDir: string;
  claudeDir: string;
}

/**
 * Makes the sample workspace inside a data folder, unless today's is there already.
 *
 * @throws {Error} If git is missing, or the folder cannot be written.
 */
export async function prepareSample(
  dataDir: string,
  { git, today }: { git: GitRunner; today: string },
): Promise<SampleWorkspace> {
  const folder = sampleFolder(dataDir);
  const stamp = join(folder, "date");
  const workspace = join(folder, "workspace");
  const sample = { dataDir: join(folder, "data"), claudeDir: join(workspace, "claude") };
  if (readIfThere(stamp) === today) return sample;
  removeSample(dataDir);
  // Its stories are many, and few need them.
  const { buildSample } = await import("../sample/sample.ts");
  await buildSample(workspace, { date: today, git });
  await Deno.mkdir(sample.dataDir);
  // Written last: a sample that was cut short is made again.
  await Deno.writeTextFile(stamp, today);
  return sample;
}

/** Removes the sample workspace with its database, where there is one. */
export function removeSample(dataDir: string): void {
  try {
    Deno.removeSync(sampleFolder(dataDir), { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function sampleFolder(dataDir: string): string {
  return join(dataDir, SAMPLE_FOLDER);
}

function readIfThere(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}
