import {spawn, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {sealVault} from '../../src/vault/vault.js';
import {program} from '../project.js';

/* Vault passwords that are asked for at a terminal: the questions, what is not shown of the answers, and what a wrong one comes to. */
const folder = mkdtempSync(join(tmpdir(), 'playbill-vault-prompt-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));
const link = join(folder, 'ansible-playbook');
symlinkSync(program, link);

const right = 'Right-Word-77';
const other = 'Other-Word-88';
const wrong = 'Wrong-Word-99';
writeFileSync(join(folder, 'sealed.yml'), sealVault('number: 41\n', right));
writeFileSync(join(folder, 'second.yml'), sealVault('second: 1\n', other));
const play = (...files: string[]) => `- hosts: localhost
  connection: local
  gather_facts: false
  vars_files: [${files.join(', ')}]
  tasks:
    - assert: {that: number + (second | default(1)) == 42}
`;
writeFileSync(join(folder, 'one.yml'), play('sealed.yml'));
writeFileSync(join(folder, 'two.yml'), play('sealed.yml', 'second.yml'));

const refused = 'Decryption failed (no vault secrets were found that could decrypt).';
const rows: Record<
	string,
	{args: string; playbook?: string; dialogue: [question: string, answer: string][]; status: number; says: string[]}
> = {
	'-J': {args: '-J', dialogue: [['Vault password: ', right]], status: 0, says: ['ok=1']},
	'--ask-vault-password': {args: '--ask-vault-password', dialogue: [['Vault password: ', right]], status: 0, says: ['ok=1']},
	'--ask-vault-pass': {args: '--ask-vault-pass', dialogue: [['Vault password: ', right]], status: 0, says: ['ok=1']},
	'--vault-id label@prompt': {
		args: '--vault-id dev@prompt',
		dialogue: [['Vault password (dev): ', right]],
		status: 0,
		says: ['ok=1'],
	},
	'two ids and -J, each asked for once': {
		args: '--vault-id a@prompt --vault-id b@prompt -J',
		playbook: 'two.yml',
		dialogue: [
			['Vault password (a): ', wrong],
			['Vault password (b): ', other],
			['Vault password: ', right],
		],
		status: 0,
		says: ['ok=1'],
	},
	'a wrong password': {
		args: '-J',
		dialogue: [['Vault password: ', wrong]],
		status: 4,
		says: [refused, join(folder, 'sealed.yml'), 'source not shown: content encrypted'],
	},
	'a wrong password of one id': {
		args: '--vault-id a@prompt --vault-id b@prompt',
		playbook: 'two.yml',
		dialogue: [
			['Vault password (a): ', right],
			['Vault password (b): ', wrong],
		],
		status: 4,
		says: [refused, join(folder, 'second.yml')],
	},
	'no password': {args: '-J', dialogue: [['Vault password: ', '']], status: 1, says: ['Invalid vault password was provided']},
};

const hasTerminal = spawnSync('script', ['--version']).status === 0;
for (const [name, {args, playbook = 'one.yml', dialogue, status, says}] of Object.entries(rows)) {
	(hasTerminal ? test : test.skip)(`at a terminal: ${name}`, async (t) => {
		const child = spawn('script', ['-qec', `${process.execPath} ${link} ${args} ${playbook}`, '/dev/null'], {
			cwd: folder,
			env: {PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C.UTF-8', NO_COLOR: '1', TERM: 'xterm'},
		});
		const left = [...dialogue];
		let text = '';
		child.stdout.on('data', (chunk) => {
			text += chunk;
			const [next] = left;
			if (!next || !text.endsWith(next[0])) return;
			left.shift();
			child.stdin.write(`${next[1]}\n`);
		});
		const ended = await new Promise((resolve) => child.on('close', resolve));
		child.stdin.end();
		t.is(ended, status, text);
		t.deepEqual(left, [], 'every question was asked');
		for (const word of says) t.true(text.includes(word), text);
		for (const word of [right, other, wrong]) t.false(text.includes(word), 'no answer is shown');
	});
}

test('where there is no terminal, the question cannot be asked, and nothing is run', (t) => {
	for (const args of [['-J'], ['--vault-id', 'dev@prompt']]) {
		const {status, stdout, stderr} = spawnSync(process.execPath, [link, ...args, 'one.yml'], {
			cwd: folder,
			encoding: 'utf8',
			input: `${right}\n`,
			timeout: 60_000,
		});
		t.is(stdout, '');
		t.true(stderr.includes('a vault password was asked for, but there is no terminal to ask at'), stderr);
		t.is(status, 2);
	}
});
