/** What must hold in every state, of every step, and of every way on. */
import { type Exploration, keyOf } from "./explore.ts";
import { hasCome, INITIAL, MOMENTS, type State, totalMoney } from "./protocol-model.ts";

/** Violations in words; none when the model is sound. */
export type Check = (exploration: Exploration) => string[];

/** A contract pays once at completion and once out of what was held back, however often anyone asks. */
export const atMostOncePay: Check = ({ states }) =>
  faults(states, ({ payments, heldPayments, sc1Payments, sc1HeldPayments }) =>
    [payments, heldPayments, sc1Payments, sc1HeldPayments].every((count) => count <= 1),
  );

/** Every micro is on an account or in a contract, and none is owed twice. */
export const moneyConserved: Check = ({ states }) =>
  faults(
    states,
    ({ money }) => totalMoney(money) === totalMoney(INITIAL.money) && Math.min(...Object.values(money)) >= 0,
  );

/** From wherever a dispute is open, time alone and anyone's closing end it. */
export const everyDisputeEnds: Check = ({ states }) => {
  const endsWithout = (state: State, which: "dispute" | "sc1Dispute", closing: string): boolean => {
    const steps = states.get(keyOf(state))?.steps ?? [];
    const close = steps.find(({ action }) => action === closing);
    if (close !== undefined) return close.state[which] === "closed";
    const tick = steps.find(({ action }) => action === "tick");
    return tick !== undefined && endsWithout(tick.state, which, closing);
  };
  return faults(
    states,
    (state) =>
      (state.dispute !== "open" || endsWithout(state, "dispute", "closeDispute")) &&
      (state.sc1Dispute !== "open" || endsWithout(state, "sc1Dispute", "closeSc1Dispute")),
  );
};

/**
 * What is committed is committed before the event, and no step changes it afterwards; an interval is amended before the
 * event has come to it, and once.
 */
export const noHindsight: Check = ({ states }) => {
  const broken: string[] = [];
  for (const { state, steps } of states.values()) {
    if (state.committedAt !== null && state.committedAt > 0) broken.push(keyOf(state));
    if (state.amendedAt !== null && state.amendedAt > MOMENTS.indexOf("begun")) broken.push(keyOf(state));
    const isFixed = state.time > 0 || state.committedAt !== null;
    const changing = steps.filter(
      (step) =>
        (isFixed && step.state.committedAt !== state.committedAt) ||
        (state.amendedAt !== null && step.state.amendedAt !== state.amendedAt),
    );
    broken.push(...changing.map(({ action }) => `${action} from ${keyOf(state)}`));
  }
  return broken;
};

/** Nothing is priced as a gap while its reading could still be taken. */
export const noEarlyGap: Check = ({ states }) =>
  faults(states, (state) => state.shown !== "nothing" || hasCome(state, "ended"));

/** When nothing is left to do all contracts are empty, and each has exactly what the settlements say. */
export const everythingIsPaidOut: Check = ({ states }) => {
  const ended = [...states.values()].filter(({ steps }) => steps.length === 0).map(({ state }) => state);
  return ended.filter((state) => state.money.sc1 + state.money.sc2 > 0 || !isFair(state)).map(keyOf);
};

function isFair({ sc1, sc2, shown, summed, amendedAt, money }: State): boolean {
  // Half of the order was taken off an amended contract, and with it half of the pay and half of the deposit.
  const [earned, lost, left] = amendedAt === null ? [400_000, 150_000, 1_000_000] : [200_000, 75_000, 1_400_000];
  const deviceGain = sc2 !== "completed" ? 0 : shown === "all" ? earned : -lost;
  // The aggregator's escrow is locked from the start: it gains the penalty, or loses the price.
  const aggregatorGain = sc1 !== "completed" ? 1_200_000 : summed === "all" ? left : 1_700_000;
  return (
    money.device === INITIAL.money.device + deviceGain && money.aggregator === INITIAL.money.aggregator + aggregatorGain
  );
}

function faults(states: Exploration["states"], holds: (state: State) => boolean): string[] {
  return [...states.values()].filter(({ state }) => !holds(state)).map(({ state }) => keyOf(state));
}
