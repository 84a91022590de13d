import { type GatewayService, GatewayStatusError } from "@gridpact/ledger";
import type { Incarnation } from "./incarnation.ts";

/** gRPC status of a service that cannot be reached. */
const UNAVAILABLE = 14;

type Life = { service: GatewayService; incarnation: Incarnation };

/**
 * The address of a ledger that may die and come back: calls go to the one that lives, and fail as lost connections do
 * when it dies before it answers.
 */
export class SwitchableGateway implements GatewayService {
  #life: Life | undefined;

  connect(life: Life | undefined): void {
    this.#life = life;
  }

  evaluate: GatewayService["evaluate"] = (request) => this.#call((service) => service.evaluate(request));
  endorse: GatewayService["endorse"] = (request) => this.#call((service) => service.endorse(request));
  submit: GatewayService["submit"] = (request) => this.#call((service) => service.submit(request));
  commitStatus: GatewayService["commitStatus"] = (request) => this.#call((service) => service.commitStatus(request));

  async *chaincodeEvents(request: Parameters<GatewayService["chaincodeEvents"]>[0]) {
    const life = this.#life;
    if (life === undefined) throw unavailable();
    const events = life.service.chaincodeEvents(request)[Symbol.asyncIterator]();
    for (;;) {
      const step = await untilDeath(life, events.next());
      if (step.done === true) return;
      yield step.value;
    }
  }

  #call<T>(act: (service: GatewayService) => Promise<T>): Promise<T> {
    const life = this.#life;
    if (life === undefined) return Promise.reject(unavailable());
    return untilDeath(life, act(life.service));
  }
}

function untilDeath<T>({ incarnation }: Life, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = incarnation.onDeath(() => reject(unavailable()));
    answer.then(resolve, reject).finally(forget);
  });
}

function unavailable(): GatewayStatusError {
  return new GatewayStatusError(UNAVAILABLE, "no connection to the ledger");
}
