/** Price-risk hedges: cap, floor, collar, settled against a published index. */
export {
  ACCEPT_HEDGE,
  GET_HEDGE,
  OFFER_HEDGE,
  SETTLE_HEDGE,
  VOID_HEDGE,
  WITHDRAW_HEDGE,
} from "./hedge.ts";
export { HedgesContract } from "./hedges-contract.ts";
export { GET_INDEX, PUBLISH_INDEX } from "./price-index.ts";
