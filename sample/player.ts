import { applyEdit } from "./history.ts";

import { editCall, readCall, Session, shellCall } from "./session.ts";
import type { Aside, HandScene, Scene, SessionScene, TalkScene } from "./story.ts";
import { Transcript } from "./transcript.ts";
import { type Happening, JONAS, MARA, type TranscriptPages, type World } from "./world.ts";

const MINUTE_MS = 60_000;

/** Commits that no session had a part in. */
export function playHand(world: World, scene: Scene & HandScene): Happening[] {
  const workshop = world.workshop(scene.repo);
  const dice = world.dice(scene);
  const author = scene.who === "mara" ? MARA : JONAS;
  let at = world.timeOf(scene);
  return workshop.takeSteps(scene.steps).map(({ subject, edits }) => {
    at += dice.between(2, 9) * MINUTE_MS;
    const draft = { author, at, message: `${subject}\n`, edits, sessions: [] };
    return { at, play: () => void workshop.commit("main", draft) };
  });
}

/** A version: its number is raised, and the commit tagged. */
export function playRelease(world: World, scene: Scene): Happening[] {
  const { history } = world.workshop(scene.repo);
  const { version, edit } = world.workshop(scene.repo).nextRelease();
  const at = world.timeOf(scene);
  const message = `chore: release ${version}\n`;
  return [{
    at,
    play() {
      const draft = { author: MARA, at, message, edits: [edit], sessions: [] };
      history.tags.set(`v${version}`, history.commit("main", draft).mark);
    },
  }];
}

/** Every dependency to its next version. */
export function playDependencies(world: World, scene: Scene): Happening[] {
  const { history } = world.workshop(scene.repo);
  const dice = world.dice(scene);
  let at = world.timeOf(scene);
  return world.workshop(scene.repo).raiseDependencies().map(({ subject, edit }) => {
    at += dice.between(1, 6) * MINUTE_MS;
    const draft = { author: JONAS, at, message: `${subject}\n`, edits: [edit], sessions: [] };
    return { at, play: () => void history.commit("main", draft) };
  });
}

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
