/** PyYAML's resolvers (YAML 1.1): which tag a plain scalar has by its text, and the first characters each of them looks at. */
const resolvers: readonly (readonly [tag: string, first: string, pattern: RegExp])[] = [
	['bool', 'yYnNtTfFoO', /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\n?$/],
	[
		'float',
		'-+0123456789.',
		/^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\n?$/,
	],
	[
		'int',
		'-+0123456789',
		/^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\n?$/,
	],
	['merge', '<', /^<<\n?$/],
	['null', '~nN', /^(?:~|null|Null|NULL)\n?$/],
	[
		'timestamp',
		'0123456789',
		/^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9][0-9]?(?::[0-9]{2})?))?)\n?$/,
	],
	['value', '=', /^=\n?$/],
	['yaml', '!&*', /^[!&*]\n?$/],
];

/** The tag (without its prefix) that a reader gives a plain scalar of this text. */
export function implicitTag(text: string): string {
	if (text === '') return 'null';
	for (const [tag, first, pattern] of resolvers) if (first.includes(text[0]!) && pattern.test(text)) return tag;
	return 'str';
}
