import type { ClusterGuidance, ClusterGuidelines } from "@gridpact/proto";
import type { BalanceView, ChoiceLine, ForecastView, ProsumerLine, SharedView } from "../src/agent-page/agent-view.ts";

type Forecast = Omit<ForecastView, "issuedAtUnixMs" | "modelVersion">;
type Worth = Pick<ChoiceLine, "actualMicro" | "greedyMicro" | "clairvoyantMicro">;
type Line = Omit<ProsumerLine, "prosumerId" | "reduceW" | "increaseW" | "calls"> & {
  calls: Omit<ProsumerLine["calls"], "prosumerId">;
};
export function wayWords(way: string | null): string;
type Hour = { reduceW: number; increaseW: number; presentPerMille: number };
type Clusters = {
  guidelines: Pick<ClusterGuidelines, "membersMin" | "membersMax" | "capacityWMax">;
  moves: Readonly<ClusterGuidance["moves"]>;
};
type Box = { y: number; height: number };

export function forecastChart(
  view: Forecast | null,
  nowUnixMs: number,
): { band: string; expected: string; metered: string; nowX: number | null; times: { label: string }[] } | null;
export function forecastWords(view: Forecast | null): string;
export function hoursChart(hours: readonly Hour[]): {
  middle: number;
  bars: { reduce: Box; increase: Box; label: string; title: string }[];
};
export function factsOf(line: Line): [string, string][];
export function balanceFacts(balance: BalanceView | null): [string, string][];
export function sharedFacts(shared: SharedView | null): [string, string][];
export function clusterWords(clusters: Clusters | null): string;
export function regretWords(worth: Worth): { regret: string; share: string; greedy: string };
export function verdictOf(verdict: string): { words: string; tone: string };
