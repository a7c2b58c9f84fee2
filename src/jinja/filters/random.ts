import {PythonError, typeError, valueError} from '../fault.js';
import {Range} from '../internal.js';
import {isTruthy, textOf} from '../python/compare.js';
import {isSequence, iterate, lengthOf} from '../python/iterate.js';
import {bigOf, isInteger, toInt} from '../python/number.js';
import {MersenneTwister, type RandomSource, randomBelow, systemRandom} from '../python/random.js';
import {pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import {Dict, type Value} from '../value.js';
import type {FilterTable} from './filter.js';

function sourceOf(seed: Value): RandomSource {
	return seed === null ? systemRandom : new MersenneTwister(seed);
}

function integer(value: Value): bigint {
	if (isInteger(value)) return bigOf(value);
	throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

/** Python's `randrange`. */
function randomInRange(source: RandomSource, start: bigint, stop: bigint, step: bigint): bigint {
	if (step === 0n) throw valueError('zero step for randrange()');
	const span = stop - start;
	const count = step > 0n ? (span + step - 1n) / step : (span + step + 1n) / step;
	if (count <= 0n || span > 0n !== step > 0n)
		throw valueError(`empty range in randrange(${start}, ${stop}${step === 1n ? '' : `, ${step}`})`);
	return start + step * randomBelow(source, count);
}

/** Filters that draw; with a seed, exactly what Python draws. */
export const randomFilters: FilterTable = {
	random: {
		summary: 'A random item of a list, or a random number below another.',
		signature: 'end, start=None, step=None, seed=None',
		example: ["60 | random(seed='kafka1')", '48'],
		call(_context, end, start, step, seed) {
			const source = sourceOf(seed!);
			if (isInteger(end!)) {
				const from = isTruthy(start!) ? integer(start!) : 0n;
				const by = isTruthy(step!) ? integer(step!) : 1n;
				return toInt(randomInRange(source, from, bigOf(end), by));
			}
			const isText = textOf(end!) !== undefined;
			if (!isText && !isSequence(end!) && !(end instanceof Dict) && !(end instanceof Range))
				throw valueError('random can only be used on sequences and integers');
			if (isTruthy(start!) || isTruthy(step!)) throw valueError('start and step can only be used with integer values');
			const length = lengthOf(end);
			if (!length) throw new PythonError('IndexError', 'Cannot choose from an empty sequence');
			const index = Number(randomBelow(source, BigInt(length)));
			if (end instanceof Range) return end.at(index);
			if (!(end instanceof Dict)) return iterate(end)[index]!;
			const value = end.get(index);
			if (value === undefined) throw new PythonError('KeyError', String(index));
			return value;
		},
	},
	shuffle: {
		summary: 'The items of a list in a random order.',
		signature: 'mylist, seed=None',
		example: ["['a', 'b', 'c', 'd'] | shuffle(seed='x')", "['a', 'b', 'd', 'c']"],
		call(_context, list, seed) {
			let items: Value[];
			try {
				items = [...iterate(list!)];
			} catch (fault) {
				if (fault instanceof PythonError) return list!;
				throw fault;
			}
			let source: RandomSource;
			try {
				source = isTruthy(seed!) ? new MersenneTwister(seed!) : systemRandom;
			} catch (fault) {
				if (fault instanceof PythonError) return items;
				throw fault;
			}
			for (let i = items.length - 1; i > 0; i--) {
				const j = Number(randomBelow(source, BigInt(i + 1)));
				[items[i], items[j]] = [items[j]!, items[i]!];
			}
			return items;
		},
	},
	'community.general.random_mac': {
		summary: 'A hardware address that begins with the given bytes.',
		signature: 'value, seed=None',
		aliases: ['random_mac'],
		example: ["('52:54:00' | random_mac)[:9]", "'52:54:00:'"],
		call(_context, value, seed) {
			const text = textOf(value!);
			if (text === undefined) throw valueError(`Invalid value type (${typeName(value!)}) for random_mac (${pythonStr(value!)})`);
			const parts = text.toLowerCase().split(':');
			if (parts.length > 5) throw valueError(`Invalid value (${text}) for random_mac: 5 colon(:) separated items max`);
			for (const part of parts) {
				if (!/^[a-f0-9]{2}/.test(part)) throw valueError(`Invalid value (${text}) for random_mac: ${part} not hexa byte`);
			}
			const drawn = randomInRange(sourceOf(seed!), 68_719_476_736n, 1_099_511_627_775n + 1n, 1n).toString(16);
			const bytes = drawn.match(/../g)!;
			return [...parts, ...bytes].slice(0, 6).join(':');
		},
	},
};
