import {readFile} from 'node:fs/promises';
import type {AnyAuthMethod, BaseAgent, KeyboardInteractiveCallback, ParsedKey, Prompt} from 'ssh2';
import ssh2 from 'ssh2';
import {agentListing} from './agent-listing.js';
import type {ConnectionSettings, Target} from './contract.js';
import {NeedsOpenssh} from './needs-openssh.js';
import {deadline} from './promises.js';
import {memoryOf, once} from './run-memory.js';
import type {SshOptions} from './ssh-options.js';

/** One way to authenticate, made ready when its turn comes (a passphrase may have to be asked for). */
export interface Attempt {
	/** The method's name on the wire. */
	readonly method: 'publickey' | 'password' | 'keyboard-interactive';
	/** The method, or why it cannot be tried. Throws `NeedsOpenssh`. */
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
 * Throws `NeedsOpenssh` where a certificate lies beside a key.
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
		const {identities, agents} = memoryOf(settings);
		const files = await Promise.all(options.identityFiles.map((path) => once(identities, path, () => readIdentity(path))));
		const keys = files.filter((file) => typeof file !== 'string');
		for (const {path, certified} of keys) if (certified) throw new NeedsOpenssh(`${path} has a certificate`);
		if (options.identitiesNamed) {
			for (const fault of files) if (typeof fault === 'string') settings.log?.(`${target.name}: ${fault}`);
		}
		const named = new Set(keys.map((key) => key.blob).filter((blob) => blob !== undefined));
		const {agentSocket} = options;
		const agent = agentSocket ? await once(agents, agentSocket, () => agentKeys(agentSocket, settings)) : undefined;
		const offered = agent?.keys ?? [];
		const first = offered.filter((key) => named.has(key.blob));
		const rest = options.identitiesOnly ? [] : offered.filter((key) => !named.has(key.blob));
		const held = new Set(first.map((key) => key.blob));
		const own = keys.filter((key) => key.secret && !(key.blob && held.has(key.blob)));
		if (agent && first.length > 0) found.push(agentAttempt(agent, first));
		if (options.identitiesNamed) found.push(...own.map(fileAttempt));
		if (agent && rest.length > 0) found.push(agentAttempt(agent, rest));
		if (!options.identitiesNamed) found.push(...own.map(fileAttempt));
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
				if (file.onToken) throw new NeedsOpenssh(`${file.path} is on a security token`);
				const key = await openKey(file);
				return typeof key === 'string' ? key : {type: 'publickey', username, key};
			},
		};
	}

	async function openKey({path, secret}: Identity): Promise<ParsedKey | string> {
		const plain = ssh2.utils.parseKey(secret!);
		if (!(plain instanceof Error)) return single(plain)!;
		if (/unsupported/i.test(plain.message)) throw new NeedsOpenssh(`${path} is a key of a sort that is not known here`);
		if (!/encrypted|passphrase/i.test(plain.message)) return `${path}: ${plain.message}`;
		const {passphrase} = target;
		const {openedKeys} = memoryOf(settings);
		if (passphrase !== undefined) {
			return once(openedKeys, JSON.stringify([path, passphrase]), async () => {
				const opened = ssh2.utils.parseKey(secret!, passphrase);
				return opened instanceof Error ? `${path}: the passphrase is wrong` : single(opened)!;
			});
		}
		if (!settings.ask || !options.mayAsk) return `${path}: it has a passphrase, and nobody can be asked for it`;
		return asking(once(openedKeys, path, () => askedKey(settings, path, secret!)));
	}
}

/** A key file. */
export interface Identity {
	readonly path: string;
	readonly secret: Buffer | undefined;
	readonly blob: string | undefined;
	/** A certificate lies beside it, which OpenSSH would show with it. */
	readonly certified: boolean;
	/** The key is in a FIDO token, the file only names it. */
	readonly onToken: boolean;
}

/** The key file, or why there is none. */
async function readIdentity(path: string): Promise<Identity | string> {
	let fault = '';
	const secret = await readFile(path).catch((error: NodeJS.ErrnoException) => {
		fault = `the key ${path} cannot be read: ${error.code}`;
		return undefined;
	});
	const file = (name: string) => readFile(name).catch(() => undefined);
	const open = path.endsWith('.pub') ? secret : await file(`${path}.pub`);
	const certificate = await file(`${path.replace(/\.pub$/, '')}-cert.pub`);
	const parsed = single(open ? ssh2.utils.parseKey(open) : secret ? ssh2.utils.parseKey(secret) : undefined);
	if (!secret && !parsed) return fault;
	return {
		path,
		secret: path.endsWith('.pub') ? undefined : secret,
		blob: parsed?.getPublicSSH().toString('base64'),
		certified: certificate !== undefined,
		onToken: open?.toString('latin1').startsWith('sk-') ?? false,
	};
}

/** A key opened by asking. */
async function askedKey(settings: ConnectionSettings, path: string, secret: Buffer): Promise<ParsedKey | string> {
	for (let attempt = 0; attempt < PASSPHRASE_TRIES; attempt++) {
		const passphrase = await settings.ask!(`Enter passphrase for key '${path}': `, {secret: true});
		if (passphrase === '') break;
		const parsed = ssh2.utils.parseKey(secret, passphrase);
		if (!(parsed instanceof Error)) return single(parsed)!;
	}
	return `${path}: no passphrase that opens it was given`;
}

interface AgentKey {
	readonly parsed: ParsedKey;
	readonly blob: string;
	readonly comment: string;
}

/** A running agent. */
export interface Agent {
	readonly keys: readonly AgentKey[];
	/** Whether it holds keys that only OpenSSH can use (certificates, those of tokens). */
	readonly hasOthers: boolean;
	only(keys: readonly AgentKey[]): BaseAgent;
}

/** The keys of an agent, and an agent that offers only some of them; undefined when it does not answer. */
async function agentKeys(socket: string, settings: ConnectionSettings): Promise<Agent | undefined> {
	const agent = ssh2.createAgent(socket);
	try {
		const listed = await deadline(AGENT_PATIENCE, agentListing(socket), () => new Error('it does not answer'));
		const keys = listed.flatMap(({blob, comment}): AgentKey[] => {
			const parsed = single(ssh2.utils.parseKey(blob));
			return parsed ? [{parsed, blob: blob.toString('base64'), comment}] : [];
		});
		return {keys, hasOthers: keys.length < listed.length, only: (some: readonly AgentKey[]) => offering(agent, some)};
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
