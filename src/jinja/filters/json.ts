import {typeError, valueError} from '../fault.js';
import {Markup} from '../internal.js';
import {integerArgument, textArgument} from '../python/argument.js';
import {isTruthy, textOf} from '../python/compare.js';
import {iterate} from '../python/iterate.js';
import {fromJson, type JsonStyle, toJson} from '../python/json.js';
import {pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import {Dict, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

/** `json.dumps`' keyword arguments as a style. */
function styleOf(named: Dict, defaults: JsonStyle): JsonStyle {
	let style = defaults;
	for (const [key, value] of named.entries()) {
		switch (key) {
			case 'indent':
				style = {...style, indent: indentOf(value)};
				break;
			case 'sort_keys':
				style = {...style, sortKeys: isTruthy(value)};
				break;
			case 'ensure_ascii':
				style = {...style, ascii: isTruthy(value)};
				break;
			case 'separators': {
				if (value === null) break;
				const pair = iterate(value);
				if (pair.length < 2) throw valueError(`not enough values to unpack (expected 2, got ${pair.length})`);
				if (pair.length > 2) throw valueError('too many values to unpack (expected 2)');
				style = {...style, separators: [textArgument(pair[0]!, 'item separator'), textArgument(pair[1]!, 'key separator')]};
				break;
			}
			case 'allow_nan':
			case 'check_circular':
			case 'skipkeys':
				break;
			default:
				throw typeError(`JSONEncoder.__init__() got an unexpected keyword argument '${pythonStr(key)}'`);
		}
	}
	return style;
}

function indentOf(value: Value): number | string | undefined {
	if (value === null) return undefined;
	return textOf(value) ?? integerArgument(value, 'indent');
}

/** The profiles of ansible-core that differ only in how tags of values are kept, which no text shows. */
const profiles = new Set(['tagless', 'legacy', 'fallback_to_str', 'inventory_legacy', 'cache_persistence']);

function checkProfile(profile: Value): void {
	if (!isTruthy(profile)) return;
	const name = textOf(profile);
	if (name === undefined) throw typeError(`Name is <class '${typeName(profile)}'> instead of <class 'str'> or <class 'module'>.`);
	if (!profiles.has(name)) throw valueError(`Unknown profile name '${name}'.`);
}

/** Filters to and from JSON, with the text of Python's json module. */
export const jsonFilters: FilterTable = {
	from_json: {
		summary: 'The value of a JSON text.',
		signature: 'a, profile=None, **kwargs',
		example: ["'[1, 1.0]' | from_json", '[1, 1.0]'],
		call(_context, a, profile) {
			checkProfile(profile!);
			const text = a instanceof Uint8Array ? Buffer.from(a).toString('utf8') : textOf(a!);
			if (text === undefined) throw typeError(`the JSON object must be str, bytes or bytearray, not ${typeName(a!)}`);
			return fromJson(text, true);
		},
	},
	to_json: {
		summary: 'A value as JSON on one line.',
		signature: 'a, profile=None, vault_to_text=None, preprocess_unsafe=None, **kwargs',
		example: ["{'a': [1, none]} | to_json", '\'{"a": [1, null]}\''],
		call(_context, a, profile, _vaultToText, _preprocessUnsafe, named) {
			checkProfile(profile!);
			return toJson(a!, styleOf(named as Dict, {}));
		},
	},
	to_nice_json: {
		summary: 'A value as JSON on several lines, keys sorted.',
		signature: 'a, indent=4, sort_keys=True, **kwargs',
		example: ["{'a': 1} | to_nice_json(indent=1)", '\'{\\n "a": 1\\n}\''],
		call(_context, a, indent, sortKeys, named) {
			const {separators: _dropped, ...style} = styleOf(named as Dict, {});
			const isIgnored = textOf(a!) !== undefined && (Array.isArray(indent) || indent instanceof Dict);
			const level = isIgnored ? undefined : indentOf(indent!);
			return toJson(a!, {...style, indent: level, sortKeys: isTruthy(sortKeys!), separators: [',', ': ']});
		},
	},
	tojson: {
		summary: 'A value as JSON that is safe inside HTML.',
		signature: 'value, indent=None',
		example: ["'<' | tojson", '\'"\\\\u003c"\''],
		call(_context, value, indent) {
			const level = textOf(value!) === undefined ? indentOf(indent!) : undefined;
			const text = toJson(value!, {indent: level, sortKeys: 'python'})
				.replaceAll('<', '\\u003c')
				.replaceAll('>', '\\u003e')
				.replaceAll('&', '\\u0026')
				.replaceAll("'", '\\u0027');
			return new Markup(text);
		},
	},
};
