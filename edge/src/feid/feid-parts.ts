import type { Clock, Disk, Log, SigningKey } from "@gridpact/host";
import type { PowerLimit, Reading } from "@gridpact/proto";
import {
  type AgreedMove,
  Consent,
  type ConsentPolicy,
  MoveBook,
  PENALTY_CAP_MICRO_MAX_DEFAULT,
} from "../consent/index.ts";
import { type Actuator, restoreSetpoints, SetpointBook } from "../control/index.ts";
import { FlexibilityLearner } from "../learning/index.ts";
import type { Meter } from "../meter/index.ts";
import {
  type ChainState,
  chainAfter,
  currentBootEpoch,
  EnvelopeChain,
  freshChain,
  startBootEpoch,
} from "../sign/index.ts";
import { type Recovered, SPOOL_BYTES_MAX_DEFAULT, Spool } from "../spool/index.ts";
import type { Uplink } from "../uplink/index.ts";
import { Recorder } from "./recorder.ts";

/** As the owner set it up; `mtuMs` MUST be that of the virtual node's programme. */
export type FeidOptions = {
  deviceId: string;
  readingPeriodMs: number;
  /** Market time unit: every multiple of it gets a reading, too. */
  mtuMs: number;
  /** Largest reduction that the owner declared for all resources together, W. */
  reduceWMax: bigint;
  spoolBytesMax?: number;
  /** Whether the owner lets it take part in self-balancing; if not, nobody steers its storage outside of contracts. */
  balances?: boolean;
  consent?: ConsentPolicy;
  /** Lowest boot epoch to start with when the disk is new but the device is not. */
  bootEpochMin?: number;
};

/** What the device measures and steers. */
export type Site = { meter: Meter; actuator: Actuator };

/** Gets at the site; a modelled one goes on from what the device had signed last, and from the limits in force. */
export type OpenSite = (resume: {
  lastReading: Reading | undefined;
  limits: readonly PowerLimit[];
  balancesFromUnixMs: number | undefined;
}) => Site;

/** `clock` is the market's, which may be accelerated; the uplink goes by a clock of its own. */
export type FeidModules = {
  clock: Clock;
  /** Of this device alone. */
  disk: Disk;
  key: SigningKey;
  uplink: Uplink;
  openSite: OpenSite;
  log: Log;
  /** The device cannot go on, mostly because its disk failed. It has stopped when this is called. */
  onFailure: (error: unknown) => void;
  /**
   * Told of a move that the device has agreed to, and at each start as long as it is under way: whoever runs the device
   * asks the other node to enrol it. It may be told of one move more than once.
   */
  onMove?: (move: AgreedMove) => void;
};

/** What a device consists of once its disk has been read. */
export type FeidParts = {
  bootEpoch: number;
  spool: Spool;
  recorder: Recorder;
  consent: Consent;
  moves: MoveBook;
  setpoints: SetpointBook;
  actuator: Actuator;
  learner: FlexibilityLearner;
};

const SPOOL_DIRECTORY = "spool";

/**
 * Reads a device's disk and puts it together as it was left, or new.
 * @throws JournalDamagedError when its spool is damaged.
 */
export async function openFeidParts(
  options: FeidOptions,
  modules: FeidModules & { onMove: (move: AgreedMove) => void },
): Promise<FeidParts> {
  const { deviceId, readingPeriodMs, mtuMs, reduceWMax } = options;
  const { disk, clock, key, log, openSite, onMove } = modules;
  const bytesMax = options.spoolBytesMax ?? SPOOL_BYTES_MAX_DEFAULT;
  const { spool, recovered } = await Spool.open({ disk, directory: SPOOL_DIRECTORY, bytesMax });
  const state = await chainState(recovered, options, disk);
  const { bootEpoch } = state;
  const chain = new EnvelopeChain({ deviceId, key }, state);
  const { balances = false } = options;
  const setpoints = new SetpointBook(balances);
  const balancesFromUnixMs = balances ? clock.nowUnixMs() : undefined;
  await restoreSetpoints(disk, setpoints);
  const { unsigned } = recovered;
  const lastReading = unsigned.at(-1) ?? recovered.lastEnvelope?.payload.readings.at(-1);
  const { meter, actuator } = openSite({ lastReading, limits: setpoints.limits(), balancesFromUnixMs });
  const recorder = new Recorder({ readingPeriodMs, mtuMs }, { meter, chain, spool, log }, { unsigned, lastReading });
  const policy = options.consent ?? { penaltyCapMicroMax: PENALTY_CAP_MICRO_MAX_DEFAULT };
  const learner = await FlexibilityLearner.open(disk, { declaredW: reduceWMax, mtuMs });
  const moves = await MoveBook.open(disk);
  const consent = await Consent.open({ deviceId, key, policy }, { disk, clock, learner, moves, onMove });
  return { bootEpoch, spool, recorder, consent, moves, setpoints, actuator, learner };
}

async function chainState(recovered: Recovered, options: FeidOptions, disk: Disk): Promise<ChainState> {
  if (recovered.lastEnvelope !== undefined) return chainAfter(recovered.lastEnvelope);
  const { bootEpochMin } = options;
  return freshChain(recovered.isEmpty ? await startBootEpoch(disk, bootEpochMin) : await currentBootEpoch(disk));
}
