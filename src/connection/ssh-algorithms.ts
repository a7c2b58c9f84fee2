import constants from 'ssh2/lib/protocol/constants.js';
import {NeedsOpenssh} from './needs-openssh.js';
import type {AlgorithmList, SshOptions} from './ssh-options.js';
import {matchesPattern} from './wildcard.js';

const DEFAULTS: Readonly<Record<AlgorithmList, readonly [defaults: readonly string[], supported: readonly string[]]>> = {
	cipher: [constants.DEFAULT_CIPHER, constants.SUPPORTED_CIPHER],
	hmac: [constants.DEFAULT_MAC, constants.SUPPORTED_MAC],
	kex: [constants.DEFAULT_KEX, constants.SUPPORTED_KEX],
	serverHostKey: [constants.DEFAULT_SERVER_HOST_KEY, constants.SUPPORTED_SERVER_HOST_KEY],
};

/**
 * The algorithms to offer, where `Ciphers`, `MACs` or `KexAlgorithms` restrict them: the wanted ones that ssh2 has, in the wanted order.
 * Throws `NeedsOpenssh` when it has none of them: a weaker one is never taken instead.
 */
export function offered(wanted: SshOptions['algorithms']): Partial<Record<AlgorithmList, string[]>> {
	const lists: Partial<Record<AlgorithmList, string[]>> = {};
	for (const name of ['cipher', 'hmac', 'kex'] as const) {
		if (wanted[name] !== undefined) lists[name] = choose(name, wanted[name]);
	}
	return lists;
}

/** The host key algorithms to offer: those of keys by which the host is known come first, so that it shows a key that can be compared. */
export function hostKeyAlgorithms(wanted: string | undefined, knownTypes: readonly string[]): string[] {
	const list = wanted === undefined ? [...DEFAULTS.serverHostKey[0]] : choose('serverHostKey', wanted);
	const known = list.filter((name) => knownTypes.includes(name.startsWith('rsa-sha2-') ? 'ssh-rsa' : name));
	return [...known, ...list.filter((name) => !known.includes(name))];
}

function choose(name: AlgorithmList, wanted: string): string[] {
	const [defaults, supported] = DEFAULTS[name];
	const sign = /^[+^-]/.exec(wanted)?.[0];
	const patterns = (sign ? wanted.slice(1) : wanted).split(',');
	const matched = patterns.flatMap((pattern) => supported.filter((one) => matchesPattern(one, pattern)));
	const rest = defaults.filter((one) => !matched.includes(one));
	const list = sign === '+' ? [...defaults, ...matched] : sign === '^' ? [...matched, ...rest] : sign === '-' ? rest : matched;
	if (list.length === 0) throw new NeedsOpenssh(`none of the algorithms ${wanted} is known here`);
	return [...new Set(list)];
}
