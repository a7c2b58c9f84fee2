import {execFileSync, spawn} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Paths} from './scenario.js';

/** Where the hosts of a run are, written for every tool. */
export interface Inventory {
	readonly count: number;
	/** The file in Ansible's form, which Playbill reads too; every variable stands at its host, as ansible-core-rs wants it. */
	readonly ini: string;
	/** The file in pyinfra's form. */
	readonly py: string;
}

/** The lab of this run, with Python on its hosts: the rivals need it. */
export class Lab {
	readonly #paths: Paths;
	#count = 0;

	constructor(paths: Paths) {
		this.#paths = paths;
	}

	/** Brings up hosts until there are so many. */
	up(count: number): void {
		if (count <= this.#count) return;
		execFileSync(join(this.#paths.root, 'lab/up'), ['--rootfs', 'python', '-n', String(count)], {
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		this.#count = count;
	}

	/** The first hosts of the lab, reached directly or through the proxy. */
	inventory(count: number, through: 'direct' | 'proxy'): Inventory {
		const {root, state} = this.#paths;
		const key = join(root, '.cache/lab/ssh/id_ed25519');
		const known = join(state, 'bench-known-hosts');
		writeFileSync(known, readFileSync(join(state, 'known_hosts'), 'utf8') + this.#proxied());
		const numbers = Array.from({length: count}, (_, index) => index + 1);
		const address = (n: number) => (through === 'direct' ? direct(n) : proxied(n));
		const port = through === 'direct' ? 22 : proxyPort;
		const ini = join(state, `bench-${count}-${through}.ini`);
		const options = `-o UserKnownHostsFile=${known} -o IdentitiesOnly=yes`;
		const line = (n: number) =>
			`kafka${n} ansible_host=${address(n)} ansible_port=${port} ansible_user=root ansible_ssh_private_key_file=${key} ` +
			`ansible_ssh_common_args='${options}' ansible_python_interpreter=/usr/bin/python3\n`;
		writeFileSync(ini, numbers.map(line).join(''));
		const py = join(state, `bench_${count}_${through}.py`);
		const entry = (n: number) =>
			`("kafka${n}", ${JSON.stringify({ssh_hostname: address(n), ssh_port: port, ssh_user: 'root', ssh_key: key, ssh_known_hosts_file: known})})`;
		writeFileSync(py, `hosts = [${numbers.map(entry).join(', ')}]\n`);
		return {count, ini, py};
	}

	/**
	 * Many names for a few hosts: each of these answers on 250 addresses, with a connection and a shell for every name. Meant for Playbill alone, so
	 * only Ansible's form is written.
	 */
	async manyNames(count: number, hosts: number): Promise<Inventory> {
		const {root, state} = this.#paths;
		for (let n = 1; n <= hosts; n++) {
			const network = `10.66.${n}.0/24`;
			const [pid] = readFileSync(join(state, `hosts/kafka${n}/pid`), 'utf8').split(' ');
			execFileSync('ip', ['route', 'replace', network, 'via', direct(n)]);
			// A host of the lab may not change its own network.
			execFileSync('nsenter', [`--net=/proc/${pid}/ns/net`, 'ip', 'route', 'replace', 'local', network, 'dev', 'lo']);
		}
		await this.run(hosts, greetMany);
		const known = join(state, 'bench-many-hosts');
		const key = (n: number) => readFileSync(join(root, `.cache/lab/ssh/hosts/kafka${n}.pub`), 'utf8').split(' ');
		const line = (n: number) => `10.66.${n}.* ${key(n).slice(0, 2).join(' ')}\n`;
		writeFileSync(known, Array.from({length: hosts}, (_, index) => line(index + 1)).join(''));
		const name = (index: number) => `host${index} ansible_host=10.66.${(index % hosts) + 1}.${Math.floor(index / hosts) + 1}\n`;
		const ini = join(state, `bench-many-${count}.ini`);
		const own = Array.from({length: count}, (_, index) => name(index)).join('');
		const variables = [
			'[all:vars]',
			'ansible_user=root',
			// The sshds of all these names share this machine's cores with Playbill.
			'ansible_timeout=120',
			`ansible_ssh_private_key_file=${join(root, '.cache/lab/ssh/id_ed25519')}`,
			`ansible_ssh_common_args=-o UserKnownHostsFile=${known} -o IdentitiesOnly=yes`,
		];
		writeFileSync(ini, `${own}\n${variables.join('\n')}\n`);
		return {count, ini, py: ''};
	}

	/** The hosts' keys under the proxy's addresses. */
	#proxied(): string {
		const numbers = Array.from({length: this.#count}, (_, index) => index + 1);
		const key = (n: number) => readFileSync(join(this.#paths.root, `.cache/lab/ssh/hosts/kafka${n}.pub`), 'utf8').split(' ');
		return numbers.map((n) => `[${proxied(n)}]:${proxyPort} ${key(n).slice(0, 2).join(' ')}\n`).join('');
	}

	/** Runs a script on the first hosts, side by side, and gives what each printed. */
	async run(count: number, script: string): Promise<string[]> {
		const numbers = Array.from({length: count}, (_, index) => index + 1);
		return Promise.all(numbers.map((n) => this.#ssh(`kafka${n}`, script)));
	}

	#ssh(name: string, script: string): Promise<string> {
		return new Promise((resolve, reject) => {
			const child = spawn(join(this.#paths.root, 'lab/ssh'), [name, 'sh -eu'], {stdio: ['pipe', 'pipe', 'inherit']});
			let output = '';
			child.stdout.setEncoding('utf8').on('data', (chunk) => {
				output += chunk;
			});
			child.on('close', (status) =>
				status === 0 ? resolve(output) : reject(new Error(`a script on ${name} ended with ${status}`)),
			);
			child.stdin.end(script);
		});
	}
}

export const proxyPort = 2222;

/** The address of kafkaN in the lab. */
export function direct(n: number): string {
	return `192.168.10.${100 + n}`;
}

/** The address that stands for kafkaN in front of the proxy. */
export function proxied(n: number): string {
	return `127.0.2.${n}`;
}

/** Lets a host's sshd greet as many clients at once as it has names. */
const greetMany = `
printf 'MaxStartups 1000\nMaxSessions 10\n' >/etc/ssh/sshd_config.d/bench.conf
systemctl reload ssh
mkdir -p /srv/bench
`;

/** Puts a host back to how it was before any scenario. */
export const reset = `
! getent passwd bench >/dev/null || userdel bench
! getent group bench >/dev/null || groupdel bench
rm -rf /srv/bench
sed -i '/ bench[0-9]$/d' /etc/hosts
sed -i '/^export BENCH=1$/d' /etc/profile
`;

/** Prints what the scenarios left, so that the work of two tools can be compared: every file with owner, mode and content. */
export const fingerprint = `
getent passwd bench | cut -d: -f1,6,7 || true
[ ! -d /srv/bench ] || { cd /srv/bench; find . -printf '%P %y %m %u %g %l\\n' | sort; find . -type f -exec sha256sum {} + | sort -k 2; }
grep ' bench[0-9]$' /etc/hosts || true
grep BENCH /etc/profile || true
`;
