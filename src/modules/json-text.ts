import {DateTime, Dict, Float, pythonStr, Secret, Template, Tuple, type Value} from '../jinja/jinja.js';

/** A value as Python's `json.dumps` writes it: `", "` and `": "` between, ASCII only. Secrets are written in the clear. */
export function jsonText(value: Value): string {
	if (value === null) return 'null';
	if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
	if (typeof value === 'number' || value instanceof Float) return numberText(value);
	if (typeof value === 'string') return stringText(value);
	if (value instanceof Secret) return stringText(value.text);
	if (value instanceof Template) return stringText(value.source);
	if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
	if (value instanceof Tuple) return `[${value.items.map(jsonText).join(', ')}]`;
	if (value instanceof Dict)
		return `{${[...value.entries()].map(([key, item]) => `${stringText(keyText(key))}: ${jsonText(item)}`).join(', ')}}`;
	if (value instanceof Uint8Array) return stringText(Buffer.from(value).toString());
	if (value instanceof DateTime) return stringText(pythonStr(value).replace(' ', 'T'));
	return stringText(pythonStr(value));
}

/** The value of a JSON text, in Python's types. Throws `SyntaxError`. */
export function parseJson(text: string): Value {
	return fromJson(JSON.parse(text, keepFloats));
}

/** Node 20 shows a reviver no source text, so 1.0 is told from 1 only where JSON.parse gives the source. */
function keepFloats(_key: string, value: unknown, context?: {source?: string}): unknown {
	return typeof value === 'number' && Number.isInteger(value) && /[.eE]/.test(context?.source ?? '') ? new Float(value) : value;
}

/** What `JSON.parse` gives, in Python's types. */
export function fromJson(value: unknown): Value {
	if (Array.isArray(value)) return value.map(fromJson);
	if (value instanceof Float || value === null || typeof value !== 'object') return value as Value;
	return Dict.from(Object.entries(value).map(([key, item]) => [key, fromJson(item)] as const));
}

function keyText(key: Value): string {
	return key === null ? 'null' : typeof key === 'boolean' ? String(key) : pythonStr(key);
}

function numberText(value: number | Float): string {
	const number = value instanceof Float ? value.value : value;
	if (Number.isNaN(number)) return 'NaN';
	if (!Number.isFinite(number)) return number > 0 ? 'Infinity' : '-Infinity';
	return pythonStr(value);
}

function stringText(text: string): string {
	return JSON.stringify(text).replace(
		/[\x7f-\uffff]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}
