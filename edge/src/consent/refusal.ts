/** Why a device does not sign, in words. The code goes before them on the wire, and is the metric label. */
export const REFUSALS = {
  malformed: "the message is not what its stage says",
  wrong_stage: "the stage is none that a device signs",
  wrong_channel: "the proposal is for another channel",
  wrong_chaincode: "the proposal is for another chaincode",
  wrong_transaction: "only sc2:AcceptReduction is signed",
  wrong_argument: "the argument is not that of sc2:AcceptReduction",
  wrong_creator: "the creator does not hold this device's key",
  wrong_transaction_id: "the transaction id does not follow from nonce and creator",
  foreign_device: "the terms are for another device",
  terms_mismatch: "the hash is not that of the terms",
  terms_changed: "other terms of this contract have been signed before",
  penalty_too_high: "the penalty is more than the owner allows",
  too_late: "the first interval has begun",
  terms_unknown: "the terms that are to be amended have not been signed here",
  amendment_unknown: "the amendment before this one has not been signed here",
  amendment_changed: "another amendment of this number has been signed and may still count",
  delivers_more: "the meter shows more than the order is to be cut to",
  transaction_unknown: "the proposal of this transaction has not been signed here",
  response_mismatch: "the transaction is not the answer to the signed proposal",
  not_endorsed: "the contract did not agree",
  moves_refused: "the owner does not let it move to another node",
  wrong_node: "the node that signed is not the one that the offer names",
  authority_unknown: "the node is not of the authority that the owner trusts",
  not_signed: "the node's signature does not hold",
  offer_expired: "the deadline of the offer is over",
  contract_open: "a contract that it agreed to is not over",
  moving: "it is about to go to another node",
  moved_recently: "it has moved within the time that members stay at least",
  other_move: "it has agreed to another move that is not over",
  too_many: "as many contracts or transactions as can be remembered are open",
} as const;

/** Stable: stands before the words on the wire. */
export type RefusalCode = keyof typeof REFUSALS;

/** What a check finds: a value, or why not. */
export type Checked<T> = { isOk: true; value: T } | { isOk: false; refusal: RefusalCode };

export function accept<T>(value: T): Checked<T> {
  return { isOk: true, value };
}

export function refuse(refusal: RefusalCode): Checked<never> {
  return { isOk: false, refusal };
}
