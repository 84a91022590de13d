import type { AggregatorCore } from "@gridpact/aggregator";
import { DsoIntake, type RequestBoard, RequestDesk, Vtn20bBoard, Vtn31Board } from "@gridpact/dr-openadr";
import { awaitRunFile } from "../process/run-file.ts";
import { MTU_MS, PROGRAMME, PROGRAMME_TERMS, VN_IDS } from "../wiring/market.ts";
import { paceOf } from "../wiring/pace.ts";
import type { OpenAdrProfile } from "./openadr-state.ts";
import { listen20b, openDsoFeed20b } from "./openadr20b.ts";
import { listen31, openDsoFeed31 } from "./openadr31.ts";
import type { PartContext } from "./part.ts";

/** In OpenADR, as VEN and as VTN. */
const PARTY = "aggregator";

/** `port` is that of the VTN, for the run file. */
export type OpenedRequests = { desk: RequestDesk; port: number; close(): Promise<void> };

export type OpenAdrOptions = { profile: OpenAdrProfile; vtnPort: number };

/** The aggregator as VTN of its virtual nodes. */
export async function openRequests(
  { profile, vtnPort: port }: OpenAdrOptions,
  core: AggregatorCore,
  context: PartContext,
): Promise<OpenedRequests> {
  const { board, ...running } = profile === "3.1" ? await board31(port, context) : await board20b(port, context);
  return { ...running, desk: new RequestDesk({ book: core, board, log: context.log }) };
}

type OpenedBoard = { board: RequestBoard; port: number; close(): Promise<void> };

async function board20b(port: number, context: PartContext): Promise<OpenedBoard> {
  const running = await listen20b(
    {
      party: PARTY,
      port,
      pollFrequency: paceOf(context.data).pollFrequency,
      vens: VN_IDS.map((vnId) => ({ venId: vnId, party: `vn-${vnId}` })),
      onNotification: (notification) => board.notice(notification),
    },
    context,
  );
  const board = new Vtn20bBoard(running.vtn);
  return { board, port: running.port, close: running.close };
}

async function board31(port: number, context: PartContext): Promise<OpenedBoard> {
  const nodes = VN_IDS.map((vnId) => ({ clientId: vnId, party: `vn-${vnId}`, role: "ven" }) as const);
  const clients = [{ clientId: PARTY, party: PARTY, role: "bl" } as const, ...nodes];
  const onReport: Parameters<typeof listen31>[0]["onReport"] = (report) => board.notice(report);
  const running = await listen31({ party: PARTY, port, clients, onReport }, context);
  const board = new Vtn31Board(running.vtn, { operator: PARTY, vnIds: VN_IDS });
  return { board, port: running.port, close: running.close };
}

/** The aggregator as VEN of the DSO. */
export async function openDsoEvents(profile: OpenAdrProfile, core: AggregatorCore, context: PartContext) {
  const { host, ports } = await awaitRunFile(context.data, "dso");
  const vtn = { party: "dso", host, port: ports["vtn"] ?? 0 };
  const programmes = new Map([[PROGRAMME, PROGRAMME_TERMS]]);
  const options = { party: PARTY, vtn, programmes, mtuMs: MTU_MS };
  const feed =
    profile === "3.1" ? openDsoFeed31(options, context) : openDsoFeed20b({ ...options, venId: PARTY }, context);
  const intake = new DsoIntake({ feed: feed.opened, planner: core, log: context.log });
  return { intake, close: feed.close };
}
