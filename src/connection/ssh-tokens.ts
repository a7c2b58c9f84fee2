import {UnreachableError} from './contract.js';
import {NeedsOpenssh} from './needs-openssh.js';

/** The texts that stand for `%h` and its like, by their letter. */
export type Tokens = Readonly<Record<string, string>>;

/** Expands tokens. Throws `NeedsOpenssh` for one that is not among them, as OpenSSH's versions differ in what they know. */
export function expandTokens(text: string, tokens: Tokens, place: string): string {
	return text.replace(/%(.?)/gs, (all, letter) => tokenOf(letter, tokens) ?? unknown(all, place));
}

/** What paths in a configuration may refer to. */
export interface PathTerms {
	readonly tokens: Tokens;
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly home: string;
}

/**
 * Expands `~/`, tokens and `${VARIABLE}` of a path (ssh_config(5), TOKENS and ENVIRONMENT VARIABLES); what was put in is not expanded again.
 * Throws `UnreachableError` for a variable that is not set, as ssh ends with that, and `NeedsOpenssh` for what is not known here (`%C`, `~user/`).
 */
export function expandPath(path: string, {tokens, environment, home}: PathTerms, place: string): string {
	const [start, rest] = partTilde(path, home, place);
	const expanded = rest.replace(/%(.?)|\$\{([^}]*)(\}?)/gs, (all, letter?: string, name?: string, end?: string) => {
		if (letter !== undefined) return tokenOf(letter, tokens) ?? unknown(all, place);
		if (!end) throw new UnreachableError(`${place}: \`${path}\` lacks a \`}\``);
		return environment[name!] ?? unset(`\${${name}}`, place);
	});
	return start + expanded;
}

/** Expands `~/` alone. Throws `NeedsOpenssh` for `~user/`. */
export function expandTilde(path: string, home: string, place: string): string {
	return partTilde(path, home, place).join('');
}

function partTilde(path: string, home: string, place: string): [home: string, rest: string] {
	if (/^~[^/]/.test(path)) throw new NeedsOpenssh(`${place} names \`${path}\``);
	return path.startsWith('~') ? [home.replace(/\/$/, ''), path.slice(1)] : ['', path];
}

function tokenOf(letter: string, tokens: Tokens): string | undefined {
	return letter === '%' ? '%' : Object.hasOwn(tokens, letter) ? tokens[letter] : undefined;
}

function unknown(token: string, place: string): never {
	throw new NeedsOpenssh(`${place} has the token \`${token}\``);
}

function unset(variable: string, place: string): never {
	throw new UnreachableError(`${place}: the environment variable \`${variable}\` is not set`);
}
