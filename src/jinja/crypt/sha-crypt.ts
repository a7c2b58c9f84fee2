import {hash} from 'node:crypto';
import {encodeGroups} from './crypt64.js';

type Algorithm = 'sha256' | 'sha512';

/** Which bytes of a digest make which characters: a third of the digest apart, turning. */
function groupsOf(algorithm: Algorithm): number[][] {
	const third = algorithm === 'sha512' ? 21 : 10;
	const groups = Array.from({length: third}, (_, index) => {
		const trio = [index, index + third, index + 2 * third];
		// SHA-512 turns one way, SHA-256 the other.
		const turn = algorithm === 'sha512' ? index % 3 : (3 - (index % 3)) % 3;
		return [...trio.slice(turn), ...trio.slice(0, turn)];
	});
	return [...groups, algorithm === 'sha512' ? [63] : [31, 30]];
}

function repeated(block: Buffer, length: number): Buffer {
	return Buffer.alloc(length, block);
}

/**
 * SHA-crypt: what stands behind the salt in `$5$` and `$6$` hashes. Source: Ulrich Drepper, "Unix crypt using SHA-256 and SHA-512", steps 1 to 22.
 */
export function shaCrypt(algorithm: Algorithm, password: Buffer, salt: Buffer, rounds: number): string {
	const digest = (...parts: readonly Buffer[]): Buffer => hash(algorithm, Buffer.concat(parts), 'buffer');
	const size = algorithm === 'sha512' ? 64 : 32;

	const other = digest(password, salt, password);
	const parts: Buffer[] = [password, salt, repeated(other, password.length)];
	for (let bits = password.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? other : password);
	let current = digest(...parts);

	const p = repeated(digest(...Array.from(password, () => password)), password.length);
	const s = repeated(digest(...Array.from({length: 16 + current[0]!}, () => salt)), salt.length);

	// What each round hashes depends on its number by 2, 3 and 7: prepare all 42 kinds, and put in the last digest only.
	const kinds = Array.from({length: 42}, (_, round) => {
		const middle = [...(round % 3 ? [s] : []), ...(round % 7 ? [p] : [])];
		const odd = round % 2 === 1;
		const gap = Buffer.alloc(size);
		const input = Buffer.concat(odd ? [p, ...middle, gap] : [gap, ...middle, p]);
		return {input, at: odd ? input.length - size : 0};
	});
	for (let round = 0; round < rounds; round++) {
		const {input, at} = kinds[round % 42]!;
		current.copy(input, at);
		current = hash(algorithm, input, 'buffer');
	}
	for (const {input} of kinds) input.fill(0);
	return encodeGroups(current, groupsOf(algorithm));
}
