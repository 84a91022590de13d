import type { Disk } from "@gridpact/host";
import type { ClusterGuidelines, ProsumerSummary } from "@gridpact/proto";
import { type ClusterPlan, type NodeMember, type NodeMembers, planClusters } from "./cluster-plan.ts";

const DIRECTORY = "clusters";
const PLANS = `${DIRECTORY}/plans.json`;
const MEMBERS = "cluster-members";

/** Plans kept: two months of one a day. */
export const PLANS_KEPT_MAX = 64;

/** Prosumers of all nodes; a plan over more would hold up the aggregator, and a country has several of those. */
export const MEMBERS_MAX = 20_000;

/** Events of one prosumer, as many as a node says of it. */
const EVENTS_REMEMBERED_MAX = 90;

/** Plans made anew because a proposed member cannot move: few ever change their keys. */
const PLAN_ROUNDS_MAX = 8;

/** Why a member must stay where it is, in words. */
export type WhyFixed = (memberId: string, fromVnId: string) => Promise<string | undefined>;

/** As early as can be, so that a member that was there from the start may move at once. */
const NEVER_MOVED = 0;

/** A plan takes seconds with thousands of prosumers, and days change slowly. */
const PLAN_AGAIN_AFTER_MS = 6 * 3_600_000;

/**
 * The first plan waits this long for nodes to describe all of their prosumers, a hundred a minute: one from the first
 * few would stand for six hours. Some are never described, as nothing of theirs is metered.
 */
export const FIRST_PLAN_WAITS_MS = 3_600_000;

/** What nodes say of their prosumers, and the plans that follow from it; durable. */
export class ClusterBook {
  readonly #disk: Disk;
  readonly #guidelines: ClusterGuidelines;
  readonly #nodes: Map<string, NodeMembers>;
  #plans: ClusterPlan[];
  #isChanged = false;
  /** When a node first described anything since the start. */
  #heardUnixMs: number | undefined;

  private constructor(disk: Disk, guidelines: ClusterGuidelines, kept: { nodes: NodeMembers[]; plans: ClusterPlan[] }) {
    this.#disk = disk;
    this.#guidelines = guidelines;
    this.#nodes = new Map(kept.nodes.map((node) => [node.vnId, node]));
    this.#plans = kept.plans;
  }

  static async open(disk: Disk, guidelines: ClusterGuidelines): Promise<ClusterBook> {
    const nodes: NodeMembers[] = [];
    for (const name of await disk.list(MEMBERS)) {
      const node = await readJson<NodeMembers>(disk, `${MEMBERS}/${name}`);
      if (node !== undefined) nodes.push(node);
    }
    return new ClusterBook(disk, guidelines, { nodes, plans: (await readJson<ClusterPlan[]>(disk, PLANS)) ?? [] });
  }

  guidelines(): ClusterGuidelines {
    return this.#guidelines;
  }

  /** Newest last. */
  plans(): readonly ClusterPlan[] {
    return this.#plans;
  }

  /** Feeder of a prosumer; undefined when no node has described it. */
  feederOf(prosumerId: string): string | undefined {
    return this.#memberOf(prosumerId)?.feeder;
  }

