// The playbooks of test/semantics, which assert themselves: each is run by Playbill, and by real Ansible where `ANSIBLE_PLAYBOOK` names it.
// A first line `# status: N` says another exit status than 0, `# args: …` further arguments,
// `# prints: TEXT` and `# lacks: TEXT` what the output must have and (Playbill's) must not have. Ends with `N passed, N failed`.
import {spawn} from 'node:child_process';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {cpus} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'test/semantics');
const wanted = process.argv.slice(2);
const playbooks = (existsSync(folder) ? readdirSync(folder, {withFileTypes: true}) : [])
	.filter((entry) => entry.isDirectory())
	.flatMap(({name}) =>
		readdirSync(join(folder, name))
			.filter((file) => /^test.*\.yml$/.test(file))
			.map((file) => join(name, file)),
	)
	.filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)))
	.sort();

function header(text, key) {
	return new RegExp(`^# ${key}: (.*)$`, 'm').exec(text.split('\n---')[0])?.[1];
}

function run(program, args, cwd) {
	return new Promise((resolve) => {
		const environment = {
			...process.env,
			ANSIBLE_CONFIG: join(folder, 'ansible.cfg'),
			ANSIBLE_LOCALHOST_WARNING: '0',
			NO_COLOR: '1',
		};
		const child = spawn(program, args, {cwd, stdio: ['ignore', 'pipe', 'pipe'], env: environment});
		let text = '';
		for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
		child.on('error', (error) => resolve({status: 127, text: error.message}));
		child.on('close', (status) => resolve({status, text}));
	});
}

const programs = [['playbill', process.execPath, [join(root, 'bin/playbill.js'), 'run']]];
if (process.env.ANSIBLE_PLAYBOOK) programs.push(['ansible-playbook', process.env.ANSIBLE_PLAYBOOK, []]);

let passed = 0;
let failed = 0;
const queue = playbooks.flatMap((playbook) => programs.map((program) => [playbook, program]));
async function work() {
	for (let next = queue.shift(); next; next = queue.shift()) {
		const [playbook, [name, program, first]] = next;
		const path = join(folder, playbook);
		const text = readFileSync(path, 'utf8');
		const more = header(text, 'args')?.split(' ') ?? [];
		const inventory = existsSync(join(dirname(path), 'hosts.ini')) ? ['-i', 'hosts.ini'] : [];
		const {status, text: output} = await run(program, [...first, ...inventory, ...more, path.split('/').at(-1)], dirname(path));
		const right =
			status === Number(header(text, 'status') ?? 0) &&
			(header(text, 'prints') === undefined || output.includes(header(text, 'prints'))) &&
			(name !== 'playbill' || header(text, 'lacks') === undefined || !output.includes(header(text, 'lacks')));
		if (right) passed++;
		else {
			failed++;
			console.log(`not ok: ${name} ${playbook} (status ${status})\n${output.split('\n').slice(-40).join('\n')}`);
		}
	}
}
await Promise.all(Array.from({length: Math.min(4, cpus().length)}, work));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
