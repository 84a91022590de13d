import { readFileSync } from "node:fs";
import { join } from "node:path";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { xmlRegisterFsInputProviders } from "libxml2-wasm/lib/nodejs.mjs";

/** Validates documents against the profile's own schema, as a check that shares no code with the package. */
export function openSchema(folder: string): (document: string) => void {
  xmlRegisterFsInputProviders();
  const path = join(folder, "oadr_20b.xsd");
  const validator = XsdValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(path), { url: path }));
  return (document) => {
    const parsed = XmlDocument.fromString(document);
    try {
      validator.validate(parsed);
    } finally {
      parsed.dispose();
    }
  };
}
