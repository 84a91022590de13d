import { silentLog, VirtualClock } from "@gridpact/host";
import type { FastifyInstance } from "fastify";
import { beforeEach, describe, expect, it } from "vitest";
import { AggregatorBench } from "../../test/aggregator-bench.ts";
import { planMoves } from "../../test/parted-members.ts";
import { AggregatorCore } from "../aggregator-core.ts";
import { createOperatorApp, createVnApp } from "./aggregator-server.ts";

const MOVES = "/api/v1/clusters/moves";

let bench: AggregatorBench;
let app: FastifyInstance;

beforeEach(async () => {
  bench = new AggregatorBench();
  const core = await bench.open();
  await bench.enrolNodes();
  await planMoves(bench);
  ({ app } = await createOperatorApp({ core, screenClock: new VirtualClock(0), log: silentLog }));
});

type View = { moveId: string; deviceId: string; fromVnId: string; toVnId: string; state: string };

async function overview(): Promise<{ newest: { inputsHashHex: string }; moves: View[] }> {
  return (await app.inject("/api/v1/clusters")).json();
}

async function states(): Promise<string[]> {
  return (await overview()).moves.map(({ state }) => state);
}

const approve = (payload: object | string) => app.inject({ method: "POST", url: MOVES, payload });
const cancel = (moveId: string) => app.inject({ method: "DELETE", url: `${MOVES}/${moveId}` });

async function hash(): Promise<string> {
  return (await overview()).newest.inputsHashHex;
}

describe("POST /clusters/moves", () => {
  it("approves what is named, then the rest, and the same again changes nothing", async () => {
    const [first, second] = (await overview()).moves;
    const named = await approve({ planHashHex: await hash(), moveIds: [first?.moveId] });
    expect(named.statusCode).toBe(200);
    expect(named.json()).toMatchObject({ items: [{ moveId: first?.moveId, state: "approved" }] });
    const all = await approve({ planHashHex: await hash() });
    const ids = (all.json() as { items: View[] }).items.map(({ moveId }) => moveId);
    expect(ids.sort()).toEqual([first?.moveId, second?.moveId].sort());
    const before = await overview();
    await bench.clock.advanceTo(bench.clock.nowUnixMs() + 1_000);
    expect((await approve({ planHashHex: await hash() })).json()).toEqual(all.json());
    expect(await overview()).toEqual(before);
  });

  it.each([
    ["no plan", {}],
    ["a hash that is none", { planHashHex: "xyz" }],
    ["no move in the list", { planHashHex: "ab".repeat(32), moveIds: [] }],
    ["a name that no move has", { planHashHex: "ab".repeat(32), moveIds: ["../a"] }],
    ["more moves than there are", { planHashHex: "ab".repeat(32), moveIds: new Array(65).fill("a") }],
    ["a misspelt field", { planHashHex: "ab".repeat(32), moves: ["a"] }],
  ])("refuses %s", async (_, payload) => {
    const answer = await approve(payload);
    expect(answer.json()).toMatchObject({ status: 400, code: "INVALID_INPUT" });
    expect(await states()).toEqual(["proposed", "proposed"]);
  });

  it("refuses an older plan, a move that is not in it, and one that the ledger does not allow", async () => {
    const stale = await approve({ planHashHex: "ab".repeat(32) });
    expect(stale.json()).toMatchObject({ status: 409, code: "MOVES_STALE" });
    const unknown = await approve({ planHashHex: await hash(), moveIds: ["0123456789ab.stranger"] });
    expect(unknown.json()).toMatchObject({ status: 404, code: "UNKNOWN_MOVE" });
    for (const deviceId of ["a", "b", "c", "d"]) bench.ledger.devices.set(deviceId, "village");
    const impossible = await approve({ planHashHex: await hash() });
    expect(impossible.json()).toMatchObject({ status: 422, code: "MOVE_IMPOSSIBLE" });
    expect(await states()).toEqual(["proposed", "proposed"]);
  });

  it("does not tell the caller what broke inside, and approves nothing then", async () => {
    bench.ledger.isDown = true;
    const answer = await approve({ planHashHex: await hash() });
    expect(answer.json()).toMatchObject({ status: 500, code: "INTERNAL" });
    bench.ledger.isDown = false;
    expect(await states()).toEqual(["proposed", "proposed"]);
  });
});