  /** A prosumer is a member of another node from now on, with all that is known of it. */
  async moved(prosumerId: string, toVnId: string, nowUnixMs: number): Promise<void> {
    const member = this.#memberOf(prosumerId);
    const to = this.#nodes.get(toVnId)?.members ?? [];
    if (member === undefined || to.some((each) => each.prosumerId === prosumerId)) return;
    // There first, and only then away: a crash between them leaves it in both, and its new node describes it soon.
    await this.#keep({ vnId: toVnId, members: inOrder([...to, { ...member, memberSinceUnixMs: nowUnixMs }]) });
    for (const { vnId, members } of [...this.#nodes.values()].filter((node) => node.vnId !== toVnId)) {
      const rest = members.filter((each) => each.prosumerId !== prosumerId);
      if (rest.length < members.length) await this.#keep({ vnId, members: rest });
    }
    this.#isChanged = true;
  }

  /** How many prosumers each node has spoken of. */
  memberCounts(): { vnId: string; members: number }[] {
    return [...this.#nodes.values()]
      .map(({ vnId, members }) => ({ vnId, members: members.length }))
      .sort((left, right) => (left.vnId < right.vnId ? -1 : 1));
  }

  /**
   * Takes what a node says of some of its prosumers; of those that it said something of before, the newest counts. One
   * that another node had has moved and is a member of this one from now on; all others have never moved. Beyond
   * `MEMBERS_MAX` further ones are left out.
   */
  async describe(vnId: string, summaries: readonly ProsumerSummary[], nowUnixMs: number): Promise<void> {
    const known = this.#nodes.get(vnId)?.members ?? [];
    const byId = new Map(known.map((member) => [member.prosumerId, member]));
    const others = [...this.#nodes.values()].filter((node) => node.vnId !== vnId);
    const elsewhere = new Map(others.flatMap(({ members }) => members.map((member) => [member.prosumerId, member])));
    let free = MEMBERS_MAX - others.reduce((sum, { members }) => sum + members.length, byId.size);
    for (const summary of summaries) {
      const before = byId.get(summary.prosumerId);
      if (before === undefined && free <= 0) continue;
      free -= Number(before === undefined);
      byId.set(summary.prosumerId, memberFrom(summary, { before, elsewhere, nowUnixMs }));
    }
    const members = inOrder([...byId.values()]);
    const said = new Set(summaries.map(({ prosumerId }) => prosumerId));
    for (const other of others.filter((node) => node.members.some(({ prosumerId }) => said.has(prosumerId)))) {
      await this.#keep({ ...other, members: other.members.filter(({ prosumerId }) => !said.has(prosumerId)) });
    }
    await this.#keep({ vnId, members });
    this.#isChanged = true;
    this.#heardUnixMs ??= nowUnixMs;
  }

  /**
   * Plans anew when something was said and the newest plan is old enough; the first plan waits for `prosumerCount`
   * prosumers, which is how many the nodes say they have. Resolves to the plan that was made.
   * @param whyFixed - Why a member that would be proposed must stay; undefined when it need not
   */
  async planIfDue(
    nowUnixMs: number,
    prosumerCount: number,
    whyFixed: WhyFixed = async () => undefined,
  ): Promise<ClusterPlan | undefined> {
    if (!this.#isChanged || nowUnixMs < this.#nextUnixMs(prosumerCount)) return undefined;
    const plan = await this.#plan(nowUnixMs, whyFixed);
    if (plan === undefined) return undefined;
    const plans = [...this.#plans, plan].slice(-PLANS_KEPT_MAX);
    await this.#disk.replace(PLANS, Buffer.from(JSON.stringify(plans)));
    this.#plans = plans;
    this.#isChanged = false;
    return plan;
  }

  /** Plans again without those that cannot move; after some rounds it proposes nothing rather than the impossible. */
  async #plan(nowUnixMs: number, whyFixed: WhyFixed): Promise<ClusterPlan | undefined> {
    const nodes = [...this.#nodes.values()].sort((left, right) => (left.vnId < right.vnId ? -1 : 1));
    const fixed = new Map<string, string>();
    for (let round = 0; ; round++) {
      const plan = planClusters(nodes, this.#guidelines, nowUnixMs, fixed);
      if (plan === undefined || !(await addFixed(plan, fixed, whyFixed))) return plan;
      if (round === PLAN_ROUNDS_MAX) return { ...plan, moves: [], movedErrorPerMille: plan.expectedErrorPerMille };
    }
  }

  #memberOf(prosumerId: string): NodeMember | undefined {
    const members = [...this.#nodes.values()].flatMap((node) => node.members);
    return members.find((member) => member.prosumerId === prosumerId);
  }

  #nextUnixMs(prosumerCount: number): number {
    const newest = this.#plans.at(-1);
    if (newest !== undefined) return newest.plannedAtUnixMs + PLAN_AGAIN_AFTER_MS;
    const described = this.memberCounts().reduce((sum, { members }) => sum + members, 0);
    return described >= prosumerCount ? Number.NEGATIVE_INFINITY : (this.#heardUnixMs ?? 0) + FIRST_PLAN_WAITS_MS;
  }

  async #keep(node: NodeMembers): Promise<void> {
    await this.#disk.replace(`${MEMBERS}/${node.vnId}.json`, Buffer.from(JSON.stringify(node)));
    this.#nodes.set(node.vnId, node);
  }
}

/** Adds the proposed members that cannot move, with their reasons; false when there are none. */
async function addFixed(plan: ClusterPlan, fixed: Map<string, string>, whyFixed: WhyFixed): Promise<boolean> {
  const fixedBefore = fixed.size;
  for (const { memberId, fromVnId } of plan.moves) {
    const reason = await whyFixed(memberId, fromVnId);
    if (reason !== undefined) fixed.set(memberId, reason);
  }
  return fixed.size > fixedBefore;
}

/** A member as its node describes it now; what it delivered at another node says as much as what it did here. */
function memberFrom(
  summary: ProsumerSummary,
  known: { before: NodeMember | undefined; elsewhere: ReadonlyMap<string, NodeMember>; nowUnixMs: number },
): NodeMember {
  const moved = known.elsewhere.get(summary.prosumerId);
  const arrivedUnixMs = moved === undefined ? NEVER_MOVED : known.nowUnixMs;
  const events = withOlder(summary.events, (known.before ?? moved)?.events ?? []);
  return { ...summary, events, memberSinceUnixMs: known.before?.memberSinceUnixMs ?? arrivedUnixMs };
}

function inOrder(members: NodeMember[]): NodeMember[] {
  return members.sort((left, right) => (left.prosumerId < right.prosumerId ? -1 : 1));
}

/** The newest events of both, each as it was said last, oldest first. */
function withOlder(events: ProsumerSummary["events"], older: ProsumerSummary["events"]): ProsumerSummary["events"] {
  const known = new Set(events.map(({ eventId }) => eventId));
  const all = [...older.filter(({ eventId }) => !known.has(eventId)), ...events];
  return all.sort((left, right) => left.startUnixMs - right.startUnixMs).slice(-EVENTS_REMEMBERED_MAX);
}

async function readJson<T>(disk: Disk, path: string): Promise<T | undefined> {
  const bytes = await disk.read(path);
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString()) as T);
}
