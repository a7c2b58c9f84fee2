import {Dict, Float, Secret, type Value} from '../../jinja/jinja.js';

/** The text of a value as Python's `json.dumps` writes it: `", "` and `": "` between, what is not ASCII as `\uXXXX`. */
export function pythonJson(value: unknown): string {
	if (value instanceof Dict) return object([...value.entries()].map(([key, item]) => [keyText(key), item]));
	if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
	if (value instanceof Float) return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value);
	if (value instanceof Secret) return quote(value.text);
	if (typeof value === 'string') return quote(value);
	if (value === null || value === undefined) return 'null';
	if (typeof value === 'object') return object(Object.entries(value));
	return String(value);
}

function object(entries: readonly (readonly [string, unknown])[]): string {
	return `{${entries.map(([key, item]) => `${quote(key)}: ${pythonJson(item)}`).join(', ')}}`;
}

function keyText(key: Value): string {
	return typeof key === 'string' ? key : pythonJson(key);
}

function quote(text: string): string {
	return JSON.stringify(text).replace(
		/[\u007f-\uffff]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}