describe("DELETE /clusters/moves/:moveId", () => {
  it("cancels an approved move, once more as well", async () => {
    const [first] = (await overview()).moves;
    await approve({ planHashHex: await hash(), moveIds: [first?.moveId] });
    for (let time = 0; time < 2; time++) {
      const answer = await cancel(first?.moveId ?? "");
      expect(answer.json()).toMatchObject({ moveId: first?.moveId, state: "cancelled" });
    }
    expect((await states()).sort()).toEqual(["cancelled", "proposed"]);
  });

  it("refuses what nobody approved, what is no id, and what is too far on, each with its code", async () => {
    const [first] = (await overview()).moves;
    const { moveId = "", deviceId = "", toVnId = "" } = first ?? {};
    expect((await cancel(moveId)).json()).toMatchObject({ status: 404, code: "UNKNOWN_MOVE" });
    expect((await cancel("..%2Fa")).json()).toMatchObject({ status: 400, code: "INVALID_INPUT" });
    await approve({ planHashHex: await hash(), moveIds: [moveId] });
    await bench.core().exchangeMoves(toVnId, [{ moveId, state: "ticketed", reason: "", ticketHex: "cafe" }]);
    bench.ledger.devices.set(deviceId, toVnId);
    await bench.core().tick();
    const tooLate = await cancel(moveId);
    expect(tooLate.json()).toMatchObject({ status: 409, code: "MOVE_TOO_LATE" });
    expect(tooLate.json().detail).toBe(`${moveId} cannot be cancelled: it is done`);
  });
});

describe("a virtual node", () => {
  it("approves and cancels nothing, and says of another's moves nothing", async () => {
    const vnApp = await createVnApp(bench.core(), { log: silentLog, callerOf: () => "district" });
    const [first] = (await overview()).moves;
    const approval = { method: "POST", url: MOVES, payload: { planHashHex: await hash() } } as const;
    expect((await vnApp.inject(approval)).statusCode).toBe(404);
    expect((await vnApp.inject({ method: "DELETE", url: `${MOVES}/${first?.moveId}` })).statusCode).toBe(404);
    const foreign = await vnApp.inject({
      method: "PUT",
      url: "/api/v1/virtual-nodes/offices/moves",
      payload: { items: [] },
    });
    expect(foreign.json()).toMatchObject({ status: 403, code: "NOT_YOURS" });
    expect(await states()).toEqual(["proposed", "proposed"]);
  });
});

describe("moves in the metrics", () => {
  it("are counted by state", async () => {
    await approve({ planHashHex: await hash() });
    await cancel((await overview()).moves[0]?.moveId ?? "");
    const { body } = await app.inject("/metrics");
    expect(body).toContain('gridpact_aggregator_moves{state="approved"} 1');
    expect(body).toContain('gridpact_aggregator_moves{state="cancelled"} 1');
    expect(body).toContain('gridpact_aggregator_moves{state="proposed"} 0');
  });
});

describe("an aggregator that is started with moves to be applied", () => {
  /** On what the bench has planned, as after a restart. */
  function restart(): Promise<AggregatorCore> {
    const { clock, disk, ledger } = bench;
    return AggregatorCore.open({ moves: "apply" }, { clock, disk, ledger, outbox: ledger.outbox, log: silentLog });
  }

  const statesAt = (core: AggregatorCore) => core.clusters().moves.map(({ deviceId, state }) => [deviceId, state]);

  it("approves all that stands proposed, once, and nothing again that the operator cancels", async () => {
    const core = await restart();
    await core.tick();
    expect(statesAt(core).map(([, state]) => state)).toEqual(["approved", "approved"]);
    const { moveId } = core.clusters().moves[0] as View;
    await core.cancelMove(moveId);
    await core.tick();
    expect(core.clusters().moves.find((move) => move.moveId === moveId)?.state).toBe("cancelled");
  });

  it("leaves out what is not possible any more, and goes on when the ledger is back", async () => {
    const [first] = (await overview()).moves;
    bench.ledger.devices.set(first?.deviceId ?? "", "village");
    const core = await restart();
    bench.ledger.isDown = true;
    await core.tick();
    expect(statesAt(core).map(([, state]) => state)).toEqual(["proposed", "proposed"]);
    bench.ledger.isDown = false;
    await core.tick();
    expect(new Map(statesAt(core) as [string, string][]).get(first?.deviceId ?? "")).toBe("proposed");
    expect(statesAt(core).filter(([, state]) => state === "approved")).toHaveLength(1);
  });
});
