import { expect, test } from "vitest";
import { type FleetStatus, serveFleetStatus } from "./fleet-status.ts";

const STATUS: FleetStatus = {
  devices: 2,
  running: 1,
  failed: ["d-2: token refused"],
  readingsSent: 10,
  readingsAcked: 9,
  envelopesWaiting: 1,
  readingsUnsigned: 0,
};

test("the status is what it is at the moment of asking, and nobody answers once it is closed", async () => {
  let readingsAcked = 9;
  const served = await serveFleetStatus({ host: "127.0.0.1", port: 0 }, () => ({ ...STATUS, readingsAcked }));
  const url = `http://127.0.0.1:${served.port}/status`;
  expect(await (await fetch(url)).json()).toEqual(STATUS);
  readingsAcked = 10;
  expect(await (await fetch(url)).json()).toEqual({ ...STATUS, readingsAcked: 10 });
  await served.close();
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});
