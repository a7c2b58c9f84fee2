import {execFile} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {promisify} from 'node:util';
import type {Transport} from './channel.js';
import {childChannel} from './child-channel.js';
import {childTransport} from './child-transport.js';
import {type Target, UnreachableError} from './contract.js';

type Words = readonly [program: string, ...args: string[]];

/** A container of this machine: each channel is a process that enters it and becomes a shell there. Throws `UnreachableError`. */
export async function containerTransport(target: Target, shell: string): Promise<Transport> {
	const [program, ...args] = target.transport === 'nspawn' ? await intoMachine(target) : intoEngine(target);
	return childTransport({
		losable: target.transport !== 'nspawn',
		open: () => childChannel({program, args: [...args, shell]}),
		dial: async (host, port) => {
			throw new UnreachableError(
				`cannot connect to ${host} port ${port} from the position of ${target.name}: ${target.transport} carries no streams`,
			);
		},
	});
}

function intoEngine({transport, address, user, program = transport, programArgs = []}: Target): Words {
	return [program, ...programArgs, 'exec', '-i', ...(user === undefined ? [] : ['-u', user]), address];
}

/** A machine of systemd-nspawn. `machinectl shell` would need a terminal, so its namespaces are entered. */
async function intoMachine({address, user}: Target): Promise<Words> {
	if (user !== undefined && user !== 'root')
		throw new UnreachableError(`nspawn machines are entered as root, not as ${user}: use become_user`);
	const leader = await leaderOf(address);
	const enter = ['--mount', '--uts', '--ipc', '--net', '--pid', '--root', '--wd'];
	const clean = [
		'env',
		'-i',
		'HOME=/root',
		'USER=root',
		'LOGNAME=root',
		'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
	];
	// As after a login, it begins in the user's home.
	return ['nsenter', `--target=${leader}`, ...enter, ...clean, 'sh', '-c', 'cd; exec "$0"'];
}

/** The pid, seen from here, of a machine's first process: as systemd-machined knows it, else below the systemd-nspawn that was not registered there. */
async function leaderOf(machine: string): Promise<string> {
	const asked = await promisify(execFile)('machinectl', ['show', '--property=Leader', '--value', machine]).catch(() => undefined);
	const leader = asked?.stdout.trim() || unregisteredLeader(machine);
	if (!leader) throw new UnreachableError(`there is no running machine ${machine}`);
	return leader;
}

function unregisteredLeader(machine: string): string | undefined {
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		try {
			const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
			if (!words[0]?.endsWith('systemd-nspawn')) continue;
			if (!words.includes(`--machine=${machine}`) && words[words.indexOf('-M') + 1] !== machine) continue;
			const child = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0];
			if (child) return child;
		} catch {
			// It ended meanwhile.
		}
	}
	return undefined;
}
