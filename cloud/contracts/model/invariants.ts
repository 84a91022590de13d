/** What must hold in every state, of every step, and of every way on. */
import { type Exploration, keyOf } from "./explore.ts";
import { hasCome, INITIAL, type State, totalMoney } from "./protocol-model.ts";

/** Violations in words; none when the model is sound. */
export type Check = (exploration: Exploration) => string[];

/** A device's contract pays once at completion and once out of what was held back, however often anyone asks. */
export const atMostOncePay: Check = ({ states }) =>
  faults(states, ({ payments, heldPayments }) => payments <= 1 && heldPayments <= 1);

/** Every micro is on an account or in a contract, and none is owed twice. */
export const moneyConserved: Check = ({ states }) =>
  faults(
    states,
    ({ money }) => totalMoney(money) === totalMoney(INITIAL.money) && Math.min(...Object.values(money)) >= 0,
  );

/** From wherever a dispute is open, time alone and anyone's `Close` end it. */
export const everyDisputeEnds: Check = ({ states }) => {
  const endsWithout = (state: State): boolean => {
    const steps = states.get(keyOf(state))?.steps ?? [];
    const close = steps.find(({ action }) => action === "closeDispute");
    if (close !== undefined) return close.state.dispute === "closed";
    const tick = steps.find(({ action }) => action === "tick");
    return tick !== undefined && endsWithout(tick.state);
  };
  return faults(states, (state) => state.dispute !== "open" || endsWithout(state));
};

/** What is committed is committed before the event, and no step changes it afterwards. */
export const noHindsight: Check = ({ states }) => {
  const broken: string[] = [];
  for (const { state, steps } of states.values()) {
    if (state.committedAt !== null && state.committedAt > 0) broken.push(keyOf(state));
    const isFixed = state.time > 0 || state.committedAt !== null;
    const changing = steps.filter((step) => isFixed && step.state.committedAt !== state.committedAt);
    broken.push(...changing.map(({ action }) => `${action} from ${keyOf(state)}`));
  }
  return broken;
};

/** Nothing is priced as a gap while its reading could still be taken. */
export const noEarlyGap: Check = ({ states }) =>
  faults(states, (state) => state.shown !== "nothing" || hasCome(state, "ended"));

/** When nothing is left to do all contracts are empty, and the device has exactly what its settlement says. */
export const everythingIsPaidOut: Check = ({ states }) => {
  const ended = [...states.values()].filter(({ steps }) => steps.length === 0).map(({ state }) => state);
  return ended.filter((state) => state.money.sc1 + state.money.sc2 > 0 || !isFair(state)).map(keyOf);
};

function isFair({ sc2, shown, money }: State): boolean {
  if (sc2 !== "completed") return money.device === INITIAL.money.device;
  return money.device === INITIAL.money.device + (shown === "all" ? 400_000 : -150_000);
}

function faults(states: Exploration["states"], holds: (state: State) => boolean): string[] {
  return [...states.values()].filter(({ state }) => !holds(state)).map(({ state }) => keyOf(state));
}
