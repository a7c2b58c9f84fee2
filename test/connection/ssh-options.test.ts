import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'ava';
import type {Target} from '../../src/connection/connection.js';
import {NeedsOpenssh} from '../../src/connection/needs-openssh.js';
import {parseJump, type SshOptions, sshOptions} from '../../src/connection/ssh-options.js';

const root = mkdtempSync(join(tmpdir(), 'playbill-options-'));
test.after.always(() => rmSync(root, {recursive: true, force: true}));
let homes = 0;

const environment = {KEYS: '/keys', ODD: '%h', OTHER_AGENT: '/other'};

/** Resolves options for a host with this ~/.ssh/config and these further files below ~/.ssh. */
function resolve(
	config: string,
	more: Partial<Target> = {},
	files: Record<string, string> = {},
): {options: SshOptions; home: string} {
	const home = join(root, String(homes++));
	for (const [name, text] of Object.entries({config, ...files})) {
		mkdirSync(dirname(join(home, '.ssh', name)), {recursive: true});
		writeFileSync(join(home, '.ssh', name), text);
	}
	const target: Target = {name: 'h', transport: 'ssh', address: 'web1', hostKeyChecking: true, connectTimeout: 10_000, ...more};
	const own = {...target, sshArgs: ['-F', join(home, '.ssh/config'), ...(more.sshArgs ?? [])]};
	const name = {address: target.address, port: target.port, user: target.user};
	return {options: sshOptions(name, own, {home, user: 'me', agentSocket: '/agent', environment}, false), home};
}

