import type { ImportForecast, RequestInterval, Resource } from "@gridpact/proto";
import type { CallableDevice, Given } from "../agent-host.ts";
import type { Dispatcher } from "../dispatch/index.ts";
import type { EventStore } from "../document/index.ts";
import type { ProsumerBook } from "../prosumer/index.ts";
import type { StatementBook } from "./statement-book.ts";

/** Forecasts of single devices that were made between events. */
interface KeptForecasts {
  /** The forecast of a device that covers all intervals and is not too old; with what it was made from. */
  covering(
    deviceId: string,
    intervals: readonly RequestInterval[],
    given: Given<"clock">,
  ): { forecast: ImportForecast; inputHashHex: string; dataUntilUnixMs: number } | undefined;
}

/** Who knows what is stored behind devices now. */
interface StoredEnergy {
  /** A device's resources, with no more power than what is stored carries through all intervals. */
  available(device: CallableDevice, intervals: readonly RequestInterval[]): readonly Resource[];
}

/** What planning goes by: readings, limits, and what the node has learned of its devices. */
export type PlanContext = Given<"clock" | "ledger" | "evidence" | "devices" | "feederLimits" | "grid"> & {
  events: Pick<EventStore, "list">;
  prosumers: Pick<ProsumerBook, "list" | "stateOf">;
  statements: StatementBook;
  forecaster: KeptForecasts;
  balance: StoredEnergy;
  dispatcher: Dispatcher;
};
