import {typeError} from '../fault.js';
import {Markup} from '../internal.js';
import {integerArgument} from '../python/argument.js';
import {isTruthy, textOf} from '../python/compare.js';
import {isSequence, iterate} from '../python/iterate.js';
import {fromJson, type JsonStyle, toJson} from '../python/json.js';
import {pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import type {Dict, Value} from '../value.js';
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
				if (!isSequence(value)) throw typeError('separators must be a pair');
				const [item, colon] = iterate(value).map(pythonStr);
				style = {...style, separators: [item ?? ', ', colon ?? ': ']};
				break;
			}
			case 'allow_nan':
			case 'check_circular':
			case 'skipkeys':
			case 'profile':
			case 'vault_to_text':
			case 'preprocess_unsafe':
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

/** Filters to and from JSON, with the text of Python's json module. */
export const jsonFilters: FilterTable = {
	from_json: {
		summary: 'The value of a JSON text.',
		signature: 'a, profile=None, **kwargs',
		example: ["'[1, 1.0]' | from_json", '[1, 1.0]'],
		call(_context, a) {
			const text = a instanceof Uint8Array ? Buffer.from(a).toString('utf8') : textOf(a!);
			if (text === undefined) throw typeError(`the JSON object must be str, bytes or bytearray, not ${typeName(a!)}`);
			return fromJson(text);
		},
	},
	to_json: {
		summary: 'A value as JSON on one line.',
		signature: 'a, profile=None, **kwargs',
		example: ["{'a': [1, none]} | to_json", '\'{"a": [1, null]}\''],
		call: (_context, a, _profile, named) => toJson(a!, styleOf(named as Dict, {})),
	},
	to_nice_json: {
		summary: 'A value as JSON on several lines, keys sorted.',
		signature: 'a, indent=4, sort_keys=True, **kwargs',
		example: ["{'a': 1} | to_nice_json(indent=1)", '\'{\\n "a": 1\\n}\''],
		call(_context, a, indent, sortKeys, named) {
			const {separators: _dropped, ...style} = styleOf(named as Dict, {});
			const level = indentOf(indent!);
			return toJson(a!, {...style, indent: level, sortKeys: isTruthy(sortKeys!), separators: [',', ': ']});
		},
	},
	tojson: {
		summary: 'A value as JSON that is safe inside HTML.',
		signature: 'value, indent=None',
		example: ["'<' | tojson", '\'"\\\\u003c"\''],
		call(_context, value, indent) {
			const text = toJson(value!, {indent: indentOf(indent!), sortKeys: 'python'})
				.replaceAll('<', '\\u003c')
				.replaceAll('>', '\\u003e')
				.replaceAll('&', '\\u0026')
				.replaceAll("'", '\\u0027');
			return new Markup(text);
		},
	},
};
