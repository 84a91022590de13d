import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningAggregator, runAggregator } from "../../test/running-aggregator.ts";
import { temporaryData } from "../../test/temporary-data.ts";
import { clearRunFile } from "../process/run-file.ts";
import { runApplyMoves } from "./apply-moves.ts";
import { runCancelMoves } from "./cancel-moves.ts";
import { runClusters } from "./run-clusters.ts";

const data = temporaryData({ beforeEach, afterEach });
let running: RunningAggregator | undefined;
let written = "";
const write = (text: string) => {
  written += text;
};

beforeEach(() => {
  written = "";
});

afterEach(async () => {
  await running?.close();
  running = undefined;
});

const options = (changes = {}) => ({ dataDirectory: data().root, json: false, moveIds: [], isAll: false, ...changes });
const apply = (changes = {}) => runApplyMoves(options(changes), write);
const cancel = (...moveIds: string[]) => runCancelMoves({ dataDirectory: data().root, json: false, moveIds }, write);

/** What stands proposed or approved now, in order of devices. */
function moves() {
  const all = running?.core.clusters().moves ?? [];
  return [...all].sort((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
}

const states = () => moves().map(({ state }) => state);

describe("gridpact clusters apply", () => {
  it("approves the moves that are named, then all, and prints each", async () => {
    running = await runAggregator(data());
    const [first, second] = moves();
    await apply({ moveIds: [first?.moveId] });
    expect(states()).toEqual(["approved", "proposed"]);
    const from = `${first?.deviceId} from ${first?.fromVnId} to ${first?.toVnId}`;
    expect(written).toBe(`move ${first?.moveId}  ${from}, approved\n`);
    written = "";
    await apply({ isAll: true, json: true });
    expect(states()).toEqual(["approved", "approved"]);
    const ids = (JSON.parse(written) as { moveId: string }[]).map(({ moveId }) => moveId);
    expect(ids.sort()).toEqual([first?.moveId, second?.moveId].sort());
    written = "";
    runClusters({ dataDirectory: data().root, json: false }, write);
    expect(written.match(/, approved$/gm)).toHaveLength(2);
  });

  it("wants either names or --all, and approves nothing otherwise", async () => {
    running = await runAggregator(data());
    const choice = { code: "INPUT", message: "name the moves to approve, or say --all" };
    await expect(apply()).rejects.toMatchObject(choice);
    await expect(apply({ isAll: true, moveIds: ["a"] })).rejects.toMatchObject(choice);
    expect(states()).toEqual(["proposed", "proposed"]);
  });

  it("gives the aggregator's refusal with its code and words", async () => {
    running = await runAggregator(data());
    const refusal = { code: "INPUT", message: "UNKNOWN_MOVE: 0123456789ab.x is no move of the newest plan" };
    await expect(apply({ moveIds: ["0123456789ab.x"] })).rejects.toMatchObject(refusal);
    expect([states(), written]).toEqual([["proposed", "proposed"], ""]);
  });

  it("says when there is no plan, no move, no aggregator, and no data directory", async () => {
    running = await runAggregator(data(), { hasPlan: false });
    await expect(apply({ isAll: true })).rejects.toThrow("no node has described its prosumers yet");
    clearRunFile(data(), "aggregator");
    await expect(apply({ isAll: true })).rejects.toThrow(`no aggregator runs on ${data().root}`);
    const nowhere = options({ isAll: true, dataDirectory: `${data().root}-none` });
    await expect(runApplyMoves(nowhere, write)).rejects.toMatchObject({ code: "DATA_DIRECTORY_MISSING" });
  });
});

describe("gridpact clusters cancel", () => {
  it("cancels approved moves, and says how each stands", async () => {
    running = await runAggregator(data());
    await apply({ isAll: true });
    const [first, second] = moves();
    // The other node has given a ticket, so the device's own node may know of the move.
    const ticketed = { moveId: second?.moveId ?? "", state: "ticketed", reason: "", ticketHex: "cafe" } as const;
    await running.core.exchangeMoves(second?.toVnId ?? "", [ticketed]);
    written = "";
    await cancel(first?.moveId ?? "", second?.moveId ?? "");
    expect(states()).toEqual(["cancelled", "cancelling"]);
    expect(written).toMatch(/, cancelled: the operator cancelled it\n.*, being cancelled\n$/);
  });

  it("prints what it cancelled before the move that it cannot cancel", async () => {
    running = await runAggregator(data());
    const [first, second] = moves();
    await apply({ moveIds: [first?.moveId] });
    written = "";
    const refusal = { code: "INPUT", message: `UNKNOWN_MOVE: ${second?.moveId} is no approved move` };
    await expect(cancel(first?.moveId ?? "", second?.moveId ?? "")).rejects.toMatchObject(refusal);
    expect(states()).toEqual(["cancelled", "proposed"]);
    expect(written).toContain(`move ${first?.moveId}`);
  });

  it("says that it is too late, and why", async () => {
    running = await runAggregator(data());
    await apply({ isAll: true });
    const [first] = moves();
    const { moveId = "", fromVnId = "" } = first ?? {};
    await running.core.exchangeMoves(fromVnId, [{ moveId, state: "offered", reason: "", ticketHex: null }]);
    const message = `MOVE_TOO_LATE: ${moveId} cannot be cancelled: its device is being asked`;
    await expect(cancel(moveId)).rejects.toMatchObject({ code: "INPUT", message });
  });
});
