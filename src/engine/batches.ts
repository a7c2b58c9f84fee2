import type {Value} from '../jinja/jinja.js';
import {FieldError} from './task-error.js';

/** Cuts the hosts of a play into batches by `serial`: a number, a percentage, or a list of them whose last one repeats. */
export function cutBatches(hosts: readonly string[], serial: Value | undefined): string[][] {
	const wanted = (Array.isArray(serial) ? serial : [serial]).map((one) => batchSize(one, hosts.length));
	const batches: string[][] = [];
	let rest = [...hosts];
	for (let index = 0; rest.length > 0; index++) {
		const size = wanted[Math.min(index, wanted.length - 1)]!;
		const take = size <= 0 ? rest.length : size;
		batches.push(rest.slice(0, take));
		rest = rest.slice(take);
	}
	return batches;
}

/** A percentage is rounded down, but is never less than one host; 0 and less means all. */
function batchSize(value: Value | undefined, hosts: number): number {
	if (value === undefined || value === null) return 0;
	const text = String(value).trim();
	const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
	if (percent !== undefined) return Math.max(1, Math.floor((hosts * Number(percent)) / 100));
	if (!/^-?\d+$/.test(text))
		throw new FieldError(`the value of \`serial\` must be a number of hosts or a percentage, not '${text}'`);
	return Number(text);
}
