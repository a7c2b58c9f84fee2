import {readdirSync} from 'node:fs';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import test, {type ExecutionContext} from 'ava';
import {type Connection, openConnection, sh, type Target} from '../../src/connection/connection.js';
import {freePort, type Sshd, sshdMissing, startSshd} from './sshd.js';

const hosts = 1000;
/** As many as sshd lets in at once by itself. */
const startups = 'MaxStartups 10:30:100';
const known = ['-F', 'none', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'StrictHostKeyChecking=no'];
const echoed = sh`
	# prints "$1"
	echo "$1"
`;

/** Every host has an address of its own on the loopback; a few servers stand behind them all. */
function targetOf(servers: readonly Sshd[], number: number): Target {
	const address = `127.1.${number >> 8}.${number & 255}`;
	return servers[number % servers.length]!.target({name: `h${number}`, address, sshArgs: known, connectTimeout: 60_000});
}

async function startServers(t: ExecutionContext): Promise<readonly Sshd[]> {
	const servers = await Promise.all(Array.from({length: 4}, () => startSshd([startups], ['0.0.0.0'])));
	t.teardown(() => Promise.all(servers.map((one) => one.stop())));
	return servers;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const openFiles = () => readdirSync('/proc/self/fd').length;
const names = (count: number) => Array.from({length: count}, (_, index) => index + 1);

if (sshdMissing()) test.skip(`skipped: ${sshdMissing()}`, () => {});
else {
	test.serial(`${hosts} hosts at once, in front of four servers that let in ten at a time`, async (t) => {
		t.timeout(600_000);
		const servers = await startServers(t);
		const settings = servers[0]!.settings;
		const connections: Connection[] = [];
		t.teardown(() => Promise.all(connections.map((one) => one.close())));
		const ask = async (number: number) => {
			const connection = await openConnection(targetOf(servers, number), settings);
			connections.push(connection);
			return (await (await connection.shell()).run({script: echoed, args: [String(number)]})).stdout.toString();
		};
		t.is(await ask(0), '0\n');
		globalThis.gc?.();
		const [files, memory] = [openFiles(), process.memoryUsage().rss];
		const delay = monitorEventLoopDelay({resolution: 10});
		delay.enable();
		const answers = await Promise.all(names(hosts).map(ask));
		delay.disable();
		t.deepEqual(
			answers,
			names(hosts).map((number) => `${number}\n`),
		);
		t.is(openFiles() - files, hosts, 'one socket a host');
		// The live view goes on being drawn: handshakes need no thread of their own.
		const [most, longest] = [delay.percentile(99) / 1e6, delay.max / 1e6];
		t.log(`the loop stood still for ${most.toFixed(0)} ms in the worst hundredth, ${longest.toFixed(0)} ms at the longest`);
		t.true(most <= 500 && longest <= 2000, `${most} ms, ${longest} ms`);
		globalThis.gc?.();
		const each = (process.memoryUsage().rss - memory) / hosts / 1e6;
		t.log(`${each.toFixed(2)} MB a host`);
		t.true(each <= 1, `${each} MB a host`);
		await Promise.all(connections.splice(0).map((one) => one.close()));
		while (openFiles() > files) await pause(50);
		t.pass('all are closed');
	});

	test.serial(
		'of many hosts, those that cannot be reached have their reasons, and the others are as they should be',
		async (t) => {
			t.timeout(600_000);
			const servers = await startServers(t);
			const nobody = await freePort();
			const more: readonly [Partial<Target>, string][] = [
				[{}, 'ok'],
				[
					{port: nobody},
					'UnreachableError: Failed to connect to the host via ssh: ssh: connect to host ADDRESS port PORT: Connection refused',
				],
				[
					{privateKeyFile: `${servers[0]!.folder}/stranger`},
					'UnreachableError: Failed to connect to the host via ssh: NAME: Permission denied (publickey,keyboard-interactive). tried: FOLDER/stranger',
				],
			];
			const outcomes = await Promise.all(
				names(300).map(async (number) => {
					const target = {...targetOf(servers, number), ...more[number % more.length]![0]};
					try {
						const connection = await openConnection(target, servers[0]!.settings);
						const {stdout} = await (await connection.shell()).run({script: echoed, args: [String(number)]});
						await connection.close();
						return stdout.toString() === `${number}\n` ? 'ok' : `answered ${stdout}`;
					} catch (error) {
						return String(error)
							.replace(`${target.user}@${target.address}`, 'NAME')
							.replace(target.address, 'ADDRESS')
							.replace(`port ${target.port}`, 'port PORT')
							.replace(servers[0]!.folder, 'FOLDER');
					}
				}),
			);
			t.deepEqual(
				outcomes,
				names(300).map((number) => more[number % more.length]![1]),
			);
		},
	);
}
