import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir, userInfo} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {sshOptions} from '../../src/connection/ssh-options.js';

const folder = mkdtempSync(join(tmpdir(), 'playbill-config-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));
const {homedir: home, username: user} = userInfo();
const environment = {...process.env, KEYS: '/keys', ODD: '%h'};

/** Configurations, each for the host `Web1`; `DIR` is a folder that holds `final` (a `Match final` with `Port 3`) and `port` (`Port 4`). */
const rows: Record<string, string> = {
	'a final block before a host': 'Match final all\nUser nobody\nHost Web1\nUser root\nHostName 127.0.0.1\n',
	'a final block after it': 'Host Web1\nUser root\nMatch final\nUser nobody\nPort 5\n',
	'what only the final block says': 'Match final\nUser nobody\nHost other\nUser root\n',
	'a canonical block in the final pass': 'Match final all\nPort 7\nMatch canonical all\nUser no\n',
	'a canonical block without one': 'Match canonical all\nUser no\n',
	'not final': 'Match !final\nUser first\nMatch final\nUser last\nPort 5\n',
	'not canonical': 'Match !canonical\nUser first\nMatch final\nUser last\nPort 5\n',
	'a host by its later name, in the final pass': 'Host ten\nPort 10\nHost Web1\nHostName ten\nMatch final\nUser last\n',
	'a host by its later name, with no such pass': 'Host ten\nPort 10\nHost Web1\nHostName ten\n',
	'a block that does not hold asks for the pass': 'Match host no final\nHost ten\nPort 10\nHost Web1\nHostName ten\n',
	'final with a host': 'Match final host ten\nPort 5\nMatch final originalhost ten\nUser last\nHost Web1\nHostName Ten\n',
	'a name is given in the final pass only': 'Match final\nHostName ten\n',
	'identities of both passes': 'Match final\nIdentityFile /last\nMatch all\nIdentityFile /first\n',
	'a final block in a file': 'Include DIR/final\nUser a\n',
	'a final block in a file that does not count': 'Host no\nInclude DIR/final\nHost ten\nUser a\nHost Web1\nHostName ten\n',
	'a file that does not count': 'Host no\nInclude DIR/port\n',
	'a file in a block, and what follows it': 'Host Web1\nInclude DIR/port\nUser a\n',
	'Match of a name with %h': 'HostName %h.y\nMatch host Web1.y\nPort 8\nMatch host web1.y\nPort 9\n',
	'upper case': 'Host web1\nPort 1\nHost Web1\nPort 2\n',
	'Match user, as known so far': `Match user ${user}\nPort 1\nMatch all\nUser a\nMatch user a\nIdentityFile /a\n`,
	'tokens of a name': 'HostName %h-%h\n',
	'tokens of a key': 'HostName ten\nPort 7\nUser a\nIdentityFile /%%-%h-%n-%p-%r-%u-%i-%l-%L-%k\nIdentityFile %d/k\n',
	'the alias of the key': 'HostKeyAlias Ali\nIdentityFile /%k\n',
	variables: 'IdentityFile ${KEYS}/%h\nIdentityFile /${ODD}${ODD}\nIdentityFile /$KEYS/$\n',
	home: 'IdentityFile ~/k\nIdentityFile /~/k\nIdentityFile x/~\n',
	'tokens of a command': 'User a\nPort 7\nProxyCommand echo %h %n %p %r %%h ${KEYS} ~ >/dev/null\n',
};

/** What is compared: `ssh -G` tells names as they are resolved, and `ssh -v` which keys and which command it takes. */
interface Resolved {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	/** Those that are named: which are tried by default differs between versions. */
	readonly keys: readonly string[];
	readonly command: string | undefined;
}

/** Makes ssh try a way that is none, so that it looks for its keys and then ends. */
function ofSsh(config: string): Resolved {
	const told = execFileSync('ssh', ['-F', config, '-G', 'Web1'], {
		env: environment,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const setting = (keyword: string) => new RegExp(`^${keyword} (.*)$`, 'm').exec(told)?.[1];
	const own = setting('proxycommand') !== undefined;
	const way = own ? [] : ['-o', 'ProxyCommand=true'];
	const {stderr} = spawnSync('ssh', ['-v', '-F', config, ...way, 'Web1'], {env: environment, encoding: 'utf8', timeout: 20_000});
	const keys = [...stderr.matchAll(/^debug1: identity file (.*) type -?\d+\r?$/gm)].map(([, path]) => path!);
	return {
		host: setting('hostname')!,
		port: Number(setting('port')),
		user: setting('user')!,
		keys: keys.filter((path) => !path.endsWith('-cert') && !path.startsWith(join(home, '.ssh/id_'))),
		command: own ? /^debug1: Executing proxy command: exec (.*?)\r?$/m.exec(stderr)?.[1] : undefined,
	};
}

function ofPlaybill(config: string): Resolved {
	const target = {name: 'h', transport: 'ssh', address: 'Web1', hostKeyChecking: true, connectTimeout: 10_000} as const;
	const options = sshOptions({address: 'Web1'}, {...target, sshArgs: ['-F', config]}, {home, user, environment}, false);
	const {host, port, identityFiles, proxyCommand} = options;
	return {host, port, user: options.user, keys: options.identitiesNamed ? identityFiles : [], command: proxyCommand};
}

const client = ['/usr/bin/ssh', '/bin/ssh', '/usr/local/bin/ssh'].some((path) => existsSync(path));
Object.entries(rows).forEach(([title, text], number) => {
	(client ? test : test.skip)(`as OpenSSH resolves it: ${title}`, (t) => {
		const config = join(folder, String(number));
		writeFileSync(`${config}-final`, 'Match final\nPort 3\n');
		writeFileSync(`${config}-port`, 'Port 4\n');
		writeFileSync(config, text.replaceAll('DIR/', `${config}-`));
		t.deepEqual(ofPlaybill(config), ofSsh(config));
	});
});
