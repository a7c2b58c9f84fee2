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

/** What is shown in the place of a secret text. */
export const hiddenText = '«hidden»';

/** Every secret text inside some values. */
export function secretTexts(values: readonly Value[]): string[] {
	return values.flatMap((value): string[] => {
		if (value === null || typeof value !== 'object') return [];
		if (value instanceof Secret) return [value.text];
		if (value instanceof Template) return value.secret ? [value.source] : [];
		if (Array.isArray(value)) return secretTexts(value);
		if (value instanceof Tuple) return secretTexts(value.items);
		return value instanceof Dict ? secretTexts([...value.values()]) : [];
	});
}
