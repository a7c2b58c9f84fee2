import {parseArgs} from 'node:util';
import {didYouMean} from '../source/source.js';
import {UsageError} from './usage-error.js';

/** `ansible-playbook`'s options, as given; what was not given is undefined, so that ansible.cfg can say it. */
export interface Options {
	readonly playbooks: readonly string[];
	readonly inventory: readonly string[];
	readonly limit: string | undefined;
	readonly tags: readonly string[];
	readonly skipTags: readonly string[];
	readonly check: boolean;
	readonly diff: boolean;
	readonly extraVars: readonly string[];
	readonly forks: number | undefined;
	readonly remoteUser: string | undefined;
	readonly connection: string | undefined;
	readonly timeout: number | undefined;
	readonly privateKey: string | undefined;
	readonly askPass: boolean;
	readonly connectionPasswordFile: string | undefined;
	readonly sshCommonArgs: string | undefined;
	readonly sshExtraArgs: string | undefined;
	readonly become: boolean;
	readonly becomeMethod: string | undefined;
	readonly becomeUser: string | undefined;
	readonly askBecomePass: boolean;
	readonly becomePasswordFile: string | undefined;
	readonly vaultIds: readonly string[];
	readonly askVaultPass: boolean;
	readonly vaultPasswordFiles: readonly string[];
	readonly forceHandlers: boolean;
	readonly flushCache: boolean;
	readonly list: 'hosts' | 'tasks' | 'tags' | undefined;
	readonly listAlso: readonly ('hosts' | 'tasks' | 'tags')[];
	readonly syntaxCheck: boolean;
	readonly step: boolean;
	readonly startAtTask: string | undefined;
	readonly verbosity: number;
	readonly modulePath: readonly string[];
	/** Playbill's own: an event a line, and warnings of the load made errors. */
	readonly json: boolean;
	readonly strict: boolean;
	readonly help: boolean;
	readonly version: boolean;
}

const table = {
	inventory: {type: 'string', short: 'i', multiple: true},
	'inventory-file': {type: 'string', multiple: true},
	limit: {type: 'string', short: 'l'},
	tags: {type: 'string', short: 't', multiple: true},
	'skip-tags': {type: 'string', multiple: true},
	check: {type: 'boolean', short: 'C'},
	diff: {type: 'boolean', short: 'D'},
	'extra-vars': {type: 'string', short: 'e', multiple: true},
	forks: {type: 'string', short: 'f'},
	'module-path': {type: 'string', short: 'M', multiple: true},
	user: {type: 'string', short: 'u'},
	connection: {type: 'string', short: 'c'},
	timeout: {type: 'string', short: 'T'},
	'private-key': {type: 'string'},
	'key-file': {type: 'string'},
	'ask-pass': {type: 'boolean', short: 'k'},
	'connection-password-file': {type: 'string'},
	'conn-pass-file': {type: 'string'},
	'ssh-common-args': {type: 'string'},
	'sftp-extra-args': {type: 'string'},
	'scp-extra-args': {type: 'string'},
	'ssh-extra-args': {type: 'string'},
	become: {type: 'boolean', short: 'b'},
	'become-method': {type: 'string'},
	'become-user': {type: 'string'},
	'ask-become-pass': {type: 'boolean', short: 'K'},
	'become-password-file': {type: 'string'},
	'become-pass-file': {type: 'string'},
	'vault-id': {type: 'string', multiple: true},
	'ask-vault-password': {type: 'boolean', short: 'J'},
	'ask-vault-pass': {type: 'boolean'},
	'vault-password-file': {type: 'string', multiple: true},
	'vault-pass-file': {type: 'string', multiple: true},
	'force-handlers': {type: 'boolean'},
	'flush-cache': {type: 'boolean'},
	'list-hosts': {type: 'boolean'},
	'list-tasks': {type: 'boolean'},
	'list-tags': {type: 'boolean'},
	'syntax-check': {type: 'boolean'},
	step: {type: 'boolean'},
	'start-at-task': {type: 'string'},
	verbose: {type: 'boolean', short: 'v', multiple: true},
	json: {type: 'boolean'},
	strict: {type: 'boolean'},
	help: {type: 'boolean', short: 'h'},
	version: {type: 'boolean'},
} as const;

/** Every long option, for completion and did-you-mean. */
export const optionNames: readonly string[] = Object.keys(table);

