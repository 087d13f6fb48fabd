import type { Page } from "playwright-core";

/** A stretch of time, Unix milliseconds. */
export interface Stretch {
  from: number;
  to: number;
}

/** The stretch of time that a page's loom shows, as the link to the table names it. */
export async function viewOf(page: Page): Promise<Stretch> {
  const href = await page.getByRole("link", { name: "As a table" }).first().getAttribute("href");
  const params = new URL(href!, "http://host").searchParams;
  return { from: Date.parse(params.get("from")!), to: Date.parse(params.get("to")!) };
}

/** How many days a stretch has, as a whole number. */
export function daysOf({ from, to }: Stretch): number {
  return Math.round((to - from) / 86_400_000);
}

/** What `read` gives once it is as wanted and stays so; what it gave last if that takes too long. */
export async function settled<Value>(
  read: () => Promise<Value>,
  isWanted: (value: Value) => boolean = () => true,
): Promise<Value> {
  const deadline = performance.now() + 20_000;
  let last = await read();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = await read();
    const isAtRest = isWanted(now) && JSON.stringify(now) === JSON.stringify(last);
    if (isAtRest || performance.now() > deadline) return now;
    last = now;
  }
}

/** Opens a page, and waits until its loom is painted. */
export async function openLoom(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator(".loom[data-loom=ready]").waitFor();
  await settled(() => inkOf(page), (ink) => ink > 0);
}

/** How many pixels of the loom are not of its first one's colour. */
export async function inkOf(page: Page): Promise<number> {
  return await page.locator(".loom canvas").evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext("2d")!;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let i = 4; i < data.length; i += 4) if (data[i] !== data[0]) ink++;
    return ink;
  });
}

/** A finger's place at the beginning and at the end of a gesture, in CSS pixels across the stage. */
export type Finger = [from: number, to: number];

const STEPS = 8;

/** Puts fingers on the loom, moves them and lifts them, as a touch screen reports it. */
export async function gesture(page: Page, fingers: Finger[]): Promise<void> {
  await page.locator(".loom-stage").evaluate((stage) =>
    stage.scrollIntoView({ block: "center", behavior: "instant" })
  );
  const stage = (await page.locator(".loom-stage").boundingBox())!;
  const client = await page.context().newCDPSession(page);
  const y = stage.y + 60;
  const send = async (type: "touchStart" | "touchMove" | "touchEnd", share = 1) => {
    const touchPoints = type === "touchEnd" ? [] : fingers.map(([from, to], id) => ({
      id,
      x: stage.x + from + (to - from) * share,
      y: y + id * 20,
    }));
    await client.send("Input.dispatchTouchEvent", { type, touchPoints });
  };
  await send("touchStart", 0);
  for (let step = 1; step <= STEPS; step++) await send("touchMove", step / STEPS);
  await send("touchEnd");
  await client.detach();
}
