// Our side of the CityLearn bridge: a line of observations in, a line of battery actions out, hour after hour.
import { createInterface } from "node:readline";
import { DistrictController, type HomeObservation } from "./district-controller.ts";

const controller = new DistrictController();
for await (const line of createInterface({ input: process.stdin })) {
  const homes = JSON.parse(line) as HomeObservation[];
  process.stdout.write(`${JSON.stringify(controller.decide(homes))}\n`);
}