const rows: Record<string, [config: string, more: Partial<Target>, expected: Partial<SshOptions>]> = {
	defaults: [
		'',
		{},
		{
			host: 'web1',
			port: 22,
			user: 'me',
			hostKeys: 'ask',
			jumps: [],
			identitiesNamed: false,
			connectTimeout: 10_000,
			agentSocket: '/agent',
		},
	],
	'a host of the file': [
		'Host web1\n  HostName 10.0.0.1\n  Port 2222\n  User deploy\n',
		{},
		{host: '10.0.0.1', port: 2222, user: 'deploy'},
	],
	'the first value counts': ['Host web1\nPort 1\nHost *\nPort 2\n', {}, {port: 1}],
	'another host': ['Host web2\nPort 2\n', {}, {port: 22}],
	'negated patterns': ['Host * !web1\nPort 2\n', {}, {port: 22}],
	'equals signs, quotes, comments, other case': [
		'# c\nHOST "web1" # x\n  port=2222\n\tUser = "a b" # why\n',
		{},
		{port: 2222, user: 'a b'},
	],
	'%h in HostName': ['Host web1\nHostName %h.example.com\n', {}, {host: 'web1.example.com'}],
	'the inventory before the file': ['Port 1\nUser a\n', {port: 3, user: 'b'}, {port: 3, user: 'b'}],
	'arguments before the inventory': [
		'Port 1\n',
		{port: 3, user: 'b', sshArgs: ['-o', 'Port=4', '-l', 'c']},
		{port: 4, user: 'c'},
	],
	'what means nothing here': [
		'',
		{sshArgs: ['-C', '-o', 'ControlMaster=auto', '-o', 'ControlPersist=60s', '-o', 'Port=5']},
		{port: 5},
	],
	'the inventory before late arguments': [
		'Port 1\n',
		{port: 3, privateKeyFile: '/i', sshLateArgs: ['-p', '4', '-l', 'c', '-o', 'ConnectTimeout=3', '-i', '/l']},
		{port: 3, user: 'c', connectTimeout: 10_000, identityFiles: ['/i', '/l']},
	],
	'options glued together': ['', {sshArgs: ['-Cqp5', '-oUser=x']}, {port: 5, user: 'x'}],
	'Match host, user': ['Host web1\nHostName ten\nMatch host ten user me\nPort 7\n', {}, {port: 7}],
	'Match of another user': ['Match user you\nPort 7\n', {}, {port: 22}],
	'Match negated': ['Match !originalhost web1\nPort 7\nMatch all\nPort 8', {}, {port: 8}],
	jumps: ['ProxyJump a,b@c:22\n', {}, {jumps: ['a', 'b@c:22']}],
	'no jump': ['ProxyJump none\n', {}, {jumps: []}],
	'-J': ['', {sshArgs: ['-J', 'gate']}, {jumps: ['gate']}],
	'ProxyCommand none': ['ProxyCommand none\n', {}, {proxyCommand: undefined}],
	ProxyCommand: ['User deploy\nProxyCommand ssh -W "%h:%p" %r@gate %%\n', {}, {proxyCommand: 'ssh -W "web1:22" deploy@gate %'}],
	'ProxyCommand by arguments': [
		'ProxyJump gate\n',
		{sshArgs: ['-o', 'ProxyCommand=nc %h %p']},
		{proxyCommand: 'nc web1 22', jumps: []},
	],
	'ProxyJump before ProxyCommand': ['ProxyJump gate\nProxyCommand nc %h %p\n', {}, {proxyCommand: undefined, jumps: ['gate']}],
	'files of another host by a class of characters': ['Host web2\nInclude d/[0-9]*\n', {}, {port: 22}],
	'Match exec where its line does not hold already': ['Match host web2 exec "true"\nPort 2\n', {}, {port: 22}],
	'Match user of the arguments': ['Match user c\nPort 7\n', {user: 'b', sshArgs: ['-l', 'c']}, {port: 7}],
	'an agent that a variable names': ['IdentityAgent $OTHER_AGENT\n', {}, {agentSocket: '/other'}],
	'an agent that no variable names': ['IdentityAgent $NOWHERE\n', {}, {agentSocket: undefined}],
	'tokens in jumps': ['User deploy\nProxyJump %r@gate-%h\n', {}, {jumps: ['deploy@gate-web1']}],
	'localhost may show any key': ['NoHostAuthenticationForLocalhost yes\n', {}, {trustsLocalhost: true}],
	'host key checking off': ['StrictHostKeyChecking yes\n', {hostKeyChecking: false}, {hostKeys: 'no'}],
	'host key checking by arguments': [
		'',
		{hostKeyChecking: false, sshArgs: ['-o', 'StrictHostKeyChecking=accept-new']},
		{hostKeys: 'accept-new'},
	],
	'host key checking by the file': ['StrictHostKeyChecking yes\n', {}, {hostKeys: 'yes'}],
	'signs of life': ['ServerAliveInterval 5\nServerAliveCountMax 2\n', {}, {aliveInterval: 5000, aliveCount: 2}],
	'time to connect': ['ConnectTimeout 3\n', {}, {connectTimeout: 10_000}],
	'time to connect by arguments': ['', {sshArgs: ['-o', 'ConnectTimeout=3']}, {connectTimeout: 3000}],
	'a name for the key': ['HostKeyAlias cluster\nHashKnownHosts yes\n', {}, {hostKeyAlias: 'cluster', hashKnownHosts: true}],
	'IPv6 only': ['', {sshArgs: ['-6'], address: 'fe80::1'}, {family: 6, host: 'fe80::1'}],
	'no agent': ['IdentityAgent none\nIdentitiesOnly yes\n', {}, {agentSocket: undefined, identitiesOnly: true}],
	'a setting to be ignored': ['IgnoreUnknown UseBanana\nUseBanana yes\nPort 9\n', {}, {port: 9}],
};

for (const [title, [config, more, expected]] of Object.entries(rows)) {
	test(title, (t) => {
		const {options} = resolve(config, more);
		for (const [name, value] of Object.entries(expected)) t.deepEqual(options[name as keyof SshOptions], value, name);
	});
}

test('paths: home, tokens, all identities in order', (t) => {
	const config =
		'IdentityFile ~/.ssh/one\nIdentityFile %d/two-%r@%h\nIdentityFile ${KEYS}/${ODD}\nUserKnownHostsFile ~/a "%d/b c" ${KEYS}/k\nGlobalKnownHostsFile ~/g %d/${KEYS}\n';
	const {options, home} = resolve(config, {privateKeyFile: '/inventory'});
	t.deepEqual(options.identityFiles, ['/inventory', `${home}/.ssh/one`, `${home}/two-me@web1`, '/keys/%h']);
	t.deepEqual(options.userKnownHosts, [`${home}/a`, `${home}/b c`, '/keys/k']);
	t.deepEqual(options.globalKnownHosts, [`${home}/g`, '%d/${KEYS}']);
});

