import { learnHistory, type ProsumerHistory } from "@gridpact/flexibility";
import { RESOURCE_KIND } from "@gridpact/proto";
import { sumOf } from "@gridpact/settlement";
import type { CallableDevice, Given } from "../agent-host.ts";
import type { ProsumerBook } from "./prosumer-book.ts";

/** Lets a device's agent state learn its days, its availability and its flexibility by hour from its readings. */
export async function learnFromReadings(
  { deviceId, resources }: CallableDevice,
  history: Pick<ProsumerHistory, "startUnixMs" | "mtuMs" | "powerW">,
  { modules, prosumers }: Given<"temperatureC"> & { prosumers: ProsumerBook },
): Promise<void> {
  const { startUnixMs, mtuMs, powerW } = history;
  const { temperatureC } = modules;
  const batteries = resources.filter(({ kind }) => kind === RESOURCE_KIND.BATTERY);
  const loads = resources.filter(({ kind }) => kind !== RESOURCE_KIND.BATTERY);
  const learned = learnHistory(prosumers.stateOf(deviceId, resources), {
    ...history,
    temperatureC:
      temperatureC === undefined
        ? []
        : powerW.map((_, unit) => temperatureC(startUnixMs + unit * mtuMs, startUnixMs + (unit + 1) * mtuMs)),
    loadsW: Number(sumOf(loads.map(({ reduceWMax }) => reduceWMax))),
    batteriesW: Number(sumOf(batteries.map(({ reduceWMax }) => reduceWMax))),
  });
  await prosumers.save(learned);
}
