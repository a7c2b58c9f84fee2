import {ModuleFailure} from '../contract.js';

/** The bits of a `mode` argument: an octal text, a number (YAML's 0644 is 420), or symbolic (`u=rwX,g+s`) on top of what is there. */
export function modeBits(mode: unknown, current: number, isDirectory: boolean, umask: number, path: string): number {
	if (typeof mode === 'number' || typeof mode === 'bigint') return checked(Number(mode), path);
	const text = String(mode);
	if (/^\s*(0o)?[0-7]+\s*$/i.test(text)) return checked(Number.parseInt(text.trim().replace(/^0o/i, ''), 8), path);
	try {
		return symbolicBits(text, current, isDirectory, umask);
	} catch (error) {
		throw new ModuleFailure('mode must be in octal or symbolic form', {path, details: (error as Error).message});
	}
}

/** `0644`, as Ansible writes a mode. */
export function modeText(mode: number): string {
	return `0${mode.toString(8).padStart(3, '0')}`;
}

function checked(mode: number, path: string): number {
	if (!Number.isInteger(mode) || mode < 0 || mode > 0o7777) {
		throw new ModuleFailure('Invalid mode supplied, only permission info is allowed', {path, details: mode});
	}
	return mode;
}

/** Ansible's reading of symbolic modes (`AnsibleModule._symbolic_mode_to_octal`), which differs from chmod's in that `a` stands alone. */
function symbolicBits(text: string, current: number, isDirectory: boolean, umask: number): number {
	let mode = current;
	for (const clause of text.split(',')) {
		const [who = '', ...permissions] = clause.split(/[=+-]/);
		const operators = clause.match(/[=+-]/g) ?? [];
		const users = who === '' || who === 'a' ? 'ugo' : who;
		if (!/^[ugo]+$/.test(users) || permissions.some((letters) => !/^[rwxXstugo]*$/.test(letters))) {
			throw new Error(`bad symbolic permission for mode: ${clause}`);
		}
		for (const [index, letters] of permissions.entries()) {
			for (const user of users) {
				const bits = lettersToBits(letters, user as User, mode, isDirectory, who === '' ? umask : 0);
				if (operators[index] === '=') mode = (mode & ~ownBits[user as User]) | bits;
				else if (operators[index] === '+') mode |= bits;
				else mode &= ~bits;
			}
		}
	}
	return mode;
}

type User = 'u' | 'g' | 'o';
const shift = {u: 6, g: 3, o: 0};
const ownBits = {u: 0o4700, g: 0o2070, o: 0o1007};
const special = {u: {s: 0o4000, t: 0}, g: {s: 0o2000, t: 0}, o: {s: 0, t: 0o1000}};

function lettersToBits(letters: string, user: User, mode: number, isDirectory: boolean, umask: number): number {
	let bits = 0;
	for (const letter of letters) {
		if (letter === 's' || letter === 't') bits |= special[user][letter];
		else if (letter === 'u' || letter === 'g' || letter === 'o') bits |= ((mode >> shift[letter]) & 0o7) << shift[user];
		else if (letter === 'X') bits |= isDirectory || (mode & 0o111) > 0 ? 0o1 << shift[user] : 0;
		else bits |= ({r: 0o4, w: 0o2, x: 0o1}[letter as 'r' | 'w' | 'x'] << shift[user]) & ~umask;
	}
	return bits;
}
