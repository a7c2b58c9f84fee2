import {existsSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {didYouMean} from '../source/source.js';
import {type ConnectionSettings, type Target, UnreachableError} from './contract.js';
import {NeedsOpenssh} from './needs-openssh.js';
import {memoryOf} from './run-memory.js';
import {parseSshArgs, type SshArgs} from './ssh-args.js';
import {hostName, readSshConfig, type Setting} from './ssh-config-file.js';
import {expandPath, expandTilde, expandTokens, type Tokens} from './ssh-tokens.js';

/** How one host is reached by ssh, after the inventory, the arguments and the configuration files were asked in this order. */
export interface SshOptions {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly family: 4 | 6 | undefined;
	readonly bindAddress: string | undefined;
	/** The name by which known_hosts knows it instead of its own. */
	readonly hostKeyAlias: string | undefined;
	readonly identityFiles: readonly string[];
	/** Whether the files were named by someone, or are OpenSSH's defaults. */
	readonly identitiesNamed: boolean;
	readonly identitiesOnly: boolean;
	readonly agentSocket: string | undefined;
	readonly forwardAgent: boolean;
	/** Hosts to go through, in this order, as written (`user@host:port`). */
	readonly jumps: readonly string[];
	/** The command whose stdin and stdout lead to the host. */
	readonly proxyCommand: string | undefined;
	/** Milliseconds, for connecting and authenticating. */
	readonly connectTimeout: number;
	/** Milliseconds between signs of life that are asked for, and how many may stay unanswered. */
	readonly aliveInterval: number;
	readonly aliveCount: number;
	readonly hostKeys: 'yes' | 'no' | 'accept-new' | 'ask';
	readonly userKnownHosts: readonly string[];
	readonly globalKnownHosts: readonly string[];
	readonly hashKnownHosts: boolean;
	/** Methods that may be used, of publickey, password and keyboard-interactive. */
	readonly methods: ReadonlySet<string>;
	readonly mayAsk: boolean;
	/** Kerberos may be tried, by OpenSSH. */
	readonly gssapi: boolean;
	/** A host of this machine may show any key (`NoHostAuthenticationForLocalhost`). */
	readonly trustsLocalhost: boolean;
	/** `Ciphers` and its like, as written: `a,b`, or `+a`, `-a`, `^a` in respect of the defaults. */
	readonly algorithms: Readonly<Record<AlgorithmList, string | undefined>>;
}

export type AlgorithmList = 'cipher' | 'hmac' | 'kex' | 'serverHostKey';

/** One host to resolve: the target itself, or a jump host, for which the files count but not the target's arguments. */
export interface SshName {
	readonly address: string;
	readonly port?: number;
	readonly user?: string;
}

/**
 * Resolves a host's ssh options as OpenSSH would with Ansible's command line: that first, then ~/.ssh/config, then /etc/ssh/ssh_config, the first value counts.
 * Throws `NeedsOpenssh`, naming the place, for settings that matter and are not done here, `UnreachableError` for faulty ones.
 */
export function sshOptions(name: SshName, target: Target, settings: ConnectionSettings, isJump: boolean): SshOptions {
	const {home} = settings;
	const [early, late] = [target.sshArgs, target.sshLateArgs].map((words) => parseSshArgs(words ?? [])) as [SshArgs, SshArgs];
	const found: Setting[] = isJump ? told(name) : [...early.settings, ...told(name, target), ...late.settings];
	const configFile = late.configFile ?? early.configFile;
	const read = (file: string) => memoryOf(settings).config(file);
	const asked = {originalHost: name.address, localUser: settings.user, home, read};
	if (configFile === undefined) readSshConfig([join(home, '.ssh/config'), '/etc/ssh/ssh_config'], asked, found);
	else if (configFile !== 'none') {
		const file = configFile.replace(/^~(?=\/|$)/, () => home);
		if (!existsSync(file)) throw new UnreachableError(`Can't open user config file ${file}: No such file or directory`);
		readSshConfig([file], asked, found);
	}
	refuse(found);

	const setting = (keyword: string) => found.find((one) => one.keyword === keyword);
	const first = (keyword: string) => setting(keyword)?.words[0];
	const isYes = (keyword: string, otherwise: boolean) => {
		const value = first(keyword)?.toLowerCase();
		return value === undefined ? otherwise : value === 'yes' || value === 'true';
	};
	const number = (keyword: string) => {
		const value = first(keyword);
		if (value !== undefined && !/^\d+(\.\d+)?$/.test(value))
			throw new UnreachableError(`${setting(keyword)!.place}: \`${value}\` is not a number`);
		return value === undefined ? undefined : Number(value);
	};

	const user = first('user') ?? settings.user;
	const port = number('port') ?? 22;
	const host = hostName(found, name.address);
	const hostKeyAlias = first('hostkeyalias')?.toLowerCase();
	const ofHost = {h: host, n: name.address, p: String(port), r: user};
	const tokens = {...ofHost, ...tokensOfThisMachine(settings), k: hostKeyAlias ?? name.address};
	const expand = (path: string, place: string) =>
		expandPath(path, {tokens, environment: settings.environment ?? {}, home}, place);
	const files = (keyword: string, otherwise: readonly string[], expandOne: typeof expand) => {
		const {words, place} = setting(keyword) ?? {words: otherwise, place: 'a default'};
		return words.filter((word) => word !== 'none').map((word) => expandOne(word, place));
	};

	const named = found.filter(({keyword}) => keyword === 'identityfile');
	const identities = (named.length > 0 ? named : DEFAULT_KEYS).flatMap(({words: [file = 'none'], place}) =>
		file === 'none' ? [] : [expand(file, place)],
	);
	const methods = new Set((first('preferredauthentications') ?? 'publickey,password,keyboard-interactive').split(','));
	if (!isYes('pubkeyauthentication', true)) methods.delete('publickey');
	if (!isYes('passwordauthentication', true)) methods.delete('password');
	if (!isYes('kbdinteractiveauthentication', true)) methods.delete('keyboard-interactive');
	const aliveInterval = number('serveraliveinterval');

	return {
		host,
		port,
		user,
		family: ({inet: 4, inet6: 6} as const)[first('addressfamily') as 'inet' | 'inet6'],
		bindAddress: first('bindaddress'),
		hostKeyAlias,
		identityFiles: [...new Set(identities)],
		identitiesNamed: named.length > 0,
		identitiesOnly: isYes('identitiesonly', false),
		agentSocket: agentSocket(setting('identityagent'), settings, expand),
		forwardAgent: isYes('forwardagent', false),
		...wayOf(found, ofHost),
		connectTimeout: (isJump ? 0 : (number('connecttimeout') ?? 0)) * 1000 || target.connectTimeout,
		aliveInterval: aliveInterval ? aliveInterval * 1000 : ALIVE_INTERVAL,
		aliveCount: aliveInterval ? (number('serveralivecountmax') ?? 3) : ALIVE_COUNT,
		hostKeys: policy(first('stricthostkeychecking')),
		userKnownHosts: files('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2'], expand),
		globalKnownHosts: files('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'], (path, place) =>
			expandTilde(path, home, place),
		),
		hashKnownHosts: isYes('hashknownhosts', false),
		methods,
		mayAsk: !isYes('batchmode', false),
		gssapi: isYes('gssapiauthentication', false),
		trustsLocalhost: isYes('nohostauthenticationforlocalhost', false),
		algorithms: {
			cipher: first('ciphers'),
			hmac: first('macs'),
			kex: first('kexalgorithms'),
			serverHostKey: first('hostkeyalgorithms'),
		},
	};
}

