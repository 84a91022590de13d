/**
 * Initial clusters: which prosumers make one virtual node, decided by the aggregator from their history. Hard limits
 * first: one node holds one feeder and one type of contract, has members and power within bounds. Within them alike
 * profiles go together, so that a node can be described by one of them.
 */
import { InvalidInputError } from "../flexibility-error.ts";
import { euclidean } from "./distances.ts";
import { segmentProfiles } from "./segment-profiles.ts";

/** Clusters never mix feeders or contract types, so these two are compared as text alone. */
export type Prosumer = {
  readonly prosumerId: string;
  readonly feeder: string;
  readonly contractType: string;
  readonly capacityW: number;
  /** Mean shape of a day, of one length for all. */
  readonly profile: Float64Array;
};

/** What the aggregator allows. */
export type ClusterLimits = {
  readonly membersMin: number;
  readonly membersMax: number;
  readonly capacityWMax: number;
};

/** One node to be; its size and capacity are within the guidelines. */
export type Cluster = {
  readonly feeder: string;
  readonly contractType: string;
  /** In order of ids. */
  readonly prosumerIds: readonly string[];
};

/** Every prosumer is in exactly one cluster or in `unplacedIds`. */
export type FormedClusters = {
  readonly clusters: readonly Cluster[];
  /** Groups that are smaller than a cluster may be, or prosumers larger than one: they need another guideline. */
  readonly unplacedIds: readonly string[];
};

/**
 * Forms clusters. Every prosumer is in one cluster or unplaced, and every cluster keeps the limits.
 *
 * @throws InvalidInputError for limits that no cluster can keep, or profiles that cannot be compared
 */
export function formClusters(
  prosumers: readonly Prosumer[],
  { limits, seed }: { limits: ClusterLimits; seed: number },
): FormedClusters {
  if (limits.membersMin < 1 || limits.membersMax < limits.membersMin || limits.capacityWMax <= 0) {
    throw new InvalidInputError("limits", "need 1 <= membersMin <= membersMax and a capacity");
  }
  const groups = groupsOf(prosumers.filter(({ capacityW }) => capacityW <= limits.capacityWMax));
  const bins = groups.flatMap((group) => binsOf(group, limits, seed));
  const clusters = bins.filter((bin) => bin.length >= limits.membersMin).map(clusterOf);
  const placed = new Set(clusters.flatMap(({ prosumerIds }) => prosumerIds));
  const unplacedIds = prosumers.map(({ prosumerId }) => prosumerId).filter((id) => !placed.has(id));
  return { clusters, unplacedIds: unplacedIds.sort() };
}

/** Prosumers that may share a node, in order of ids. */
function groupsOf(prosumers: readonly Prosumer[]): Prosumer[][] {
  const groups = new Map<string, Prosumer[]>();
  const inOrder = [...prosumers].sort((left, right) => (left.prosumerId < right.prosumerId ? -1 : 1));
  for (const prosumer of inOrder) {
    const key = JSON.stringify([prosumer.feeder, prosumer.contractType]);
    groups.set(key, [...(groups.get(key) ?? []), prosumer]);
  }
  return [...groups.values()];
}

/**
 * Segments the group; a bin takes the prosumers of one segment while it has room, and those left over join the nearest
 * bin with room.
 */
function binsOf(group: readonly Prosumer[], limits: ClusterLimits, seed: number): Prosumer[][] {
  const binCount = binCountFor(group, limits);
  const { segments } = segmentProfiles(
    group.map(({ profile }) => profile),
    { segmentCount: binCount, seed },
  );
  const bins = Array.from({ length: binCount }, () => [] as Prosumer[]);
  const waiting: Prosumer[] = [];
  group.forEach((prosumer, index) => {
    const bin = bins[segments[index] ?? 0];
    if (bin !== undefined && hasRoom(bin, prosumer, limits)) bin.push(prosumer);
    else waiting.push(prosumer);
  });
  for (const prosumer of waiting) {
    const open = bins.filter((bin) => hasRoom(bin, prosumer, limits));
    nearestBin(open, prosumer)?.push(prosumer);
  }
  return filledUp(bins, limits);
}

/** As few as hold all members and all power, with one tenth of room so that alike ones can stay together. */
function binCountFor(group: readonly Prosumer[], { membersMin, membersMax, capacityWMax }: ClusterLimits): number {
  const capacityW = group.reduce((sum, prosumer) => sum + prosumer.capacityW, 0);
  const needed = Math.max(group.length / membersMax, (1.1 * capacityW) / capacityWMax);
  const allowed = Math.max(1, Math.floor(group.length / membersMin));
  return Math.min(allowed, Math.max(1, Math.ceil(needed)));
}

function hasRoom(bin: readonly Prosumer[], prosumer: Prosumer, { membersMax, capacityWMax }: ClusterLimits): boolean {
  return bin.length < membersMax && capacityOf(bin) + prosumer.capacityW <= capacityWMax;
}

function capacityOf(bin: readonly Prosumer[]): number {
  return bin.reduce((sum, { capacityW }) => sum + capacityW, 0);
}

/** Bins below the minimum are filled with the nearest members of bins that can spare one. */
function filledUp(bins: Prosumer[][], limits: ClusterLimits): Prosumer[][] {
  for (const bin of bins) {
    while (bin.length < limits.membersMin) {
      const spare = bins.filter((each) => each !== bin && each.length > limits.membersMin).flat();
      const nearest = nearestTo(
        bin,
        spare.filter((prosumer) => hasRoom(bin, prosumer, limits)),
      );
      if (nearest === undefined) break;
      const from = bins.find((each) => each.includes(nearest));
      from?.splice(from.indexOf(nearest), 1);
      bin.push(nearest);
    }
  }
  return bins;
}

function nearestTo(bin: readonly Prosumer[], candidates: readonly Prosumer[]): Prosumer | undefined {
  const centre = centreOf(bin);
  return leastBy(candidates, ({ profile }) => (centre === undefined ? 0 : euclidean(profile, centre)));
}

function nearestBin(bins: readonly Prosumer[][], { profile }: Prosumer): Prosumer[] | undefined {
  return leastBy(bins, (bin) => euclidean(profile, centreOf(bin) ?? profile));
}

function centreOf(bin: readonly Prosumer[]): Float64Array | undefined {
  return bin[0]?.profile.map((_, slot) => bin.reduce((sum, { profile }) => sum + (profile[slot] ?? 0), 0) / bin.length);
}

/** The first item with the least value. */
function leastBy<T>(items: readonly T[], measure: (item: T) => number): T | undefined {
  let best: { item: T; value: number } | undefined;
  for (const item of items) {
    const value = measure(item);
    if (best === undefined || value < best.value) best = { item, value };
  }
  return best?.item;
}

function clusterOf(bin: readonly Prosumer[]): Cluster {
  const [first] = bin;
  return {
    feeder: first?.feeder ?? "",
    contractType: first?.contractType ?? "",
    prosumerIds: bin.map(({ prosumerId }) => prosumerId).sort(),
  };
}
