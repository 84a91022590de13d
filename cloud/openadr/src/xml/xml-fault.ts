/**
 * Why a document was refused before its meaning was looked at. The codes are stable: they label metrics and the
 * text of HTTP 4xx answers.
 */
export type XmlFaultCode =
  | "too-large"
  | "not-utf8"
  | "document-type"
  | "too-deep"
  | "too-many-elements"
  | "too-many-attributes"
  | "not-well-formed";

/** Thrown inside the parser only; `parseXml` turns it into a value. */
export class XmlFault extends Error {
  readonly code: XmlFaultCode;
  readonly offset: number;

  constructor(code: XmlFaultCode, detail: string, offset: number) {
    super(`${detail} (at character ${offset})`);
    this.name = "XmlFault";
    this.code = code;
    this.offset = offset;
  }
}
