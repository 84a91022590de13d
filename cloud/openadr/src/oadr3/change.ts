import type { AnyObject, Kind, Operation } from "./model.ts";

/** One change of an object, on its way to those who subscribed to it. */
export interface Change {
  readonly sequence: number;
  readonly kind: Kind;
  readonly operation: Exclude<Operation, "READ">;
  /** As it is after the change, or was before it was deleted. */
  readonly object: AnyObject;
}