test('Include: patterns, inside of a Host, nothing found', (t) => {
	const files = {'d/1.conf': 'Host web1\nPort 11\n', 'd/2.conf': 'User two\n', other: 'HostName no\n'};
	const inPlace = resolve('Include d/*.conf nowhere\nHost web2\nInclude other\n', {}, files).options;
	t.deepEqual([inPlace.port, inPlace.user, inPlace.host], [11, 'two', 'web1']);
});

const refused: Record<string, [config: string, args: string[], message: RegExp]> = {
	'a misspelt setting': ['Portt 22\n', [], /config:1: `portt`.*did you mean `port`/],
	'an option of forwarding': ['', ['-L', '1:2:3'], /`-L` is not supported/],
	'an option without value': ['', ['-p'], /needs a value/],
	'a word that is no option': ['', ['gate'], /`gate` is not an option/],
	'a variable that is not set': [
		'\nIdentityFile ${NOWHERE}/k\n',
		[],
		/config:2: the environment variable `\$\{NOWHERE\}` is not set/,
	],
	'a variable without end': ['UserKnownHostsFile ${KEYS/k\n', [], /config:1: `\$\{KEYS\/k` lacks a `\}`/],
	'a port that is no number': ['Port ssh\n', [], /config:1: `ssh` is not a number/],
};

for (const [title, [config, args, message]] of Object.entries(refused)) {
	test(`refused: ${title}`, (t) => {
		t.throws(() => resolve(config, {sshArgs: args}), {name: 'UnreachableError', message});
	});
}

/** Settings that the system's ssh is used for. */
const beyond: Record<string, [config: string, args: string[], need: RegExp]> = {
	certificates: ['\nCertificateFile ~/c\n', [], /config:2 asks for `certificatefile`/],
	'PKCS#11': ['', ['-I', '/lib/x.so'], /`-I` asks for `pkcs11provider`/],
	'a descriptor that is passed on': ['ProxyUseFdpass yes\n', [], /config:1 asks for `proxyusefdpass`/],
	'Match exec': ['Match exec "true"\nPort 2\n', [], /config:1 has `Match exec`/],
	'a token whose meaning changed': ['IdentityFile ~/%C\n', [], /config:1 has the token `%C`/],
	'a token that is not known in a name': ['HostName %k\n', [], /config:1 has the token `%k`/],
	'a percent sign that stands for nothing': ['ProxyCommand nc %h %\n', [], /config:1 has the token `%`/],
	"another user's home": ['UserKnownHostsFile ~other/k\n', [], /config:1 names `~other\/k`/],
	'another agent that is passed on': ['ForwardAgent /agent\n', [], /config:1 forwards the agent `\/agent`/],
	'files by a class of characters': ['Include d/[0-9]*\n', [], /config:1 includes `d\/\[0-9\]\*`/],
	'canonical names': ['CanonicalizeHostname always\n', [], /config:1 asks for `canonicalizehostname`/],
};

for (const [title, [config, args, need]] of Object.entries(beyond)) {
	test(`for OpenSSH: ${title}`, (t) => {
		const error = t.throws(() => resolve(config, {sshArgs: args}), {instanceOf: NeedsOpenssh})!;
		t.regex(error.need, need);
	});
}

const jumps: Record<string, ReturnType<typeof parseJump>> = {
	gate: {address: 'gate', user: undefined, port: undefined},
	'me@gate:2222': {address: 'gate', user: 'me', port: 2222},
	'[::1]:2222': {address: '::1', user: undefined, port: 2222},
	'ssh://me@gate:22/': {address: 'gate', user: 'me', port: 22},
	'a@b@gate': {address: 'gate', user: 'a@b', port: undefined},
};
for (const [text, expected] of Object.entries(jumps)) test(`jump ${text}`, (t) => t.deepEqual(parseJump(text), expected));
