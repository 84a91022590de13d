import { expect, it } from "vitest";
import { runFleet } from "./run-fleet.ts";

it("refuses a fleet that the machine has no files for, before it starts anything", async () => {
  const fleet = { devices: 2 ** 40, perSecond: 1, churnPerSecond: 0, seconds: 1 };
  const place = { directory: "/nowhere", progress: () => undefined };
  await expect(runFleet(fleet, place)).rejects.toMatchObject({ code: "OPEN_FILES" });
});