/** Reads the arguments after the command's name. Long options may be abbreviated while they stay unambiguous, as argparse allows. */
export function readOptions(argv: readonly string[]): Options {
	const {values, positionals} = parse(joinValues(argv.map(completeOption)));
	const listed = (['hosts', 'tasks', 'tags'] as const).filter((what) => values[`list-${what}`]);
	return {
		playbooks: positionals,
		inventory: [...(values.inventory ?? []), ...(values['inventory-file'] ?? [])],
		limit: values.limit,
		tags: commas(values.tags),
		skipTags: commas(values['skip-tags']),
		check: values.check ?? false,
		diff: values.diff ?? false,
		extraVars: values['extra-vars'] ?? [],
		forks: wholeNumber('forks', values.forks),
		remoteUser: values.user,
		connection: values.connection,
		timeout: wholeNumber('timeout', values.timeout),
		privateKey: values['private-key'] ?? values['key-file'],
		askPass: values['ask-pass'] ?? false,
		connectionPasswordFile: values['connection-password-file'] ?? values['conn-pass-file'],
		sshCommonArgs: values['ssh-common-args'],
		sshExtraArgs: values['ssh-extra-args'],
		become: values.become ?? false,
		becomeMethod: values['become-method'],
		becomeUser: values['become-user'],
		askBecomePass: values['ask-become-pass'] ?? false,
		becomePasswordFile: values['become-password-file'] ?? values['become-pass-file'],
		vaultIds: values['vault-id'] ?? [],
		askVaultPass: values['ask-vault-password'] ?? values['ask-vault-pass'] ?? false,
		vaultPasswordFiles: [...(values['vault-password-file'] ?? []), ...(values['vault-pass-file'] ?? [])],
		forceHandlers: values['force-handlers'] ?? false,
		flushCache: values['flush-cache'] ?? false,
		list: listed[0],
		listAlso: listed.slice(1),
		syntaxCheck: values['syntax-check'] ?? false,
		step: values.step ?? false,
		startAtTask: values['start-at-task'],
		verbosity: values.verbose?.length ?? 0,
		modulePath: values['module-path'] ?? [],
		json: values.json ?? false,
		strict: values.strict ?? false,
		help: values.help ?? false,
		version: values.version ?? false,
	};
}

function parse(args: string[]) {
	try {
		return parseArgs({args, options: table, allowPositionals: true, strict: true});
	} catch (error) {
		throw usageError((error as Error).message);
	}
}

/** Puts a long option and its value into one word, so that a value may begin with a dash (`--ssh-common-args "-o …"`). */
function joinValues(words: readonly string[]): string[] {
	const joined: string[] = [];
	for (let index = 0; index < words.length; index++) {
		const word = words[index]!;
		if (word === '--') return [...joined, ...words.slice(index)];
		const name = word.slice(2);
		const takesValue = word.startsWith('--') && name in table && table[name as keyof typeof table].type === 'string';
		if (takesValue && index + 1 < words.length) joined.push(`${word}=${words[++index]}`);
		else joined.push(word);
	}
	return joined;
}

/** What node's parser says, in the words of the command line's users. */
function usageError(message: string): UsageError {
	const [, unknown] = /^Unknown option '(-[^']*)'/.exec(message) ?? [];
	if (unknown !== undefined) {
		const candidates = optionNames.map((name) => `--${name}`);
		const prefixed = unknown.length > 3 ? candidates.filter((name) => name.startsWith(unknown)) : [];
		if (prefixed.length > 1) return new UsageError(`ambiguous option: ${unknown} could match ${prefixed.join(', ')}`);
		return new UsageError(`unrecognized arguments: ${unknown}`, didYouMean(unknown, candidates));
	}
	const [, lacking] = /^Option '(?:-\w, )?(--[\w-]+) <value>' argument (?:missing|is ambiguous)/.exec(message) ?? [];
	if (lacking !== undefined) return new UsageError(`argument ${lacking}: expected one argument`);
	return new UsageError(message.split('\n')[0]!.replace(/\.$/, ''));
}

/** `--lim` becomes `--limit`. */
function completeOption(word: string): string {
	const [, name, rest] = /^--([a-z-]+)(=[\s\S]*)?$/.exec(word) ?? [];
	if (!name || name in table) return word;
	const candidates = optionNames.filter((option) => option.startsWith(name));
	return candidates.length === 1 ? `--${candidates[0]}${rest ?? ''}` : word;
}

function commas(values: readonly string[] | undefined): string[] {
	return (values ?? [])
		.flatMap((value) => value.split(','))
		.map((value) => value.trim())
		.filter(Boolean);
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	if (!/^\d+$/.test(text)) throw new UsageError(`argument --${name}: invalid int value: '${text}'`);
	if (name === 'forks' && Number(text) === 0) throw new UsageError('the number of forks (--forks) must be >= 1');
	return Number(text);
}
