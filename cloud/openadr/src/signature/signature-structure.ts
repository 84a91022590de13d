import { X509Certificate } from "node:crypto";
import type { XmlElement } from "../xml/xml-element.ts";
import { C14N, SHA256 } from "./algorithms.ts";
import { DS_NAMESPACE } from "./sign.ts";

/** What a signature claims, before anything of it is verified. */
export interface ClaimedSignature {
  readonly algorithm: string;
  readonly certificate: X509Certificate;
}

/** Chains longer than this do not exist in OpenADR's PKI (root, intermediate, device). */
const MAX_CERTIFICATES = 5;

/**
 * Holds a signature against the one form the profile allows and returns what it claims, or undefined for any other
 * form. It is strict in both directions: no second SignedInfo, no third reference, no transform but inclusive C14N 1.0,
 * no object that could hide another message.
 */
export function readSignatureStructure(signature: XmlElement): ClaimedSignature | undefined {
  const parts = exactChildren(signature, ["SignedInfo", "SignatureValue", "KeyInfo", "Object"]);
  if (parts === undefined) return undefined;
  const [signedInfo, , keyInfo, object] = parts as [XmlElement, XmlElement, XmlElement, XmlElement];
  const info = exactChildren(signedInfo, ["CanonicalizationMethod", "SignatureMethod", "Reference", "Reference"]);
  if (info === undefined) return undefined;
  const [canonicalization, method, ...references] = info as [XmlElement, XmlElement, XmlElement, XmlElement];
  if (algorithmIn(canonicalization) !== C14N || !references.every(isAllowedReference)) return undefined;
  if (exactChildren(object, ["SignatureProperties"]) === undefined) return undefined;
  const algorithm = algorithmIn(method);
  const certificate = readCertificate(keyInfo);
  return algorithm === undefined || certificate === undefined ? undefined : { algorithm, certificate };
}

function isAllowedReference(reference: XmlElement): boolean {
  const uri = reference.attributes.find(({ namespace, local }) => namespace === "" && local === "URI")?.value;
  if (uri === undefined || !/^#[\w.-]{1,128}$/.test(uri)) return false;
  const parts = exactChildren(reference, ["Transforms", "DigestMethod", "DigestValue"]);
  if (parts === undefined) return false;
  const [transforms, digestMethod] = parts as [XmlElement, XmlElement];
  const transform = exactChildren(transforms, ["Transform"])?.[0];
  return transform !== undefined && algorithmIn(transform) === C14N && algorithmIn(digestMethod) === SHA256;
}

function readCertificate(keyInfo: XmlElement): X509Certificate | undefined {
  const data = keyInfo.children.filter(({ local }) => local === "X509Data");
  const certificates = data.flatMap(({ children }) => children.filter(({ local }) => local === "X509Certificate"));
  const first = certificates[0];
  if (data.length !== 1 || first === undefined || certificates.length > MAX_CERTIFICATES) return undefined;
  try {
    return new X509Certificate(Buffer.from(first.text, "base64"));
  } catch {
    // node:crypto has one way to say that bytes are no certificate, and to the caller that is all there is to know.
    return undefined;
  }
}

/** The `Algorithm` of an element without content; parameters such as a prefix list or an HMAC length are refused. */
function algorithmIn(element: XmlElement): string | undefined {
  if (element.children.length > 0) return undefined;
  const [attribute, surplus] = element.attributes;
  return surplus === undefined && attribute?.local === "Algorithm" ? attribute.value : undefined;
}

function exactChildren(element: XmlElement, names: readonly string[]): readonly XmlElement[] | undefined {
  const { children } = element;
  if (children.length !== names.length) return undefined;
  return children.every(({ namespace, local }, at) => namespace === DS_NAMESPACE && local === names[at])
    ? children
    : undefined;
}
