import {DateTime, Dict, Float, pythonStr, Secret, Template, Tuple, Unknown, type Value} from '../jinja/jinja.js';

/** Whether a value is not known yet. */
export function isOpen(value: Value): boolean {
	return value instanceof Template || value instanceof Unknown;
}

/** The first unknown value in a structure. */
export function findUnknown(value: Value): Unknown | undefined {
	if (value instanceof Unknown) return value;
	for (const item of itemsOf(value)) {
		const unknown = findUnknown(item);
		if (unknown) return unknown;
	}
	return undefined;
}

function itemsOf(value: Value): Iterable<Value> {
	if (Array.isArray(value)) return value;
	return value instanceof Tuple ? value.items : value instanceof Dict ? value.values() : [];
}

/** Adds the texts of every secret in a value. */
export function collectSecrets(value: Value, texts: Set<string>): void {
	if (value instanceof Secret) {
		for (const piece of value.pieces) if (piece) texts.add(piece);
	} else for (const item of itemsOf(value)) collectSecrets(item, texts);
}

/** Adds every text and number of a `no_log` argument. */
export function collectTexts(value: Value | undefined, texts: Set<string>): void {
	if (value === undefined || value === null || typeof value === 'boolean' || isOpen(value) || value instanceof DateTime) return;
	if (
		typeof value === 'string' ||
		typeof value === 'number' ||
		typeof value === 'bigint' ||
		value instanceof Float ||
		value instanceof Secret
	) {
		const text = pythonStr(value);
		if (text) texts.add(text);
	} else for (const item of itemsOf(value)) collectTexts(item, texts);
}

/** Stands for a value that is not known here, so that nothing is said about it. */
export const anything: unique symbol = Symbol('anything');

/** What JSON Schema can look at: numbers of every kind as numbers. */
export function plainOf(value: unknown): unknown {
	if (typeof value === 'bigint') return Number(value);
	if (value instanceof Float) return value.value;
	if (value instanceof Secret) return value.text;
	if (value === null || value === anything) return undefined;
	return Array.isArray(value) ? value.map(plainOf) : value;
}
