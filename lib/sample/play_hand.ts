import type { HandScene, Scene } from "./scene.ts";
import { type Happening, JONAS, MARA, type World } from "./world.ts";

const MINUTE = 60_000;

/** Commits that no session had a part in. */
export function playHand(world: World, scene: Scene & HandScene): Happening[] {
  const workshop = world.workshop(scene.repo);
  const dice = world.dice(scene);
  const author = scene.who === "mara" ? MARA : JONAS;
  let at = world.timeOf(scene);
  return workshop.takeSteps(scene.steps).map(({ subject, edits }) => {
    at += dice.between(2, 9) * MINUTE;
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
    at += dice.between(1, 6) * MINUTE;
    const draft = { author: JONAS, at, message: `${subject}\n`, edits: [edit], sessions: [] };
    return { at, play: () => void history.commit("main", draft) };
  });
}
