import { newId } from "../clock.ts";
import type { OadrMessage, ServiceName } from "../wire20b/index.ts";
import type { RegistrationRecord } from "./records.ts";
import { VenError } from "./ven-error.ts";
import type { Deliver, VenModules, VenNotification } from "./ven-options.ts";
import { VenState } from "./ven-state.ts";

/** What every part of a VEN shares: its memory, its identity and its way to the VTN. */
export class VenLink {
  readonly state: VenState;
  readonly modules: VenModules;

  constructor(modules: VenModules) {
    this.modules = modules;
    this.state = new VenState(modules.store);
  }

  send(service: ServiceName, message: OadrMessage): Promise<OadrMessage | undefined> {
    return this.modules.transport.send(service, message);
  }

  /** `send` as a value. */
  readonly deliver: Deliver = (service, message) => this.send(service, message);

  /** Throws `VenError` (`not-registered`) before the first registration. */
  requireRegistration(): RegistrationRecord {
    const { registration } = this.state;
    if (registration === undefined) throw new VenError("not-registered", "this VEN has never registered");
    return registration;
  }

  get venId(): string {
    return this.requireRegistration().venId;
  }

  get nowUnixMs(): number {
    return this.modules.clock.nowUnixMs();
  }

  newId(prefix: string): string {
    return newId(prefix, this.modules.random);
  }

  notify(notification: VenNotification): void {
    this.modules.onNotification?.(notification);
  }
}
