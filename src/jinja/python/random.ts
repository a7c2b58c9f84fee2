import {createHash, randomBytes} from 'node:crypto';
import {PythonError, typeError} from '../fault.js';
import type {Value} from '../value.js';
import {textOf} from './compare.js';
import {bigOf, floatOf, isFloat, isInteger} from './number.js';

/** Where bits come from. */
export interface RandomSource {
	/** An integer of this many random bits. */
	bits(count: number): bigint;
}

/** Below `limit`, each with the same chance, by Python's way of drawing. */
export function randomBelow(source: RandomSource, limit: bigint): bigint {
	const count = limit.toString(2).length;
	let drawn = source.bits(count);
	while (drawn >= limit) drawn = source.bits(count);
	return drawn;
}

/** The operating system's randomness. */
export const systemRandom: RandomSource = {
	bits(count) {
		const bytes = randomBytes(Math.ceil(count / 8));
		return BigInt(`0x${bytes.toString('hex')}`) >> BigInt(bytes.length * 8 - count);
	},
};

const size = 624;
const period = 397;

/** CPython's `random.Random(seed)`: the Mersenne Twister MT19937, seeded as CPython does it. Source: Modules/_randommodule.c, Lib/random.py. */
export class MersenneTwister implements RandomSource {
	readonly #state = new Uint32Array(size);
	#next = size;

	constructor(seed: Value) {
		this.#seedByWords(wordsOf(seedNumber(seed)));
	}

	#seedByNumber(seed: number): void {
		const state = this.#state;
		state[0] = seed;
		for (let i = 1; i < size; i++) {
			const before = state[i - 1]! ^ (state[i - 1]! >>> 30);
			state[i] = Math.imul(before, 1_812_433_253) + i;
		}
	}

	#seedByWords(words: readonly number[]): void {
		const state = this.#state;
		this.#seedByNumber(19_650_218);
		let i = 1;
		let j = 0;
		const mixed = (factor: number): number => state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), factor);
		const step = (): void => {
			if (++i < size) return;
			state[0] = state[size - 1]!;
			i = 1;
		};
		for (let count = Math.max(size, words.length); count > 0; count--) {
			state[i] = mixed(1_664_525) + words[j]! + j;
			step();
			j = (j + 1) % words.length;
		}
		for (let count = size - 1; count > 0; count--) {
			state[i] = mixed(1_566_083_941) - i;
			step();
		}
		state[0] = 0x80000000;
	}

	#word(): number {
		if (this.#next >= size) this.#refill();
		let word = this.#state[this.#next++]!;
		word ^= word >>> 11;
		word ^= (word << 7) & 0x9d2c5680;
		word ^= (word << 15) & 0xefc60000;
		return (word ^ (word >>> 18)) >>> 0;
	}

	#refill(): void {
		const state = this.#state;
		for (let i = 0; i < size; i++) {
			const joined = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff);
			state[i] = state[(i + period) % size]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
		}
		this.#next = 0;
	}

	bits(count: number): bigint {
		let result = 0n;
		for (let done = 0; done < count; done += 32) {
			const left = count - done;
			const word = left < 32 ? this.#word() >>> (32 - left) : this.#word();
			result |= BigInt(word) << BigInt(done);
		}
		return result;
	}
}

/** Characters drawn one by one; with a seed (anything but null), those that Python's `Random(seed).choice` draws. Throws `TypeError` for what is no seed. */
export function drawCharacters(length: number, characters: string, seed: Value = null): string {
	const all = Array.from(characters);
	const source = seed === null ? systemRandom : new MersenneTwister(seed);
	return Array.from({length}, () => all[Number(randomBelow(source, BigInt(all.length)))]).join('');
}

/** The number that a seed stands for: texts by their bytes and SHA-512, floats by Python's hash. */
function seedNumber(seed: Value): bigint {
	const text = textOf(seed);
	if (text !== undefined || seed instanceof Uint8Array) {
		const bytes = Buffer.from(text ?? (seed as Uint8Array));
		const hash = createHash('sha512').update(bytes).digest('hex');
		return BigInt(`0x${bytes.toString('hex')}${hash}`);
	}
	if (isInteger(seed)) {
		const number = bigOf(seed);
		return number < 0n ? -number : number;
	}
	if (isFloat(seed)) return BigInt.asUintN(64, hashOfFloat(floatOf(seed)));
	throw typeError('The only supported seed types are: None,\nint, float, str, bytes, and bytearray.');
}

function wordsOf(number: bigint): number[] {
	const words: number[] = [];
	for (let rest = number; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn));
	return words.length ? words : [0];
}

/** Python's hash of a float: its exact value modulo 2^61 - 1. */
function hashOfFloat(value: number): bigint {
	if (Number.isNaN(value)) throw new PythonError('ValueError', 'a seed must be a number');
	if (!Number.isFinite(value)) return value > 0 ? 314_159n : -314_159n;
	const modulus = (1n << 61n) - 1n;
	let numerator = Math.abs(value);
	let shift = 0;
	while (!Number.isInteger(numerator)) {
		numerator *= 2;
		shift++;
	}
	// Dividing by 2 modulo 2^61 - 1 is a turn of the 61 bits.
	const turns = BigInt(shift % 61);
	const whole = BigInt(numerator) % modulus;
	const hash = ((whole >> turns) | (whole << (61n - turns))) & modulus;
	const signed = value < 0 ? -hash : hash;
	return signed === -1n ? -2n : signed;
}
