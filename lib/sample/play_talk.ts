import { applyEdit } from "./file_edit.ts";
import type { Scene, TalkScene } from "./scene.ts";
import { editCall, readCall, shellCall } from "./tool_calls.ts";
import { Transcript } from "./transcript.ts";
import type { Happening, TranscriptPages, World } from "./world.ts";

const SECOND = 1_000;

/** A session without a commit. */
export function playTalk(world: World, scene: Scene & TalkScene): Happening[] {
  const cwd = world.folder(scene.repo);
  const known = world.workshops.get(scene.repo);
  const at = world.timeOf(scene);
  return [{
    at,
    play() {
      const dice = world.dice(scene);
      const pages: TranscriptPages = { sessionId: dice.uuid(), cwd, agent: null, lines: [] };
      world.transcripts.push(pages);
      const transcript = new Transcript({
        sessionId: pages.sessionId,
        cwd,
        branch: () => known === undefined ? "" : "main",
        version: world.agentVersion(scene.day),
        model: world.model(scene.day),
        dice,
        write: (line) => pages.lines.push(line),
      });
      let time = at;
      for (const { ask, answer, edit } of scene.turns) {
        transcript.user(time, ask);
        time += dice.between(8, 40) * SECOND;
        if (known !== undefined) {
          const text = known.read("main", "README.md")!;
          const call = readCall(cwd, { path: "README.md", text });
          transcript.tool(time, { ...call, tookMs: 40 });
        }
        if (edit !== undefined) {
          time += dice.between(20, 90) * SECOND;
          transcript.tool(time, { ...editCall(cwd, applyEdit(null, edit)), tookMs: 90 });
        }
        if (edit !== undefined && known !== undefined) {
          time += dice.between(60, 200) * SECOND;
          const call = shellCall(`rm ${edit.path}`, {
            description: "Remove the trial",
            stdout: "",
          });
          transcript.tool(time, { ...call, tookMs: 60 });
        }
        time += dice.between(15, 90) * SECOND;
        transcript.say(time, answer);
        time += dice.between(2, 9) * 60 * SECOND;
      }
      transcript.note({ type: "ai-title", aiTitle: scene.title });
    },
  }];
}
