import {createHash} from 'node:crypto';
import {library} from '../../source/source.js';
import {PythonError, valueError} from '../fault.js';
import {randomBelow, systemRandom} from '../python/random.js';
import {md5Crypt} from './md5-crypt.js';
import {shaCrypt} from './sha-crypt.js';

interface Algorithm {
	readonly ident: string;
	readonly saltSize: number;
	/** The salt has exactly this size. */
	readonly exact?: boolean;
	readonly rounds?: {readonly usual: number; readonly least: number; readonly most: number};
}

const algorithms: Readonly<Record<string, Algorithm>> = {
	md5: {ident: '1', saltSize: 8},
	blowfish: {ident: '2b', saltSize: 22, exact: true, rounds: {usual: 12, least: 4, most: 31}},
	sha256: {ident: '5', saltSize: 16, rounds: {usual: 535_000, least: 1000, most: 999_999_999}},
	sha512: {ident: '6', saltSize: 16, rounds: {usual: 656_000, least: 1000, most: 999_999_999}},
};
const otherNames: Readonly<Record<string, string>> = {
	md5_crypt: 'md5',
	bcrypt: 'blowfish',
	sha256_crypt: 'sha256',
	sha512_crypt: 'sha512',
};
const saltCharacters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./';
/** More rounds than this would keep this side busy for minutes. */
const mostRounds = 5_000_000;

export interface PasswordHashOptions {
	readonly salt?: string | undefined;
	readonly saltSize?: number | undefined;
	readonly rounds?: number | undefined;
	readonly ident?: string | undefined;
}

/**
 * A password's hash as it stands in `/etc/shadow`, with ansible-core's rounds. A salt is taken as it is given (newer releases on some systems feed it in as
 * random bytes, so that the hash is another one). Throws `PythonError` for what cannot be made.
 */
export function passwordHash(password: string, hashtype: string, options: PasswordHashOptions): string {
	const name = otherNames[hashtype] ?? hashtype;
	const algorithm = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
	if (!algorithm)
		throw valueError(`${hashtype} is not in the list of supported passlib algorithms: ${Object.keys(algorithms).join(', ')}`);
	const salt = saltOf(algorithm, options);
	const rounds = roundsOf(name, algorithm, options.rounds);
	const ident = options.ident || algorithm.ident;
	if (!options.salt) return compute(name, ident, password, salt, rounds);
	// The same password is often hashed for many hosts: remember the result, not the password.
	const key = createHash('sha256')
		.update(JSON.stringify([name, ident, password, salt, rounds]))
		.digest('base64');
	let known = cache.get(key);
	if (known === undefined) {
		known = compute(name, ident, password, salt, rounds);
		if (cache.size > 1000) cache.clear();
		cache.set(key, known);
	}
	return known;
}
const cache = new Map<string, string>();

function saltOf({saltSize, exact}: Algorithm, {salt, saltSize: wanted}: PasswordHashOptions): string {
	const expected = `expected ${exact ? '' : 'at most '}${saltSize}`;
	const check = (length: number): void => {
		if (exact ? length !== saltSize : length > saltSize) throw valueError(`invalid salt size supplied (${length}), ${expected}`);
	};
	const size = wanted || saltSize;
	check(size);
	const text = salt || Array.from({length: size}, () => saltCharacters[Number(randomBelow(systemRandom, 64n))]).join('');
	if (!/^[A-Za-z0-9./]*$/.test(text)) throw valueError('invalid characters in salt');
	check(text.length);
	return text;
}

function roundsOf(name: string, {rounds}: Algorithm, given: number | undefined): number {
	if (!rounds) return 0;
	const count = given || rounds.usual;
	if (count < rounds.least || count > rounds.most)
		throw valueError(`${name} takes ${rounds.least} to ${rounds.most} rounds, not ${count}`);
	if (name === 'blowfish' ? count > 18 : count > mostRounds)
		throw new PythonError('LimitError', `${count} rounds of ${name} would take too long`);
	return count;
}

function compute(name: string, ident: string, password: string, salt: string, rounds: number): string {
	if (name === 'blowfish') {
		if (!['2a', '2b', '2y'].includes(ident)) throw valueError(`bcrypt has no ident '${ident}'`);
		const {hashSync} = library<typeof import('bcryptjs')>('bcryptjs');
		const made = hashSync(password, `$2b$${String(rounds).padStart(2, '0')}$${salt}`);
		return `$${ident}${made.slice(3)}`;
	}
	if (ident !== algorithms[name]!.ident) throw valueError(`${name} has no ident '${ident}'`);
	const [secret, salted] = [Buffer.from(password), Buffer.from(salt)];
	if (secret.includes(0)) throw valueError('a password cannot hold a null character');
	if (name === 'md5') return `$1$${salt}$${md5Crypt(secret, salted)}`;
	return `$${ident}$rounds=${rounds}$${salt}$${shaCrypt(name as 'sha256', secret, salted, rounds)}`;
}
