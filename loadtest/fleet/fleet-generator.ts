import { generatorProgram, JsonProcess, type Latencies } from "../src/generator/index.ts";

/** What the devices do; see loadtest/generator/fleet. */
export type FleetPlay = { perSecond: number; churnPerSecond: number; seconds: number };

/** What the devices saw. */
export type FleetReport = {
  devices: number;
  sent: number;
  acked: number;
  resent: number;
  /** Left at the end, after everybody was connected and had time enough. */
  unacked: number;
  /** How often a device that was due could not send. */
  skipped: number;
  /** Connections that devices cut themselves, and that the virtual node did. */
  cutByDevices: number;
  cutByNode: number;
  connectSeconds: number;
  runSeconds: number;
  /** From the cut of all connections to the acknowledgement of one more envelope of the last device. */
  stormSeconds: number;
  /** While all sent, before the storm. */
  pubackMs: Latencies;
  sentByDevice: Record<string, number>;
};

/** In this order; `storm` begins with the cut of all connections. */
export type FleetPhase = "connect" | "send" | "storm";

/** Told every ten seconds, and at the end of each phase. */
export type FleetProgress = { phase: FleetPhase; seconds: number; connected: number; acked: number; p99Ms: number };

type Answer = { state: "progress"; progress: FleetProgress } | { state: "done"; report: FleetReport };

/**
 * Plays all devices of a target, in a process of their own.
 * @throws ProcessFailedError when devices cannot connect, or what they sent is not acknowledged in the end
 */
export async function playFleet(
  targetPath: string,
  play: FleetPlay,
  onProgress: (progress: FleetProgress) => void,
): Promise<FleetReport> {
  const process = new JsonProcess("fleet", generatorProgram(), ["fleet", "-target", targetPath]);
  try {
    process.tell(play);
    for (;;) {
      const answer = await process.answer<Answer>();
      if (answer.state === "done") return answer.report;
      onProgress(answer.progress);
    }
  } finally {
    await process.close();
  }
}
