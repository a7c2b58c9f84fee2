import {readFile} from 'node:fs/promises';
import type {AnyAuthMethod, BaseAgent, KeyboardInteractiveCallback, ParsedKey, Prompt} from 'ssh2';
import ssh2 from 'ssh2';
import type {ConnectionSettings, Target} from './contract.js';
import {deadline} from './promises.js';
import type {SshOptions} from './ssh-options.js';

/** One way to authenticate, made ready when its turn comes (a passphrase may have to be asked for). */
export interface Attempt {
	/** The method's name on the wire. */
	readonly method: 'publickey' | 'password' | 'keyboard-interactive';
	/** The method, or why it cannot be tried. */
	prepare(): Promise<AnyAuthMethod | string>;
	/** For the message when all have failed. */
	readonly says: string;
}

/** How long an agent may take to list its keys, in milliseconds. */
const AGENT_PATIENCE = 5000;
/** How often a passphrase is asked for before the key is passed over, as in OpenSSH. */
const PASSPHRASE_TRIES = 3;

/**
 * The ways to authenticate: agent keys that are also named as files, files that were named, other agent keys, the usual files, then the password.
 * (OpenSSH tries all of an agent's keys before named files, by which a host that allows few attempts is missed.)
 * `trusted` tells, when its turn comes, whether the host may be given a password.
 */
export async function attempts(
	options: SshOptions,
	target: Target,
	settings: ConnectionSettings,
	trusted: () => boolean,
	asking: <T>(wait: Promise<T>) => Promise<T>,
): Promise<Attempt[]> {
	const username = options.user;
	const found: Attempt[] = [];
	if (options.methods.has('publickey')) {
		const files = await Promise.all(options.identityFiles.map(readIdentity));
		const keys = files.filter((file) => file !== undefined);
		const named = new Set(keys.map((key) => key.blob).filter((blob) => blob !== undefined));
		const agent = options.agentSocket ? await agentKeys(options.agentSocket, settings) : undefined;
		const offered = agent?.keys ?? [];
		const first = offered.filter((key) => named.has(key.blob));
		const rest = options.identitiesOnly ? [] : offered.filter((key) => !named.has(key.blob));
		const held = new Set(first.map((key) => key.blob));
		const own = keys.filter((key) => key.secret && !(key.blob && held.has(key.blob)));
		if (agent && first.length > 0) found.push(agentAttempt(agent, first));
		found.push(...own.filter((key) => key.explicit).map(fileAttempt));
		if (agent && rest.length > 0) found.push(agentAttempt(agent, rest));
		found.push(...own.filter((key) => !key.explicit).map(fileAttempt));
	}
	const {password} = target;
	if (password !== undefined) {
		const guarded = (make: () => AnyAuthMethod) => async () =>
			trusted() ? make() : 'no password is given to a host whose key has changed';
		if (options.methods.has('password')) {
			found.push({method: 'password', says: 'password', prepare: guarded(() => ({type: 'password', username, password}))});
		}
		if (options.methods.has('keyboard-interactive')) {
			const prompt = (_name: string, _text: string, _language: string, prompts: Prompt[], finish: KeyboardInteractiveCallback) =>
				finish(prompts.map(({echo}) => (echo ? '' : password)));
			found.push({
				method: 'keyboard-interactive',
				says: 'keyboard-interactive',
				prepare: guarded(() => ({type: 'keyboard-interactive', username, prompt})),
			});
		}
	}
	return found;

	async function readIdentity(path: string): Promise<Identity | undefined> {
		const explicit = options.identitiesNamed;
		const secret = await readFile(path).catch((error: NodeJS.ErrnoException) => {
			if (explicit) settings.log?.(`${target.name}: the key ${path} cannot be read: ${error.code}`);
			return undefined;
		});
		const open = await readFile(path.endsWith('.pub') ? path : `${path}.pub`).catch(() => undefined);
		const parsed = single(open ? ssh2.utils.parseKey(open) : secret ? ssh2.utils.parseKey(secret) : undefined);
		if (!secret && !parsed) return undefined;
		return {path, explicit, secret: path.endsWith('.pub') ? undefined : secret, blob: parsed?.getPublicSSH().toString('base64')};
	}

	function agentAttempt(agent: Agent, keys: readonly AgentKey[]): Attempt {
		return {
			method: 'publickey',
			says: `agent (${keys.map((key) => key.comment || key.parsed.type).join(', ')})`,
			prepare: async () => ({type: 'agent', username, agent: agent.only(keys)}),
		};
	}

	function fileAttempt(file: Identity): Attempt {
		return {
			method: 'publickey',
			says: file.path,
			prepare: async () => {
				const key = await openKey(file);
				return typeof key === 'string' ? key : {type: 'publickey', username, key};
			},
		};
	}

	async function openKey({path, secret}: Identity): Promise<ParsedKey | string> {
		const plain = ssh2.utils.parseKey(secret!);
		if (!(plain instanceof Error)) return single(plain)!;
		if (!/encrypted|passphrase/i.test(plain.message)) return `${path}: ${plain.message}`;
		if (target.passphrase !== undefined) {
			const opened = ssh2.utils.parseKey(secret!, target.passphrase);
			return opened instanceof Error ? `${path}: the passphrase is wrong` : single(opened)!;
		}
		if (!settings.ask || !options.mayAsk) return `${path}: it has a passphrase, and nobody can be asked for it`;
		return asking(askedKey(settings, path, secret!));
	}
}

