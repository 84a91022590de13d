import { generatorProgram } from "./generator-program.ts";
import { JsonProcess } from "./json-process.ts";

/** One part of the stock, sent to the broker. */
export type Round = {
  /** Of each device. */
  envelopes: number;
} & ({ inFlight: number } | { perSecond: number });

/** Milliseconds, from a histogram of the generator whose buckets are 1.6 % wide; `max` is exact. */
export type Latencies = { p50: number; p90: number; p99: number; max: number };

/** `acked` equals `sent`, or the round would not have ended; whoever accounts for it looks all the same. */
export type RoundResult = {
  sent: number;
  acked: number;
  seconds: number;
  /** From the moment an envelope was due. */
  pubackMs: Latencies;
};

/** The devices of a stock, connected to one broker, in a process of their own. */
export class Publisher {
  readonly #process: JsonProcess;

  private constructor(process: JsonProcess) {
    this.#process = process;
  }

  /** Resolves when all devices are connected. */
  static async open(name: string, files: { stock: string; target: string }): Promise<Publisher> {
    const args = ["publish", "-stock", files.stock, "-target", files.target];
    const process = new JsonProcess(`generator of ${name}`, generatorProgram(), args);
    await process.answer();
    return new Publisher(process);
  }

  pid(): number {
    return this.#process.pid();
  }

  /** Resolves when everything is acknowledged; what was not sent by earlier rounds is sent now, in order. */
  async publish(round: Round): Promise<RoundResult> {
    this.#process.tell(round);
    const { sent, acked, seconds, pubackMs } = await this.#process.answer<RoundResult>();
    return { sent, acked, seconds, pubackMs };
  }

  close(): Promise<void> {
    return this.#process.close();
  }
}
