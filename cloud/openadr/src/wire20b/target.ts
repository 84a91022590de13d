import { element, many, one, optional, sequence, type TypeOf, wrapping } from "./codec.ts";
import { numberList, text } from "./simple-types.ts";

const mrid = wrapping(element("power:mrid", text));
const node = wrapping(element("power:node", text));

/** A polygon is six elements deep; only its coordinates mean anything. */
const polygon = wrapping(
  element(
    "gml:location",
    wrapping(
      element(
        "gml:Polygon",
        wrapping(
          element("gml:exterior", wrapping(element("gml:LinearRing", wrapping(element("gml:posList", numberList))))),
        ),
      ),
    ),
  ),
);
const area = wrapping(element("gml:FeatureCollection", polygon));

const transportInterface = sequence({
  pointOfReceipt: one(element("power:pointOfReceipt", text)),
  pointOfDelivery: one(element("power:pointOfDelivery", text)),
});

/** Who or what a message is about [OADR2.0b `ei:EiTargetType`]; an empty target names everything the receiver has. */
export const eiTarget = sequence({
  aggregatedPnode: many(element("power:aggregatedPnode", node)),
  endDeviceAsset: many(element("power:endDeviceAsset", mrid)),
  meterAsset: many(element("power:meterAsset", mrid)),
  pnode: many(element("power:pnode", node)),
  serviceArea: many(element("emix:serviceArea", area)),
  serviceDeliveryPoint: many(element("power:serviceDeliveryPoint", node)),
  serviceLocation: many(element("power:serviceLocation", area)),
  transportInterface: many(element("power:transportInterface", transportInterface)),
  groupID: many(element("ei:groupID", text)),
  groupName: many(element("ei:groupName", text)),
  resourceID: many(element("ei:resourceID", text)),
  venID: many(element("ei:venID", text)),
  partyID: many(element("ei:partyID", text)),
});

/** Who or what a message is about, with every kind of name; most are empty. */
export type EiTarget = TypeOf<typeof eiTarget>;

const NO_TARGET: EiTarget = {
  aggregatedPnode: [],
  endDeviceAsset: [],
  meterAsset: [],
  pnode: [],
  serviceArea: [],
  serviceDeliveryPoint: [],
  serviceLocation: [],
  transportInterface: [],
  groupID: [],
  groupName: [],
  resourceID: [],
  venID: [],
  partyID: [],
};

/** A target with the given members and nothing else. */
export function targetOf(members: Partial<EiTarget>): EiTarget {
  return { ...NO_TARGET, ...members };
}

export const optionalTarget = optional(element("ei:eiTarget", eiTarget));
