import type {Value} from '../jinja/jinja.js';
import type {ArgumentSpec} from './argument-spec.js';

/** Whether a value is one that is offered; texts are compared without case. */
export function isSame(offered: unknown, value: unknown): boolean {
	const [a, b] = [offered, value].map((one) => (typeof one === 'string' ? one.toLowerCase() : one));
	return JSON.stringify(a) === JSON.stringify(b);
}

/** YAML reads `yes` and `off` as booleans: the only choice that means the same is taken. */
export function yamlWord(value: Value, choices: NonNullable<ArgumentSpec['choices']>): string | number | boolean | undefined {
	const words =
		value === 'False'
			? ['n', 'no', 'off', '0', 'false', 'f', 0, false]
			: value === 'True'
				? ['y', 'yes', 'on', '1', 'true', 't', 1, true]
				: [];
	const meant = choices.filter((choice) => words.includes(choice));
	return meant.length === 1 ? meant[0] : undefined;
}
