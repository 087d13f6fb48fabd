import type { Aside } from "./asides.ts";
import type { Scene, SessionScene } from "./scene.ts";
import { Session } from "./session.ts";
import { readCall, shellCall } from "./tool_calls.ts";
import { type Happening, MARA, type World } from "./world.ts";

const MINUTE = 60;
const SECOND_MS = 1_000;

/** A session that works through the next steps of its repository's story, and what becomes of its branch. */
export function playSession(world: World, scene: Scene & SessionScene): Happening[] {
  const session = new Session(world, scene);
  const { dice } = session;
  const happenings: Happening[] = [];
  let now = world.timeOf(scene);
  const then = (seconds: number, play: (at: number) => void) => {
    now += seconds * SECOND_MS;
    const at = now;
    happenings.push({ at, play: () => play(at) });
  };

  const { transcript, folder } = session;
  const talk = ({ ask, reads, commands, answer }: Aside) => {
    then(dice.between(90, 300), (at) => transcript.user(at, ask));
    for (const path of reads) {
      then(dice.between(4, 12), (at) => {
        const text = session.workshop.read(session.branch, path)!;
        transcript.tool(at, { ...readCall(folder, { path, text }), tookMs: 50 });
      });
    }
    for (const { command, stdout } of commands) {
      const call = shellCall(command, { description: "Look closer", stdout });
      then(dice.between(8, 50), (at) => transcript.tool(at, { ...call, tookMs: 900 }));
    }
    then(dice.between(10, 40), (at) => transcript.say(at, answer));
  };

  let base = 0;
  then(0, (at) => {
    base = session.workshop.history.branches.get("main")!;
    session.begin(at);
  });
  session.workshop.takeSteps(scene.steps).forEach((step, i) => {
    if (i + 1 === scene.pause?.before) now += scene.pause.minutes * MINUTE * SECOND_MS;
    const byHand = scene.way === "byHand" || scene.way === "mixed";
    const edits = scene.way === "mixed" ? step.edits.slice(-1) : step.edits;
    then(i === 0 ? 10 : dice.between(3 * MINUTE, 18 * MINUTE), (at) => session.ask(at, step));
    then(dice.between(15, 70), (at) => session.look(at, step));
    for (const edit of edits) then(dice.between(70, 260), (at) => session.edit(at, edit));
    then(dice.between(30, 120), (at) => session.check(at));
    if (!byHand) then(dice.between(25, 90), (at) => session.commit(at, step));
    then(dice.between(6, 20), (at) => session.report(at, step));
    for (const aside of scene.asides ?? []) if (aside.after === i + 1) talk(aside);
    if (!byHand) return;
    const minutes = scene.after ?? dice.between(12, 28);
    then(minutes * MINUTE, (at) => session.commitByHand(at, step));
  });
  then(2, () => session.end());

  const { branch } = scene;
  if (branch !== undefined) {
    then(branch.after * MINUTE, (at) => {
      const { history } = session.workshop;
      const landing = { base, at: Math.floor(at / SECOND_MS) * SECOND_MS };
      switch (branch.lands) {
        case "rebase":
          return void history.rebase(branch.name, landing);
        case "merge":
          return void history.merge(branch.name, { ...landing, author: MARA });
        case "squash":
          return void history.squash(branch.name, { ...landing, pull: dice.between(12, 90) });
        default:
          branch.lands satisfies never;
      }
    });
  }
  return happenings;
}
