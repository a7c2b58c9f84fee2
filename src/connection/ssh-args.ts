import {UnreachableError} from './contract.js';
import {parseLine, type Setting} from './ssh-config-file.js';

/** What ssh's command line says: settings that come before those of any file, and another file to read instead. */
export interface SshArgs {
	readonly settings: Setting[];
	/** `-F`; `none` reads no file. */
	readonly configFile: string | undefined;
}

/** Options with a value that stand for a keyword of ssh_config. */
const KEYWORD: Readonly<Record<string, string>> = {
	p: 'port',
	l: 'user',
	i: 'identityfile',
	J: 'proxyjump',
	b: 'bindaddress',
	c: 'ciphers',
	m: 'macs',
	S: 'controlpath',
	I: 'pkcs11provider',
};
/** Options without a value that stand for a setting. */
const FLAG: Readonly<Record<string, readonly [string, string]>> = {
	'4': ['addressfamily', 'inet'],
	'6': ['addressfamily', 'inet6'],
	A: ['forwardagent', 'yes'],
	a: ['forwardagent', 'no'],
};
/** Options that mean nothing to a connection that is kept and has no terminal. */
const MEANINGLESS = new Set('CMTtqvxXYynfgkK');
const MEANINGLESS_WITH_VALUE = new Set('eE');

/** Reads the words of `ansible_ssh_common_args` and its like. Throws `UnreachableError` for what would matter and is not supported. */
export function parseSshArgs(args: readonly string[]): SshArgs {
	const settings: Setting[] = [];
	let configFile: string | undefined;
	const words = args;
	for (let index = 0; index < words.length; index++) {
		const word = words[index]!;
		if (!/^-./.test(word)) throw new UnreachableError(`the ssh argument \`${word}\` is not an option`);
		for (let at = 1; at < word.length; at++) {
			const letter = word[at]!;
			const place = `the ssh argument \`-${letter}\``;
			const flag = FLAG[letter];
			if (flag) {
				settings.push({keyword: flag[0], words: [flag[1]], place});
				continue;
			}
			if (MEANINGLESS.has(letter)) continue;
			const value = word.slice(at + 1) || words[++index];
			if (value === undefined) throw new UnreachableError(`${place} needs a value`);
			if (letter === 'F') configFile = value;
			else if (letter === 'o') settings.push(option(value));
			else if (KEYWORD[letter]) settings.push({keyword: KEYWORD[letter], words: [value], place});
			else if (!MEANINGLESS_WITH_VALUE.has(letter)) throw new UnreachableError(`${place} is not supported`);
			break;
		}
	}
	return {settings, configFile};
}

function option(text: string): Setting {
	const parsed = parseLine(text);
	if (!parsed) throw new UnreachableError(`the ssh argument \`-o ${text}\` is not a setting`);
	return {...parsed, place: `the ssh argument \`-o ${text}\``};
}
