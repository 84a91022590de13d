import { describe, expect, it } from "vitest";
import { DEFAULT_XML_LIMITS, parseXml, type XmlLimits } from "./parse-xml.ts";

const parse = (text: string, limits?: XmlLimits) => parseXml(new TextEncoder().encode(text), limits);

function codeOf(text: string | Uint8Array, limits?: XmlLimits): string {
  const parsed = typeof text === "string" ? parse(text, limits) : parseXml(text, limits);
  return parsed.ok ? "accepted" : parsed.code;
}

describe("parseXml", () => {
  it("resolves namespaces, entities, CDATA and comments", () => {
    const parsed = parse(
      '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<!-- a -->' +
        '<a xmlns="urn:1" xmlns:p="urn:2" p:x="1&amp;2" y=\'&#x41;\'>' +
        "t<!-- b --><p:b xmlns:p='urn:3'/><![CDATA[<&]]>&lt;\r\n</a>\n",
    );
    expect(parsed).toMatchObject({
      ok: true,
      root: {
        namespace: "urn:1",
        local: "a",
        attributes: [
          { namespace: "urn:2", local: "x", value: "1&2" },
          { namespace: "", local: "y", value: "A" },
        ],
        children: [{ namespace: "urn:3", local: "b", children: [], text: "" }],
        text: "t<&<\n",
      },
    });
  });

  it.each([
    ["<!DOCTYPE a><a/>", "document-type"],
    ["<!doctype a><a/>", "document-type"],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document-type"],
    ["<a><!ELEMENT b></a>", "document-type"],
    ["<a>&b;</a>", "not-well-formed"],
    ["<a>&#0;</a>", "not-well-formed"],
    ["<a>&#xD800;</a>", "not-well-formed"],
    ["<a>&#1114112;</a>", "not-well-formed"],
    ["<a>&constructor;</a>", "not-well-formed"],
    ["<a>& b</a>", "not-well-formed"],
    ["<a>]]></a>", "not-well-formed"],
    ["<a><?php ?></a>", "not-well-formed"],
    ["<a><b></a></b>", "not-well-formed"],
    ["<a>", "not-well-formed"],
    ["</a>", "not-well-formed"],
    ["<a/><b/>", "not-well-formed"],
    ["text", "not-well-formed"],
    ["", "not-well-formed"],
    ["<a/>x", "not-well-formed"],
    ["<a b=1/>", "not-well-formed"],
    ["<a b='1'c='2'/>", "not-well-formed"],
    ["<a b='<'/>", "not-well-formed"],
    ["<a b='1' b='2'/>", "not-well-formed"],
    ["<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", "not-well-formed"],
    ["<p:a/>", "not-well-formed"],
    ["<a xmlns:xml='u'/>", "not-well-formed"],
    ["<a xmlns:p=''/>", "not-well-formed"],
    ["<a><!-- -- --></a>", "not-well-formed"],
    ['<?xml version="1.0" encoding="ISO-8859-1"?><a/>', "not-utf8"],
    ["<?xml?><a/>", "not-well-formed"],
    ["<a>\u0001</a>", "not-well-formed"],
  ])("refuses %s as %s", (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it("refuses anything but UTF-8", () => {
    expect(codeOf(Buffer.from("\ufeff<a/>", "utf16le"))).toBe("not-utf8");
    expect(codeOf(Buffer.from("<a/>", "utf16le"))).toBe("not-utf8");
    expect(codeOf(Uint8Array.of(0x3c, 0x61, 0x3e, 0xc3, 0x28))).toBe("not-utf8");
    expect(codeOf(Uint8Array.of(0x3c, 0x61, 0x3e, 0xed, 0xa0, 0x80))).toBe("not-utf8");
  });

  it("accepts a document at each limit and refuses it one beyond", () => {
    const limits: XmlLimits = { maxBytes: 120, maxDepth: 3, maxElements: 4, maxAttributes: 2 };
    const cases: [string, string, string][] = [
      ["<a><b><c/></b></a>", "<a><b><c><d/></c></b></a>", "too-deep"],
      ["<a><b/><b/><b/></a>", "<a><b/><b/><b/><b/></a>", "too-many-elements"],
      ["<a b='' c=''/>", "<a b='' c='' d=''/>", "too-many-attributes"],
      [`<a>${" ".repeat(113)}</a>`, `<a>${" ".repeat(114)}</a>`, "too-large"],
    ];
    for (const [within, beyond, code] of cases) {
      expect(codeOf(within, limits)).toBe("accepted");
      expect(codeOf(beyond, limits)).toBe(code);
    }
  });

  it("survives nesting far beyond the limit", () => {
    const deep = "<a>".repeat(100_000);
    expect(codeOf(deep)).toBe("too-deep");
    expect(codeOf(deep, { ...DEFAULT_XML_LIMITS, maxDepth: 1_000_000, maxElements: 1_000_000 })).toBe(
      "not-well-formed",
    );
  });
});
