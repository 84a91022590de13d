import { describe, expect, it } from "vitest";
import { Turnstile } from "./turnstile.ts";

describe("Turnstile", () => {
  it("runs tasks one after the other, in order, however long each takes", async () => {
    const turnstile = new Turnstile();
    const steps: string[] = [];
    const task = (name: string, turns: number) =>
      turnstile.run(async () => {
        steps.push(`${name} begins`);
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
        steps.push(`${name} ends`);
        return name;
      });
    expect(await Promise.all([task("long", 50), task("short", 0)])).toEqual(["long", "short"]);
    expect(steps).toEqual(["long begins", "long ends", "short begins", "short ends"]);
  });

  it("gives a failure to who asked, and lets the next one through", async () => {
    const turnstile = new Turnstile();
    const failing = turnstile.run(() => Promise.reject(new Error("broken")));
    const next = turnstile.run(() => Promise.resolve("next"));
    await expect(failing).rejects.toThrow("broken");
    expect(await next).toBe("next");
  });
});