const DEFAULT_KEYS = ['rsa', 'ecdsa', 'ecdsa_sk', 'ed25519', 'ed25519_sk'].map((type) => ({
	words: [`~/.ssh/id_${type}`],
	place: 'a default',
}));
/** A half-open connection is noticed within a minute, also where the user's own configuration does not ask for it. */
const ALIVE_INTERVAL = 15_000;
const ALIVE_COUNT = 4;

/** Parts `user@host:port`, `user@[v6]:port` and `ssh://…` of a jump host. */
export function parseJump(text: string): SshName {
	const match = /^(?:ssh:\/\/)?(?:(.+)@)?(?:\[([^\]]+)\]|([^:]+|[0-9A-Fa-f:]{3,}?))(?::(\d+))?\/?$/.exec(text.trim());
	if (!match) throw new UnreachableError(`\`${text}\` is not a host to jump over (user@host:port)`);
	return {address: (match[2] ?? match[3])!, user: match[1], port: match[4] === undefined ? undefined : Number(match[4])};
}

/** `ProxyJump` and `ProxyCommand` compete: the one that is met first counts. */
function wayOf(found: readonly Setting[], tokens: Tokens): Pick<SshOptions, 'jumps' | 'proxyCommand'> {
	const way = found.find(({keyword}) => keyword === 'proxyjump' || keyword === 'proxycommand');
	const value = way?.words[0];
	if (!way || !value || value.toLowerCase() === 'none') return {jumps: [], proxyCommand: undefined};
	const expanded = expandTokens(value, tokens, way.place);
	if (way.keyword === 'proxyjump') return {jumps: expanded.split(','), proxyCommand: undefined};
	return {jumps: [], proxyCommand: expanded};
}

/** What the inventory says, as Ansible passes it on ssh's command line. */
function told({user, port}: SshName, target?: Target): Setting[] {
	const values = {
		stricthostkeychecking: target && !target.hostKeyChecking ? 'no' : undefined,
		port: port?.toString(),
		identityfile: target?.privateKeyFile,
		user,
		connecttimeout: target && String(target.connectTimeout / 1000),
	};
	return Object.entries(values).flatMap(([keyword, value]) =>
		value === undefined ? [] : [{keyword, words: [value], place: 'the inventory'}],
	);
}

