import type { ImportForecast } from "@gridpact/proto";

/** What a forecast was made from: enough to make it again, and to judge it later. */
type Issue = {
  issuedAtUnixMs: number;
  /** No reading after this was used. */
  dataUntilUnixMs: number;
  /** The method; what it learned follows from the input. */
  modelVersion: string;
};

/** A forecast of the whole node with what was known when. */
export type Outlook = Issue & {
  /** SHA-256 of the history that it was made from. */
  inputHashHex: string;
  /** Devices of the node, and how many of them the history was summed over. */
  deviceCount: number;
  summedCount: number;
  /** Backtest error relative to repeating the day before; null where nothing could be judged. */
  mase: number | null;
  flags: readonly string[];
  forecast: ImportForecast;
};

/** The forecast of one prosumer, import positive. */
export type ProsumerForecast = {
  deviceId: string;
  inputHashHex: string;
  mase: number | null;
  flags: readonly string[];
  forecast: ImportForecast;
};

/** The newest forecast of one prosumer, with what was known when it was made. */
export type KeptForecast = Issue & ProsumerForecast;

/** Forecasts of all prosumers that were made together. */
export type ProsumerForecasts = Issue & { forecasts: ProsumerForecast[] };