interface Identity {
	readonly path: string;
	/** Named by someone, and not only one of the usual files. */
	readonly explicit: boolean;
	readonly secret: Buffer | undefined;
	readonly blob: string | undefined;
}

/** Keys opened by asking, per run: a passphrase is asked for once, not once per host. */
const opened = new WeakMap<ConnectionSettings, Map<string, Promise<ParsedKey | string>>>();

function askedKey(settings: ConnectionSettings, path: string, secret: Buffer): Promise<ParsedKey | string> {
	const known = opened.get(settings) ?? new Map<string, Promise<ParsedKey | string>>();
	opened.set(settings, known);
	let key = known.get(path);
	if (!key) {
		key = ask();
		known.set(path, key);
	}
	return key;

	async function ask(): Promise<ParsedKey | string> {
		for (let attempt = 0; attempt < PASSPHRASE_TRIES; attempt++) {
			const passphrase = await settings.ask!(`Enter passphrase for key '${path}': `, {secret: true});
			if (passphrase === '') break;
			const parsed = ssh2.utils.parseKey(secret, passphrase);
			if (!(parsed instanceof Error)) return single(parsed)!;
		}
		return `${path}: no passphrase that opens it was given`;
	}
}

interface AgentKey {
	readonly parsed: ParsedKey;
	readonly blob: string;
	readonly comment: string;
}

interface Agent {
	readonly keys: readonly AgentKey[];
	only(keys: readonly AgentKey[]): BaseAgent;
}

/** The keys of an agent, and an agent that offers only some of them; undefined when it does not answer. */
async function agentKeys(socket: string, settings: ConnectionSettings): Promise<Agent | undefined> {
	const agent = ssh2.createAgent(socket);
	try {
		const listing = new Promise<ParsedKey[]>((resolve, reject) => {
			agent.getIdentities((error, list) => {
				if (error) reject(error);
				else resolve((list ?? []).map((key) => single(ssh2.utils.parseKey(key as never))).filter((key) => key !== undefined));
			});
		});
		const parsed = await deadline(AGENT_PATIENCE, listing, () => new Error('it does not answer'));
		const keys: AgentKey[] = parsed.map((key) => ({
			parsed: key,
			blob: key.getPublicSSH().toString('base64'),
			comment: key.comment,
		}));
		return {keys, only: (some: readonly AgentKey[]) => offering(agent, some)};
	} catch (error) {
		settings.log?.(`the ssh agent at ${socket} cannot be used: ${(error as Error).message}`);
		return undefined;
	}
}

function offering(agent: BaseAgent, keys: readonly AgentKey[]): BaseAgent {
	return Object.assign(Object.create(agent) as BaseAgent, {
		getIdentities: (callback: (error: Error | undefined, keys: ParsedKey[]) => void) =>
			callback(
				undefined,
				keys.map(({parsed}) => parsed),
			),
	});
}

/** ssh2 gives one key or a list of one. */
function single(parsed: ParsedKey | ParsedKey[] | Error | undefined): ParsedKey | undefined {
	if (parsed === undefined || parsed instanceof Error) return undefined;
	return Array.isArray(parsed) ? parsed[0] : parsed;
}
