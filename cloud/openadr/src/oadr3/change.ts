import type { AnyObject, Kind, Operation } from "./model.ts";

/** One change of an object, on its way to those who subscribed to it. */
export interface Change {
  readonly sequence: number;
  readonly kind: Kind;
  /** Reading changes nothing and is told all the same, where somebody subscribed to it. */
  readonly operation: Operation;
  /** As it is after the change, or was before it was deleted. */
  readonly object: AnyObject;
}
