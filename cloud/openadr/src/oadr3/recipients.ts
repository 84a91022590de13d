import { View } from "./access.ts";
import type { Change } from "./change.ts";
import { clientOf, type Role } from "./clients.ts";
import { type AnyObject, type Kind, OBJECT_TYPES, type Subscription } from "./model.ts";
import type { Vtn3State } from "./vtn3-state.ts";

/** One notification to be sent to one callback. */
export interface Recipient {
  readonly subscriptionId: string;
  readonly callbackUrl: string;
  readonly bearerToken: string | undefined;
  /** The object as this subscriber may see it. */
  readonly shown: AnyObject;
}

/** Which role a client has; undefined for one that is no longer registered, which is told nothing. */
export type RoleOf = (clientId: string) => Role | undefined;

/**
 * Who is to be told of a change. Privacy is the same as for reading: what a client may not read, it does not hear of,
 * and the targets in a subscription narrow it further.
 */
export function recipientsOf(state: Vtn3State, change: Change, roleOf: RoleOf): readonly Recipient[] {
  const programId = programOf(state, change.kind, change.object);
  const recipients: Recipient[] = [];
  for (const subscription of state.tables.subscriptions.values()) {
    const wanted = subscription.objectOperations.filter(
      ({ objects, operations }) => objects.includes(OBJECT_TYPES[change.kind]) && operations.includes(change.operation),
    );
    if (wanted.length === 0 || !concernsProgram(subscription, programId)) continue;
    const shown = showTo(state, subscription, change, roleOf);
    if (shown === undefined) continue;
    for (const { callbackUrl, bearerToken } of wanted) {
      recipients.push({ subscriptionId: subscription.id, callbackUrl, bearerToken: bearerToken ?? undefined, shown });
    }
  }
  return recipients;
}

function showTo(state: Vtn3State, subscription: Subscription, change: Change, roleOf: RoleOf): AnyObject | undefined {
  const role = roleOf(subscription.clientID);
  if (role === undefined) return undefined;
  const client = clientOf({ clientId: subscription.clientID, role });
  const targets = subscription.targets?.length ? subscription.targets : undefined;
  return new View(state, client, targets).show(change.kind, change.object as never);
}

function concernsProgram({ programID }: Subscription, programId: string | undefined): boolean {
  return programID === undefined || programID === programId;
}

/** The program an object belongs to; a report belongs to that of its event. */
function programOf(state: Vtn3State, kind: Kind, object: AnyObject): string | undefined {
  if (kind === "programs") return object.id;
  if ("programID" in object) return object.programID;
  return "eventID" in object ? state.tables.events.get(object.eventID)?.programID : undefined;
}
