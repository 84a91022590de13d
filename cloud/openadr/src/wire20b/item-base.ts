import { element, one, oneOf, sequence } from "./codec.ts";
import { boolean, currencyCode, float, text, token } from "./simple-types.ts";

/** Powers of ten as the profile abbreviates them; `none` is one. */
export const SI_SCALE_CODES = ["p", "n", "micro", "m", "c", "d", "k", "M", "G", "T", "none"] as const;
const siScaleCode = one(element("scale:siScaleCode", token(SI_SCALE_CODES)));

const powerAttributes = element(
  "power:powerAttributes",
  sequence({
    hertz: one(element("power:hertz", float)),
    voltage: one(element("power:voltage", float)),
    ac: one(element("power:ac", boolean)),
  }),
);

/** Units whose description and symbol the schema fixes. */
function fixedUnit<const D extends string, const U extends string>(
  prefix: "oadr" | "power",
  description: D,
  symbol: U,
) {
  return sequence({
    itemDescription: one(element(`${prefix}:itemDescription`, token([description]))),
    itemUnits: one(element(`${prefix}:itemUnits`, token([symbol]))),
    siScaleCode,
  });
}

function powerUnit<const D extends string, const U extends string>(description: D, symbols: readonly U[]) {
  return sequence({
    itemDescription: one(element("power:itemDescription", token([description]))),
    itemUnits: one(element("power:itemUnits", token(symbols))),
    siScaleCode,
    powerAttributes: one(powerAttributes),
  });
}

const currency = sequence({
  itemDescription: one(element("oadr:itemDescription", token(["currency", "currencyPerKW", "currencyPerKWh"]))),
  itemUnits: one(element("oadr:itemUnits", currencyCode)),
  siScaleCode,
});

const customUnit = sequence({
  itemDescription: one(element("oadr:itemDescription", text)),
  itemUnits: one(element("oadr:itemUnits", text)),
  siScaleCode,
});

const temperature = sequence({
  itemDescription: one(element("oadr:itemDescription", token(["temperature"]))),
  itemUnits: one(element("oadr:itemUnits", token(["celsius", "fahrenheit"]))),
  siScaleCode,
});

const pulseCount = sequence({
  itemDescription: one(element("oadr:itemDescription", token(["pulse count"]))),
  itemUnits: one(element("oadr:itemUnits", token(["count"]))),
  pulseFactor: one(element("oadr:pulseFactor", float)),
});

/** What a signal or a reading is measured in [OADR2.0b `emix:itemBase`]. Green Button data is not carried. */
export const itemBase = oneOf({
  customUnit: element("oadr:customUnit", customUnit),
  current: element("oadr:current", fixedUnit("oadr", "Current", "A")),
  currency: element("oadr:currency", currency),
  currencyPerKWh: element("oadr:currencyPerKWh", currency),
  currencyPerKW: element("oadr:currencyPerKW", currency),
  currencyPerThm: element("oadr:currencyPerThm", currency),
  frequency: element("oadr:frequency", fixedUnit("oadr", "Frequency", "Hz")),
  Therm: element("oadr:Therm", fixedUnit("oadr", "Therm", "thm")),
  temperature: element("oadr:temperature", temperature),
  pulseCount: element("oadr:pulseCount", pulseCount),
  voltage: element("power:voltage", fixedUnit("power", "Voltage", "V")),
  energyApparent: element("power:energyApparent", fixedUnit("power", "ApparentEnergy", "VAh")),
  energyReactive: element("power:energyReactive", fixedUnit("power", "ReactiveEnergy", "VARh")),
  energyReal: element("power:energyReal", fixedUnit("power", "RealEnergy", "Wh")),
  powerApparent: element("power:powerApparent", powerUnit("ApparentPower", ["VA"])),
  powerReactive: element("power:powerReactive", powerUnit("ReactivePower", ["VAR"])),
  powerReal: element("power:powerReal", powerUnit("RealPower", ["W", "J/s"])),
});