function policy(value: string | undefined): SshOptions['hostKeys'] {
	switch (value?.toLowerCase()) {
		case 'yes':
		case 'true':
			return 'yes';
		case 'no':
		case 'off':
		case 'false':
			return 'no';
		case 'accept-new':
			return 'accept-new';
		default:
			return 'ask';
	}
}

/** The socket of `IdentityAgent`: a path, `$VARIABLE` or `SSH_AUTH_SOCK` that holds it, or `none`. */
function agentSocket(
	agent: Setting | undefined,
	settings: ConnectionSettings,
	expand: (path: string, place: string) => string,
): string | undefined {
	const [value = 'SSH_AUTH_SOCK'] = agent?.words ?? [];
	if (value === 'none') return undefined;
	if (value === 'SSH_AUTH_SOCK') return settings.agentSocket;
	if (/^\$[^{]/.test(value)) return settings.environment?.[value.slice(1)];
	return expand(value, agent!.place);
}

function tokensOfThisMachine({home, user}: ConnectionSettings): Tokens {
	const name = hostname();
	return {d: home, i: String(process.getuid?.()), L: name.replace(/\..*/, ''), l: name, u: user};
}

/** Refuses what would change where or how securely one connects, if it were ignored. */
function refuse(found: readonly Setting[]): void {
	const ignored = found
		.filter(({keyword}) => keyword === 'ignoreunknown')
		.flatMap(({words}) => words.join(',').toLowerCase().split(','));
	for (const {keyword, words, place} of found) {
		const value = words[0]?.toLowerCase();
		if (keyword === 'forwardagent' && !/^(yes|true|no|false)$/.test(value ?? ''))
			throw new NeedsOpenssh(`${place} forwards the agent \`${words[0]}\``);
		if (UNSUPPORTED.has(keyword)) {
			if (value === undefined || value === 'none' || value === 'no' || value === 'internal') continue;
			throw new NeedsOpenssh(`${place} asks for \`${keyword}\``);
		}
		if (!UNDERSTOOD.has(keyword) && !MEANINGLESS.has(keyword) && !ignored.includes(keyword)) {
			const near = didYouMean(keyword, UNDERSTOOD);
			throw new UnreachableError(
				`${place}: \`${keyword}\` is not a setting of ssh that is known here${near ? ` (${near})` : ''}`,
			);
		}
	}
}

const list = (words: string) => new Set(words.trim().split(/\s+/));

const UNDERSTOOD = list(`
	hostname user port proxycommand gssapiauthentication nohostauthenticationforlocalhost identityfile identitiesonly identityagent forwardagent proxyjump connecttimeout serveraliveinterval serveralivecountmax
	stricthostkeychecking userknownhostsfile globalknownhostsfile hostkeyalias hashknownhosts addressfamily bindaddress batchmode
	preferredauthentications pubkeyauthentication passwordauthentication kbdinteractiveauthentication ignoreunknown
	ciphers macs kexalgorithms hostkeyalgorithms`);

const UNSUPPORTED = list(`
	proxyusefdpass certificatefile pkcs11provider smartcarddevice securitykeyprovider knownhostscommand canonicalizehostname
	revokedhostkeys bindinterface`);

/** What has no meaning for a kept connection without terminal and forwarding, or only tunes how OpenSSH does it. */
const MEANINGLESS = list(`
	remotecommand controlmaster controlpath controlpersist compression compressionlevel loglevel logverbose sendenv setenv forwardx11 forwardx11trusted forwardx11timeout
	visualhostkey addkeystoagent usekeychain tcpkeepalive escapechar enableescapecommandline requesttty ipqos rekeylimit checkhostip updatehostkeys
	permitlocalcommand localcommand tunnel tunneldevice exitonforwardfailure localforward remoteforward dynamicforward clearallforwardings gatewayports
	verifyhostkeydns xauthlocation streamlocalbindmask streamlocalbindunlink enablesshkeysign hostbasedauthentication
	hostbasedacceptedalgorithms hostbasedkeytypes fingerprinthash requiredrsasize casignaturealgorithms pubkeyacceptedalgorithms pubkeyacceptedkeytypes
	protocol connectionattempts gssapikexalgorithms numberofpasswordprompts gssapidelegatecredentials gssapikeyexchange gssapitrustdns
	gssapirenewalforcesrekey gssapiserveridentity gssapiclientidentity challengeresponseauthentication canonicaldomains canonicalizefallbacklocal
	canonicalizemaxdots canonicalizepermittedcnames obscurekeystroketiming channeltimeout permitremoteopen sessiontype stdinnull forkafterauthentication
	syslogfacility tag useprivilegedport rsaauthentication rhostsrsaauthentication afstokenpassing kerberosauthentication kerberostgtpassing`);
