/** How a text is written; undefined where the writer may choose. */
export type ScalarStyle = "'" | '"' | '|' | '>';

/** A value on its way to YAML. One node that stands at two places gets an anchor. */
export type YamlNode =
	| {readonly kind: 'scalar'; readonly tag: string; readonly text: string; readonly style: ScalarStyle | undefined}
	| {readonly kind: 'sequence'; readonly items: YamlNode[]; flow: boolean}
	| {readonly kind: 'mapping'; readonly entries: [key: YamlNode, value: YamlNode][]; flow: boolean};
