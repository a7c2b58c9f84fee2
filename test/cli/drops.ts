import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {startSshd} from '../connection/sshd.js';
import {startProxy} from '../connection/tcp-proxy.js';
import {program} from '../project.js';

const big = Buffer.alloc(400_000, 'a file of some length ');
const small = 'a small file\n'.repeat(50);

/** Marks lines of a file of the host: running twice what adds one is seen there. */
const mark = (name: string) => `    - shell: echo ${name} >>{{ base }}/{{ inventory_hostname }}/marks; echo {{ base }}\n`;
const playbook = `
- hosts: all
  gather_facts: false
  tasks:
    - file: {path: "{{ base }}/{{ inventory_hostname }}", state: directory}
${mark('one')}    - copy: {src: big, dest: "{{ base }}/{{ inventory_hostname }}/big"}
${mark('two')}    - copy: {src: small, dest: "{{ base }}/{{ inventory_hostname }}/small", mode: "0600"}
${mark('three')}    - stat: {path: "{{ base }}/{{ inventory_hostname }}/big"}
${mark('four')}    - copy: {src: tree/, dest: "{{ base }}/{{ inventory_hostname }}/tree/"}
${mark('five')}`;
const marks = ['one', 'two', 'three', 'four', 'five'];

/**
 * Runs a play on twenty hosts over connections of which one piece of a hundred gets lost, and its connection with it. Every host must end as ok, or as
 * unreachable with a reason, and within its deadlines; no task may have run twice, no file may be torn, nothing else may be left there.
 */
export async function playOverDroppingConnections(t: ExecutionContext, seed: number): Promise<void> {
	const sshd = await startSshd();
	const chance = randomOf(seed);
	let drops = 0;
	const proxy = await startProxy(
		sshd.port,
		() => {
			if (chance() >= 0.01) return true;
			drops++;
			return false;
		},
		{address: '0.0.0.0'},
	);
	t.teardown(async () => {
		proxy.close();
		await sshd.stop();
	});
	const base = join(sshd.folder, 'hosts');
	mkdirSync(base);
	const names = Array.from({length: 20}, (_, index) => `h${index + 1}`);
	writeFileSync(join(sshd.folder, 'big'), big);
	writeFileSync(join(sshd.folder, 'small'), small);
	mkdirSync(join(sshd.folder, 'tree'));
	for (let index = 0; index < 20; index++) writeFileSync(join(sshd.folder, 'tree', `f${index}`), `${index}\n`);
	writeFileSync(join(sshd.folder, 'play.yml'), playbook);
	const common = '-F none -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no';
	const hosts = names.map((name, index) => `${name} ansible_host=127.0.1.${index + 1}\n`).join('');
	const variables = {
		ansible_port: proxy.port,
		ansible_user: sshd.settings.user,
		ansible_private_key_file: `${sshd.folder}/client`,
		ansible_ssh_common_args: `'${common}'`,
		base,
	};
	const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
	writeFileSync(join(sshd.folder, 'hosts.ini'), `${hosts}\n[all:vars]\n${settings.join('')}`);

	const begun = performance.now();
	const {status, text} = await run(sshd.folder, ['run', '-v', '-f', '20', '-i', 'hosts.ini', 'play.yml']);
	const recap = [...text.matchAll(/^(h\d+) +: ok=(\d+) +changed=\d+ +unreachable=(\d) +failed=(\d+)/gm)];
	t.is(recap.length, 20, text);
	const took = (performance.now() - begun) / 1000;
	const lost = recap.filter((row) => row[3] === '1').length;
	t.log(`seed ${seed}: ${drops} connections dropped, ${lost} hosts unreachable, ${took.toFixed(1)} s`);
	t.true(drops > 0);
	// Each loss costs a host at most the time to connect again: a few seconds here, where the server answers.
	t.true(took < 120, `${took} s`);
	t.is(status, recap.some((row) => row[3] === '1') ? 4 : 0, text);
	for (const [, name, , unreachable, failed] of recap) {
		const folder = join(base, name!);
		const says = (what: string) =>
			`seed ${seed}, ${name}: ${what}\n${text
				.split('\n')
				.filter((line) => line.includes(`[${name}]`))
				.join('\n')}`;
		t.is(failed, '0', says('nothing fails'));
		const seen = existsSync(join(folder, 'marks'))
			? readFileSync(join(folder, 'marks'), 'utf8').trim().split('\n').filter(Boolean)
			: [];
		t.deepEqual(seen, marks.slice(0, seen.length), says('no task runs twice, none is left out'));
		if (unreachable === '0') t.deepEqual(seen, marks, says('every task ran'));
		else t.regex(text, new RegExp(`fatal: \\[${name}\\]: UNREACHABLE! => .*"msg": "[^"]{10,}`), says('the reason is told'));
		if (existsSync(join(folder, 'big'))) t.is(digest(readFileSync(join(folder, 'big'))), digest(big), says('no torn file'));
		if (existsSync(join(folder, 'small'))) t.is(readFileSync(join(folder, 'small'), 'utf8'), small, says('no torn file'));
		for (const file of existsSync(join(folder, 'tree')) ? readdirSync(join(folder, 'tree')) : []) {
			if (file.startsWith('f'))
				t.is(readFileSync(join(folder, 'tree', file), 'utf8'), `${file.slice(1)}\n`, says('no torn file'));
		}
		t.deepEqual(await leftIn(folder), [], says('nothing else is left'));
	}
}

/** What the play does not make, when what ends by itself had ten seconds to do so. */
async function leftIn(folder: string): Promise<string[]> {
	for (let look = 0; ; look++) {
		const names = existsSync(folder) ? (readdirSync(folder, {recursive: true}) as string[]) : [];
		const strange = names.filter((name) => !/^(marks|big|small|tree|tree\/f\d+)$/.test(name));
		if (strange.length === 0 || look === 100) return strange;
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

function run(folder: string, args: readonly string[]): Promise<{status: number | null; text: string}> {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, [program, ...args], {cwd: folder, stdio: ['ignore', 'pipe', 'pipe']});
		let text = '';
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
		child.once('close', (status) => resolve({status, text}));
	});
}

function digest(bytes: Buffer): string {
	return createHash('sha1').update(bytes).digest('hex');
}

/** The same numbers for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
