/** A name with its namespace; `namespace` is "" for a name in no namespace. */
export interface XmlName {
  readonly namespace: string;
  readonly local: string;
}

/** Without namespace declarations, which are resolved and gone. */
export interface XmlAttribute extends XmlName {
  readonly value: string;
}

/**
 * One element as the message codecs read it: comments are dropped, text and CDATA are one string, namespace
 * declarations are resolved and gone.
 */
export interface XmlElement extends XmlName {
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  readonly text: string;
}
