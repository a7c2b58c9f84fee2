import {createHash} from 'node:crypto';
import {passwordHash} from '../crypt/password-hash.js';
import {PythonError, typeError, valueError} from '../fault.js';
import {integerArgument} from '../python/argument.js';
import {isTruthy, textOf} from '../python/compare.js';
import {encodeText, toText} from '../python/encoding.js';
import {pythonStr} from '../python/text.js';
import {typeName} from '../python/type-name.js';
import type {Value} from '../value.js';
import type {FilterTable} from './filter.js';

/** hashlib's names as OpenSSL has them. */
const names: Readonly<Record<string, string>> = {
	md5: 'md5',
	sha1: 'sha1',
	sha224: 'sha224',
	sha256: 'sha256',
	sha384: 'sha384',
	sha512: 'sha512',
	sha512_224: 'sha512-224',
	sha512_256: 'sha512-256',
	sha3_224: 'sha3-224',
	sha3_256: 'sha3-256',
	sha3_384: 'sha3-384',
	sha3_512: 'sha3-512',
	blake2b: 'blake2b512',
	blake2s: 'blake2s256',
	ripemd160: 'ripemd160',
	sm3: 'sm3',
};

function digest(value: Value, type: string): string {
	const name = Object.hasOwn(names, type.toLowerCase()) ? names[type.toLowerCase()]! : undefined;
	if (name === undefined) throw valueError(`unsupported hash type ${type}`);
	return createHash(name)
		.update(value instanceof Uint8Array ? value : encodeText(pythonStr(value)))
		.digest('hex');
}

/** The UUID of a name in a namespace, by SHA-1 (version 5). */
function uuid5(namespace: string, name: string): string {
	const hex = namespace.replace(/^urn:|uuid:/g, '').replace(/[{}-]/g, '');
	if (!/^[\da-f]{32}$/i.test(hex))
		throw valueError(`Invalid value '${namespace}' for 'namespace': badly formed hexadecimal UUID string`);
	const bytes = createHash('sha1').update(Buffer.from(hex, 'hex')).update(name).digest().subarray(0, 16);
	bytes[6] = (bytes[6]! & 0x0f) | 0x50;
	bytes[8] = (bytes[8]! & 0x3f) | 0x80;
	return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function optional(value: Value): Value | undefined {
	return value === null || !isTruthy(value) ? undefined : value;
}

/** Filters that hash. */
export const hashFilters: FilterTable = {
	hash: {
		summary: 'The hexadecimal digest of a text.',
		signature: "data, hashtype='sha1'",
		example: ["'x' | hash('md5')", "'9dd4e461268c8034f5c8564e155c67a6'"],
		call: (_context, data, type) => digest(data!, pythonStr(type!)),
	},
	md5: {
		summary: 'The MD5 digest of a text.',
		signature: 'data',
		example: ["'x' | md5", "'9dd4e461268c8034f5c8564e155c67a6'"],
		call: (_context, data) => digest(data!, 'md5'),
	},
	sha1: {
		summary: 'The SHA-1 digest of a text.',
		signature: 'data, hash_func=None',
		aliases: ['checksum'],
		example: ["'x' | sha1", "'11f6ad8ec52a2984abaafd7c3b516503785c2072'"],
		call(_context, data, hashFunction) {
			if (hashFunction !== null) throw typeError(`'${typeName(hashFunction!)}' object is not callable`);
			return digest(data!, 'sha1');
		},
	},
	password_hash: {
		summary: "A password's hash for `/etc/shadow`: sha512, sha256, md5 or blowfish.",
		signature: "password, hashtype='sha512', salt=None, salt_size=None, rounds=None, ident=None",
		example: ["'secret' | password_hash('md5', 'mysalt')", "'$1$mysalt$n/EfEiV74OYgBdqhKQzSW/'"],
		call(_context, password, hashtype, salt, saltSize, rounds, ident) {
			const [saltText, size, count, identText] = [salt!, saltSize!, rounds!, ident!].map(optional);
			const text = password instanceof Uint8Array ? Buffer.from(password).toString('utf8') : pythonStr(password!);
			return passwordHash(text, textOf(hashtype!) ?? pythonStr(hashtype!), {
				salt: saltText === undefined ? undefined : pythonStr(saltText),
				saltSize: size === undefined ? undefined : integerArgument(size, 'salt_size'),
				rounds: count === undefined ? undefined : integerArgument(count, 'rounds'),
				ident: identText === undefined ? undefined : pythonStr(identText),
			});
		},
	},
	to_uuid: {
		summary: 'The UUID of a text, always the same.',
		signature: "string, namespace='361E6D51-FAEC-444A-9079-341386DA8E2E'",
		example: ['5 | to_uuid', "'1912f288-223d-54fb-b725-190e32747866'"],
		call(_context, string, namespace) {
			const text = textOf(namespace!);
			if (text === undefined) throw new PythonError('TypeError', `Invalid value '${pythonStr(namespace!)}' for 'namespace'`);
			return uuid5(text, toText(string!));
		},
	},
};
