import { RESOURCE_KIND, type Resource, type ResourceKind } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { devicePrice } from "./device-price.ts";

const resource = (kind: ResourceKind): Resource => ({ resourceId: `r${kind}`, kind, reduceWMax: 1n, reduceWhMax: 0n });
const shares = {
  devicePriceSharePerMille: 800,
  kindPriceSharesPerMille: { [RESOURCE_KIND.EV]: 650, [RESOURCE_KIND.BATTERY]: 850 },
};
const priceOf = (...kinds: ResourceKind[]) =>
  devicePrice({ resources: kinds.map(resource) }, { priceMicroPerWh: 400n }, shares);

describe("the price of a device", () => {
  it("is the node's share for its kind, and the common one for kinds without", () => {
    expect(priceOf(RESOURCE_KIND.EV)).toBe(260n);
    expect(priceOf(RESOURCE_KIND.RELAY)).toBe(320n);
    expect(priceOf()).toBe(320n);
  });

  it("is that of the dearest where there are several", () => {
    expect(priceOf(RESOURCE_KIND.EV, RESOURCE_KIND.BATTERY)).toBe(340n);
    expect(priceOf(RESOURCE_KIND.EV, RESOURCE_KIND.RELAY)).toBe(320n);
  });
});
