import {closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {checkLength, drawCharacters, passwordHash, pythonStr, type Value} from '../jinja/jinja.js';
import {integerOption, type Lookup, type LookupContext, type LookupOptions, lookupFault, textTerm} from './context.js';
import {splitKeyValues} from './key-values.js';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
/** The character sets of Python's `string` module that `chars` may name. */
const sets: Readonly<Record<string, string>> = {
	ascii_letters: lower + upper,
	ascii_lowercase: lower,
	ascii_uppercase: upper,
	digits: '0123456789',
	hexdigits: '0123456789abcdefABCDEF',
	octdigits: '01234567',
	punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
	whitespace: ' \t\n\r\v\f',
};
const parameters = ['length', 'encrypt', 'chars', 'ident', 'seed'];

/** A password that is drawn once and kept in a file (mode 0600) beside the playbook; in `/dev/null` it is not kept. */
export const password: Lookup = (terms, options, context) => terms.map((term) => passwordOf(textTerm(term), options, context));

function passwordOf(term: string, given: LookupOptions, context: LookupContext): string {
	const {path, options} = readTerm(term, given, context);
	const encrypt = optional(options, 'encrypt');
	const ident = optional(options, 'ident');
	return locked(path, () => {
		const stored = path !== '/dev/null' && existsSync(path) ? parseContent(readFileSync(path, 'utf8').trimEnd()) : undefined;
		const plain =
			stored?.plain ?? draw(integerOption(options, 'length', 20), candidates(options), optional(options, 'seed') ?? null);
		if (stored?.ident !== undefined && ident !== undefined && stored.ident !== ident) {
			throw lookupFault(`The ident parameter provided (${stored.ident}) does not match the stored one (${ident}).`);
		}
		const salt = stored?.salt ?? (encrypt === undefined ? undefined : draw(saltLength(encrypt), `${lower}${upper}0123456789./`));
		const usedIdent = stored?.ident ?? ident ?? (encrypt === 'bcrypt' || encrypt === 'blowfish' ? '2b' : undefined);
		const content = salt === undefined ? plain : `${plain} salt=${salt}${usedIdent === undefined ? '' : ` ident=${usedIdent}`}`;
		const changed = !stored || stored.salt !== salt || (encrypt !== undefined && stored.ident !== usedIdent);
		if (changed && path !== '/dev/null') writeFileSync(path, `${content}\n`, {mode: 0o600});
		return encrypt === undefined ? plain : passwordHash(plain, encrypt, {salt, ident: usedIdent});
	});
}

function readTerm(term: string, given: LookupOptions, {basedir, home}: LookupContext): {path: string; options: LookupOptions} {
	const [first, ...more] = term.split(' ');
	const {values, rest} = splitKeyValues(more.join(' '));
	const name = rest === '' ? first! : `${first} ${rest}`;
	if (!term.startsWith(name)) throw lookupFault('Unrecognized value after key=value parameters given to password lookup');
	const unknown = [...values.keys()].filter((key) => !parameters.includes(key));
	if (unknown.length) throw lookupFault(`Unrecognized parameter(s) given to password lookup: ${unknown.join(', ')}`);
	const path = name.startsWith('~/') ? join(home, name.slice(1)) : resolve(basedir, name);
	return {path, options: new Map([...given, ...values])};
}

function optional(options: LookupOptions, name: string): string | undefined {
	const value = options.get(name);
	return value === undefined || value === null || value === '' ? undefined : pythonStr(value);
}

/** The characters that `chars` allows; quotes never. */
function candidates(options: LookupOptions): string {
	const chars = options.get('chars') ?? ['ascii_letters', 'digits', '.,:-_'];
	const specs = Array.isArray(chars) ? chars.map((one) => pythonStr(one)) : splitChars(pythonStr(chars));
	return specs
		.map((spec) => (Object.hasOwn(sets, spec) ? sets[spec]! : spec))
		.join('')
		.replace(/["']/g, '');
}

function splitChars(text: string): string[] {
	const specs = text
		.replaceAll(',,', ',')
		.split(',')
		.filter((part) => part !== '');
	return text.includes(',,') ? [',', ...specs] : specs;
}

function draw(length: number, characters: string, seed: Value = null): string {
	checkLength(length);
	if (characters === '') throw lookupFault('no characters are left to draw a password from');
	return drawCharacters(length, characters, seed);
}

function saltLength(method: string): number {
	return method.startsWith('bcrypt') || method === 'blowfish' ? 22 : method.startsWith('md5') ? 8 : 16;
}

function parseContent(content: string): {plain: string; salt?: string; ident?: string} {
	const at = content.lastIndexOf(' salt=');
	if (at < 0) return {plain: content};
	const plain = content.slice(0, at);
	const rest = content.slice(at + ' salt='.length);
	const identAt = rest.lastIndexOf(' ident=');
	return identAt < 0 ? {plain, salt: rest} : {plain, salt: rest.slice(0, identAt), ident: rest.slice(identAt + ' ident='.length)};
}

/** Does work while no other process draws a password for the same file. */
function locked<T>(path: string, work: () => T): T {
	if (path === '/dev/null') return work();
	mkdirSync(dirname(path), {recursive: true, mode: 0o700});
	const lock = `${path}.playbill-lock`;
	const deadline = Date.now() + 7000;
	for (;;) {
		try {
			closeSync(openSync(lock, 'wx', 0o600));
			break;
		} catch (error) {
			if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST')
				throw lookupFault(`Unable to write '${path}': ${String(error)}`);
			if (Date.now() > deadline)
				throw lookupFault(`Password lookup cannot get the lock in 7 seconds, abort. Remove ${lock} if no other run uses it.`);
			Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
		}
	}
	try {
		return work();
	} finally {
		rmSync(lock, {force: true});
	}
}
