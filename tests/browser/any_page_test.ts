import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { hashOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { useSite } from "../support/site.ts";

describe("a page", () => {
  const site = useSite(() =>
    seedStore({ sessions: 20, commits: 60, repositories: 3, now: Date.now() })
  );

  it("shows in its filters what its address says, when somebody goes back and forward", async () => {
    const { page } = await site.open();
    await page.goto(`${site.url}/?range=month`);
    const repository = page.getByLabel("Repository");
    await repository.selectOption(repositoryIdOf(2));
    await page.getByRole("button", { name: "Show" }).click();
    await page.waitForURL(/repository=0{39}2/);
    await page.goBack();
    await page.waitForURL(/range=month$/);
    assertEquals(await repository.inputValue(), "");
    await page.goForward();
    await page.waitForURL(/repository=0{39}2/);
    assertEquals(await repository.inputValue(), repositoryIdOf(2));
    // As a browser shows it that has kept the page whole.
    await repository.selectOption(repositoryIdOf(3));
    await page.evaluate(() => {
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    });
    assertEquals(await repository.inputValue(), repositoryIdOf(2));
    await page.context().close();
  });

  it("has no control that does nothing where there is no JavaScript", async () => {
    const { page } = await site.open({ javaScriptEnabled: false });
    await page.goto(site.url);
    const buttons = page.locator("button:visible");
    assertEquals(await buttons.allInnerTexts(), ["Show", "Sync now"]);
    await page.getByRole("link", { name: "as a table" }).first().click();
    await page.waitForURL(/\/commits\?/);
    await page.context().close();
  });

  it("has its matter on the first screen, however long its title is", async () => {
    const title = "10,000 characters ".repeat(555);
    site.store.run("UPDATE sessions SET title = ?", title);
    site.store.run("UPDATE commits SET subject = ?, author_name = ?", title, title);
    for (const width of [360, 1280]) {
      const { page } = await site.open({ viewport: { width, height: 900 } });
      for (const path of [`/sessions/${sessionIdOf(3)}`, `/commits/${hashOf(30)}`]) {
        await page.goto(site.url + path);
        const { y } = (await page.locator("main h2, .figures").first().boundingBox())!;
        assert(y < 700, `${path} at ${width}: ${y}`);
        await page.locator("h1").focus();
        await page.keyboard.press("End");
        await page.waitForFunction(() => document.querySelector("h1")!.scrollTop > 500);
      }
      await page.context().close();
    }
  });

  it("has buttons that a finger can hit", async () => {
    const options = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };
    const { page } = await site.open(options);
    for (const path of ["/", `/repositories/${repositoryIdOf(1)}`, "/settings"]) {
      await page.goto(site.url + path);
      const small = await page.locator("button:visible").evaluateAll((buttons) =>
        buttons.map((button) => [button.textContent, button.getBoundingClientRect()] as const)
          .filter(([, { width, height }]) => width < 24 || height < 24)
          .map(([text, { width, height }]) => `${text} ${width} x ${height}`)
      );
      assertEquals(small, [], path);
    }
    await page.context().close();
  });

  it("tells the loom's keys to whoever has reached it with one, and not to a mouse", async () => {
    const { page } = await site.open();
    await page.goto(site.url);
    await page.locator(".loom[data-loom=ready]").waitFor();
    const height = async () => (await page.locator("#loom-keys").boundingBox())!.height;
    await page.locator(".loom-stage").click({ position: { x: 4, y: 4 } });
    assert(await height() < 2);
    await page.getByRole("link", { name: "Sessions in view" }).focus();
    await page.keyboard.press("Tab");
    assert(await height() > 10);
    await page.context().close();
  });

  it("opens what lies in the loom in a new tab when asked to, as links do", async () => {
    const { page } = await site.open({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${site.url}/repositories/${repositoryIdOf(1)}`);
    await page.locator(".loom[data-loom=ready]").waitFor();
    const stage = page.locator(".loom-stage");
    const { height } = (await stage.boundingBox())!;
    const traced = page.locator(".loom-stage[data-traced]");
    let x = 126;
    for (; x < 1200 && await traced.count() === 0; x += 3) {
      await stage.hover({ position: { x, y: height - 40 } });
    }
    for (const how of [{ modifiers: ["ControlOrMeta"] as const }, { button: "middle" as const }]) {
      const [tab] = await Promise.all([
        page.context().waitForEvent("page"),
        stage.click({ position: { x: x - 3, y: height - 40 }, ...how as object }),
      ]);
      await tab.waitForURL(/\/(commits|sessions)\//);
      await tab.close();
    }
    assertEquals(new URL(page.url()).pathname, `/repositories/${repositoryIdOf(1)}`);
    await page.context().close();
  });
});
