import {Markup} from '../internal.js';
import {spend} from '../limits.js';
import {Dict, Secret, Template, Tuple, type Value} from '../value.js';

/** Whether a secret text is somewhere inside a value. */
export function holdsSecret(value: Value): boolean {
	if (value === null || typeof value !== 'object') return false;
	if (value instanceof Secret) return true;
	if (value instanceof Template) return value.secret;
	if (Array.isArray(value) || value instanceof Tuple) {
		const items: readonly Value[] = value instanceof Tuple ? value.items : value;
		spend(items.length);
		return items.some(holdsSecret);
	}
	if (value instanceof Dict) {
		for (const item of value.values()) if (holdsSecret(item)) return true;
	}
	return false;
}

/** The same value with every text in it secret; the keys of dicts stay. */
export function hide(value: Value): Value {
	if (typeof value === 'string') return new Secret(value);
	if (value instanceof Markup) return new Secret(value.text);
	if (Array.isArray(value)) return value.map(hide);
	if (value instanceof Tuple) return new Tuple(value.items.map(hide));
	if (value instanceof Dict) return Dict.from(Array.from(value.entries(), ([key, item]): [Value, Value] => [key, hide(item)]));
	return value;
}

/** What is shown in the place of a secret text. */
export const hiddenText = '«hidden»';

/** What is secret of a text that is made of values: their secret pieces, all of what a container with one prints as. */
export function secretPieces(value: Value, shown: string): readonly string[] {
	if (value instanceof Secret) return value.pieces;
	return holdsSecret(value) ? [shown] : [];
}

/** Every secret text inside some values. */
export function secretTexts(values: readonly Value[]): string[] {
	return values.flatMap((value): string[] => {
		if (value === null || typeof value !== 'object') return [];
		if (value instanceof Secret) return [...value.pieces];
		if (value instanceof Template) return value.secret ? [value.source] : [];
		if (Array.isArray(value)) return secretTexts(value);
		if (value instanceof Tuple) return secretTexts(value.items);
		return value instanceof Dict ? secretTexts([...value.values()]) : [];
	});
}
