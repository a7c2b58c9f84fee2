import {hash} from 'node:crypto';
import {encodeGroups} from './crypt64.js';

const groups = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]];

/** MD5-crypt: what stands behind the salt in `$1$` hashes. Source: Poul-Henning Kamp's crypt of FreeBSD. */
export function md5Crypt(password: Buffer, salt: Buffer): string {
	const digest = (...parts: readonly Buffer[]): Buffer => hash('md5', Buffer.concat(parts), 'buffer');
	const other = digest(password, salt, password);
	const parts = [password, Buffer.from('$1$'), salt, Buffer.alloc(password.length, other)];
	for (let bits = password.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? Buffer.alloc(1) : password.subarray(0, 1));
	let current = digest(...parts);
	for (let round = 0; round < 1000; round++) {
		const odd = round % 2 === 1;
		current = digest(
			odd ? password : current,
			...(round % 3 ? [salt] : []),
			...(round % 7 ? [password] : []),
			odd ? current : password,
		);
	}
	return encodeGroups(current, groups);
}
